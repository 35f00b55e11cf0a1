#pragma once

#include "registry/audit/entry.h"
#include "registry/keys/audit_head.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace egret::audit {

/// Where the audit is not what was written.
enum class FaultKind : std::uint8_t {
    broken,     // An entry, its hash or its place is not what was written.
    missing,    // Entries from this one on aren't there.
    rewritten,  // The entry has another hash than was kept elsewhere: it, or one before it, is new.
};

std::string_view to_string(FaultKind kind);

struct Fault {
    FaultKind kind = FaultKind::broken;
    std::uint64_t entry = 0;
    std::uint64_t count = 1;  // Of those that are missing.

    friend bool operator==(const Fault&, const Fault&) = default;
};

struct Verdict {
    std::uint64_t entries = 0;  // That are there.
    std::vector<Fault> faults;  // By entry; the first faults_max. Empty: the audit is whole.

    bool is_whole() const noexcept { return faults.empty(); }
};

/// A file that was shuffled has one fault an entry: no use in naming them all.
inline constexpr std::size_t faults_max = 100;

/// The audit of one registry: a chain of entries that is only ever added to. The hash of an entry
/// is SHA-256("egret-audit-1" ‖ the hash before it ‖ its bytes), before the first one it is
/// SHA-256("egret-audit-1 start" ‖ the registry's id): see docs/audit.md for what that proves.
///
/// Belongs to the thread of its Database, which outlives it. Each member throws SqliteError when
/// the file or the disk fails.
class Trail {
public:
    explicit Trail(sqlite::Database& db);

    /// `registry_id` as text, which nobody changes.
    static Hash start_of(std::string_view registry_id);

    /// How far it is; {0, start} before the first entry. To be kept where whoever shortens the
    /// audit doesn't reach it.
    keys::AuditHead head(const Hash& start);

    /// That of the entry of that number, as it stands there; nothing, if there is none.
    std::optional<Hash> find_hash(std::uint64_t number);

    /// Adds it, and returns its number. What is wrong with the audit before is left to verify():
    /// nothing is mended, and no number is given twice.
    std::uint64_t append(Entry entry, const Hash& start, sqlite::WriteTransaction& tx);

    /// Every entry from the last to the first, until `take` says false. Passes over what can't be
    /// read, which verify() names.
    void read_back(const std::function<bool(Entry)>& take);

    /// Computes the chain anew. `kept`: a head of before that was kept elsewhere, if there is one.
    Verdict verify(const Hash& start, const std::optional<keys::AuditHead>& kept);

private:
    std::optional<keys::AuditHead> find_head();

    sqlite::Statement insert_;
    sqlite::Statement select_head_;
    sqlite::Statement upsert_head_;
    sqlite::Statement select_last_;
    sqlite::Statement select_back_;
    sqlite::Statement select_all_;
    sqlite::Statement select_hash_;
};

}  // namespace egret::audit
