#include "registry/service/backup.h"

#include "registry/files/private_file.h"
#include "registry/keys/key_file.h"
#include "registry/service/founding.h"
#include "registry/store/backup_file.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

constexpr store::BackupForm backup_form{"EgrBkp01", "egret backup", 2};
constexpr std::size_t keys_bytes_max = 256 * 1024;

std::string keys_path(const std::string& dir) {
    return (fs::path(dir) / keys::KeyFile::file_name).string();
}

/// There, until somebody has opened what was restored.
std::string restored_path(const std::string& dir) {
    return (fs::path(dir) / "registry.restored").string();
}

}  // namespace

Result<Done> write_backup(Clinic& clinic, const std::string& dir, const std::string& path) {
    std::error_code failure;
    if (fs::exists(fs::symlink_status(path, failure)))
        return Error{ErrorCode::conflict, "", msg("store.copy_exists", {{"path", path}})};
    // Without keys that open it a copy is none.
    if (const auto file = keys::KeyFile::load(dir); !file) return file.error();
    const auto keys = read_small_file(keys_path(dir), keys_bytes_max);
    if (!keys) return Error{ErrorCode::unsupported, "", msg("keys.damaged")};
    auto written =
        store::write_backup_file(clinic.database(), {*keys}, backup_form, path, clinic.random());
    if (!written) return std::move(written).error();
    return Done{};
}

Result<Done> restore_backup(const std::string& path, const std::string& dir, Random& random) {
    const auto file = store::BackupFile::open(path, backup_form);
    if (!file) return file.error();
    auto making = RegistryInMaking::start(dir, random);
    if (!making) return std::move(making).error();
    file->write_part(0, registry_path(making->path()));
    file->write_part(1, keys_path(making->path()));
    if (const auto keys = keys::KeyFile::load(making->path()); !keys) return keys.error();
    create_private_file(restored_path(making->path()), {});
    return making->finish();
}

void note_restored(Clinic& clinic, const std::string& dir) {
    std::error_code failure;
    if (!fs::exists(restored_path(dir), failure)) return;
    clinic.note(clinic.caller().with(Purpose::maintenance), {audit::Action::restored});
    fs::remove(restored_path(dir), failure);
}

}  // namespace egret::service
