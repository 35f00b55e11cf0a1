#include "registry/service/audit_head.h"

#include "registry/keys/key_file.h"

namespace egret::service {

Result<std::optional<keys::AuditHead>> kept_audit_head(const std::string& dir) {
    const auto file = keys::KeyFile::load(dir);
    if (!file) return file.error();
    return file->audit_head();
}

Result<AuditPlace> keep_audit_head(Clinic& clinic, const std::string& dir, std::uint64_t unkept) {
    auto file = keys::KeyFile::load(dir);
    if (!file) return std::move(file).error();
    const auto kept = file->audit_head();
    const auto head = clinic.audit_head();
    const auto before = kept ? kept->entries : 0;
    // Before the first entry there is no hash to be found.
    if (before > 0 && clinic.audit().find_hash(before) != kept->hash) return AuditPlace::elsewhere;
    if (head.entries < before + unkept || head.entries == before) return AuditPlace::goes_on;
    if (auto set = file->set_audit_head(clinic.key(), head); !set) return std::move(set).error();
    return AuditPlace::goes_on;
}

}  // namespace egret::service
