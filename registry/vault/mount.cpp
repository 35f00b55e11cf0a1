#include "registry/vault/mount.h"

#include "registry/vault/detail/vault_vfs.h"

namespace egret::vault {

Mount::Mount(ByteView key, Random& random, const std::string& base_vfs)
    : ring_(key, random), vfs_(std::make_unique<detail::VaultVfs>(ring_, base_vfs)) {}

Mount::~Mount() = default;

const std::string& Mount::vfs_name() const noexcept { return vfs_->name(); }

}  // namespace egret::vault
