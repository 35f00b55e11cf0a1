#include "registry/service/audit_head.h"

#include "registry/keys/key_file.h"

namespace egret::service {

Result<std::optional<keys::AuditHead>> kept_audit_head(const std::string& dir) {
    const auto file = keys::KeyFile::load(dir);
    if (!file) return file.error();
    return file->audit_head();
}

Result<Done> keep_audit_head(Clinic& clinic, const std::string& dir, std::uint64_t unkept) {
    auto file = keys::KeyFile::load(dir);
    if (!file) return std::move(file).error();
    const auto kept = file->audit_head();
    const auto head = clinic.audit_head();
    const auto before = kept ? kept->entries : 0;
    if (head.entries < before + unkept || head.entries == before) return Done{};
    if (kept && clinic.audit().find_hash(before) != kept->hash) return Done{};
    return file->set_audit_head(clinic.key(), head);
}

}  // namespace egret::service
