#pragma once

#include "registry/keys/audit_head.h"
#include "registry/service/clinic.h"

#include <cstdint>
#include <optional>
#include <string>

/// How far a registry's audit is, kept in registry.keys, where whoever changes the registry's file
/// alone doesn't reach it. `dir` is the registry's folder.
namespace egret::service {

/// A commit for each entry is enough to wait for: so many may follow the one that is kept.
inline constexpr std::uint64_t audit_entries_unkept_max = 100;

/// What was kept last.
/// Errors: those of keys::KeyFile::load.
Result<std::optional<keys::AuditHead>> kept_audit_head(const std::string& dir);

/// Whether the audit goes on from what was kept.
enum class AuditPlace : std::uint8_t {
    goes_on,
    elsewhere,  // The registry's file is older than registry.keys, or another was made of it.
};

/// Keeps it anew, if so many entries or more followed the one that is kept. Where that one isn't in
/// the audit any more nothing is kept: what tells of it stays.
/// Errors: those of keys::KeyFile.
Result<AuditPlace> keep_audit_head(Clinic& clinic, const std::string& dir, std::uint64_t unkept);

}  // namespace egret::service
