#include "registry/audit/trail.h"

#include "registry/crypto/hash.h"

#include <algorithm>
#include <utility>

namespace egret::audit {
namespace {

constexpr auto insert_sql = "INSERT INTO audit (number, entry, hash) VALUES (?1, ?2, ?3)";
constexpr auto select_head_sql = "SELECT entries, hash FROM audit_head";
constexpr auto upsert_head_sql = R"sql(
    INSERT INTO audit_head (one, entries, hash) VALUES (1, ?1, ?2)
    ON CONFLICT (one) DO UPDATE SET entries = excluded.entries, hash = excluded.hash
)sql";
constexpr auto select_last_sql = "SELECT coalesce(max(number), 0) FROM audit";
constexpr auto select_back_sql = "SELECT entry FROM audit ORDER BY number DESC";
constexpr auto select_all_sql = "SELECT number, entry, hash FROM audit ORDER BY number";

constexpr auto select_hash_sql = "SELECT hash FROM audit WHERE number = ?1";

constexpr std::string_view domain = "egret-audit-1";
constexpr std::string_view start_domain = "egret-audit-1 start";

Hash hash_entry(const Hash& previous, ByteView entry) {
    crypto::Sha256 hash;
    return hash.update(bytes_of(domain)).update(previous).update(entry).finish();
}

Hash hash_at(const sqlite::Statement::Run& row, int column) {
    Hash hash{};
    const auto bytes = row.blob_view(column);
    if (bytes.size() == hash.size()) std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

/// Walks along the chain, and notes what doesn't hold.
class Walk {
public:
    Walk(const Hash& start, std::vector<keys::AuditHead> known)
        : previous_(start), known_(std::move(known)) {
        compare(0);  // Whose chain it is.
    }

    void step(std::int64_t at, ByteView bytes, const Hash& hash) {
        const auto number = static_cast<std::uint64_t>(at);
        if (at < 1) return note({FaultKind::broken, 0});
        ++verdict_.entries;
        const bool is_next = number == last_ + 1;
        if (!is_next) note({FaultKind::missing, last_ + 1, number - last_ - 1});
        last_ = number;
        const auto entry = decode(bytes);
        // Behind a gap nothing tells what the hash before was.
        const bool is_chained = !is_next || hash == hash_entry(previous_, bytes);
        const bool is_sound = entry && entry->number == number && is_chained;
        if (!is_sound) note({FaultKind::broken, number});
        previous_ = hash;
        if (is_sound) compare(number);
    }

    Verdict finish(const std::optional<keys::AuditHead>& head) && {
        std::uint64_t expected = 0;
        for (const auto& known : known_) expected = std::max(expected, known.entries);
        if (expected > last_) note({FaultKind::missing, last_ + 1, expected - last_});
        // Beyond the head that each entry moves along: added by something else.
        const auto noted = head ? head->entries : 0;
        if (noted < last_) note({FaultKind::broken, noted + 1});
        auto& faults = verdict_.faults;
        std::stable_sort(faults.begin(), faults.end(),
                         [](const Fault& a, const Fault& b) { return a.entry < b.entry; });
        faults.erase(std::unique(faults.begin(), faults.end()), faults.end());
        return std::move(verdict_);
    }

private:
    void compare(std::uint64_t number) {
        for (const auto& known : known_) {
            if (known.entries == number && known.hash != previous_)
                note({FaultKind::rewritten, number});
        }
    }

    void note(const Fault& fault) {
        if (verdict_.faults.size() < faults_max) verdict_.faults.push_back(fault);
    }

    Hash previous_;
    std::vector<keys::AuditHead> known_;
    std::uint64_t last_ = 0;
    Verdict verdict_;
};

}  // namespace

std::string_view to_string(FaultKind kind) {
    switch (kind) {
        case FaultKind::broken: return "broken";
        case FaultKind::missing: return "missing";
        case FaultKind::rewritten: break;
    }
    return "rewritten";
}

Trail::Trail(sqlite::Database& db)
    : insert_(db, insert_sql),
      select_head_(db, select_head_sql),
      upsert_head_(db, upsert_head_sql),
      select_last_(db, select_last_sql),
      select_back_(db, select_back_sql),
      select_all_(db, select_all_sql),
      select_hash_(db, select_hash_sql) {}

Hash Trail::start_of(std::string_view registry_id) {
    crypto::Sha256 hash;
    return hash.update(bytes_of(start_domain)).update(bytes_of(registry_id)).finish();
}

std::optional<keys::AuditHead> Trail::find_head() {
    auto run = select_head_.start();
    if (!run.next()) return std::nullopt;
    return keys::AuditHead{static_cast<std::uint64_t>(run.int64(0)), hash_at(run, 1)};
}

keys::AuditHead Trail::head(const Hash& start) {
    return find_head().value_or(keys::AuditHead{0, start});
}

std::optional<Hash> Trail::find_hash(std::uint64_t number) {
    auto run = select_hash_.start();
    run.bind_all(number);
    if (!run.next()) return std::nullopt;
    return hash_at(run, 0);
}

std::uint64_t Trail::append(Entry entry, const Hash& start, sqlite::WriteTransaction&) {
    const auto before = head(start);
    const auto last = static_cast<std::uint64_t>(select_last_.start().single().int64(0));
    // Where the two differ something was taken away or put in, and must stay to be seen.
    entry.number = std::max(before.entries, last) + 1;
    const auto bytes = encode(entry);
    const auto hash = hash_entry(before.hash, bytes);
    insert_.start().bind_all(entry.number, bytes, hash).finish();
    upsert_head_.start().bind_all(entry.number, hash).finish();
    return entry.number;
}

void Trail::read_back(const std::function<bool(Entry)>& take) {
    auto run = select_back_.start();
    while (run.next()) {
        auto entry = decode(run.blob_view(0));
        if (entry && !take(*std::move(entry))) return;
    }
}

Verdict Trail::verify(const Hash& start, const std::optional<keys::AuditHead>& kept) {
    const auto head = find_head();
    std::vector<keys::AuditHead> known;
    if (head) known.push_back(*head);
    if (kept) known.push_back(*kept);
    Walk walk(start, std::move(known));
    auto run = select_all_.start();
    while (run.next()) walk.step(run.int64(0), run.blob_view(1), hash_at(run, 2));
    return std::move(walk).finish(head);
}

}  // namespace egret::audit
