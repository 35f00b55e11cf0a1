#include "sync/central/fork_table.h"

#include "sync/central/detail/plausible_instant.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace egret::central {
namespace {

constexpr std::chrono::days copies_window{30};
constexpr std::ptrdiff_t copies_forks = 2;

constexpr std::string_view fork_columns[] = {"id", "device", "head_seq", "at_ms"};
constexpr store::GuardedTable fork_table{"fork", "id", fork_columns};

constexpr auto insert_fork_sql = R"sql(
    INSERT INTO fork (device, head_seq, at_ms, hash) VALUES (?1, ?2, ?3, x'')
    ON CONFLICT (device, head_seq) DO NOTHING
)sql";

/// Of two copies one is given another name by joining anew; which of them, nobody knows here.
std::string select_forks_sql() {
    return "SELECT f.head_seq, f.at_ms, " + store::guard_columns(fork_table, "f.") + R"sql(
      FROM fork f JOIN enrolled_device e ON e.id = f.device
     WHERE f.device = ?1
       AND NOT EXISTS (SELECT 1 FROM enrolled_device o
                        WHERE o.clinic = e.clinic AND o.id <> e.id AND o.enrolled_ms > f.at_ms)
     ORDER BY f.at_ms, f.head_seq
)sql";
}

std::string select_guarded_sql() {
    return "SELECT f.device IN (SELECT id FROM device), " + store::guard_columns(fork_table, "f.") +
           " FROM fork f";
}

}  // namespace

bool tell_of_copies(const std::vector<Fork>& forks, Instant now) {
    return std::count_if(forks.begin(), forks.end(), [&](const Fork& fork) {
               return fork.at > now - copies_window;
           }) >= copies_forks;
}

ForkTable::ForkTable(sqlite::Database& db)
    : guard_(db, fork_table), insert_(db, insert_fork_sql), select_(db, select_forks_sql()) {}

void ForkTable::note(const DeviceId& device, const Fork& fork, sqlite::WriteTransaction& tx) {
    insert_.start().bind_all(device, fork.head_seq, unix_ms(fork.at)).finish();
    if (tx.database().changes() == 1) guard_.seal(tx.database().last_rowid(), tx);
}

std::vector<Fork> ForkTable::of(const DeviceId& device) {
    std::vector<Fork> forks;
    auto run = select_.start();
    run.bind_all(device);
    while (run.next()) {
        if (!store::is_whole(fork_table, run, 2)) continue;
        forks.push_back(
            {static_cast<std::uint64_t>(run.int64(0)), plausible_instant(run.int64(1))});
    }
    return forks;
}

bool has_damaged_forks(sqlite::Database& db) {
    sqlite::Statement select(db, select_guarded_sql());
    auto run = select.start();
    while (run.next()) {
        if (run.int64(0) == 0 || !store::is_whole(fork_table, run, 1)) return true;
    }
    return false;
}

}  // namespace egret::central
