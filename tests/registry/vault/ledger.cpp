#include "tests/registry/vault/ledger.h"

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "tests/registry/vault/canary.h"

#include <algorithm>
#include <array>

namespace egret::tests {
namespace {

constexpr std::uint64_t keys = 60;

/// Every row names the canary, again and again: some pages hold nothing else.
std::string body_of(SeededRandom& random) {
    constexpr std::array<std::uint64_t, 5> sizes = {60, 200, 900, 3000, 9000};
    const auto size = 20 + random.below(sizes[random.below(sizes.size())]);
    std::string body = std::to_string(random.next());
    while (body.size() < size) body.append(" ").append(canary_name);
    return body;
}

}  // namespace

Ledger::Ledger(std::uint64_t seed, int transactions, Rows rows) {
    SeededRandom random(seed);
    states_.push_back(std::move(rows));
    for (int i = 0; i < transactions; ++i) {
        auto state = states_.back();
        auto& changes = changes_.emplace_back();
        // Now and then one that doesn't fit into the cache.
        const auto count = random.chance(0.2) ? 40 : 1 + random.below(8);
        for (std::uint64_t j = 0; j < count; ++j) {
            Change change{static_cast<std::int64_t>(random.below(keys)), std::nullopt};
            if (random.chance(0.75)) change.body = body_of(random);
            if (change.body) {
                state[change.key] = *change.body;
            } else {
                state.erase(change.key);
            }
            changes.push_back(std::move(change));
        }
        states_.push_back(std::move(state));
    }
}

void Ledger::make_tables(sqlite::Database& db) {
    db.execute(R"sql(
        CREATE TABLE ledger (key INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
        CREATE INDEX ledger_by_body ON ledger (body);
        CREATE TABLE state (done INTEGER NOT NULL) STRICT;
        INSERT INTO state VALUES (0);
    )sql");
}

void Ledger::apply(sqlite::Database& db, int done) const {
    sqlite::WriteTransaction transaction(db);
    sqlite::Statement put(db, "INSERT OR REPLACE INTO ledger VALUES (?1, ?2)");
    sqlite::Statement remove(db, "DELETE FROM ledger WHERE key = ?1");
    for (const auto& change : changes_[static_cast<std::size_t>(done)]) {
        if (change.body) {
            auto run = put.start();
            run.bind_all(change.key, *change.body);
            run.finish();
        } else {
            auto run = remove.start();
            run.bind_all(change.key);
            run.finish();
        }
    }
    db.execute("UPDATE state SET done = done + 1");
    transaction.commit();
}

int Ledger::count_in(sqlite::Database& db) {
    sqlite::Statement statement(db, "SELECT done FROM state");
    return static_cast<int>(statement.start().single().int64(0));
}

void Ledger::reset_count(sqlite::Database& db) { db.execute("UPDATE state SET done = 0"); }

std::optional<std::string> Ledger::wrong(sqlite::Database& db, int transactions) const {
    Rows found;
    {
        sqlite::Statement statement(db, "SELECT key, body FROM ledger ORDER BY key");
        auto row = statement.start();
        while (row.next()) found[row.int64(0)] = row.text(1);
    }
    if (found != after(transactions)) return "other rows than were committed";
    const auto problems = db.integrity_check();
    if (!problems.empty()) return problems.front();
    return std::nullopt;
}

}  // namespace egret::tests
