#include "sync/central/verify.h"

#include "registry/base/ensure.h"
#include "registry/coverage/indicator.h"
#include "registry/crypto/hash.h"
#include "registry/sqlite/backup.h"
#include "registry/sqlite/statement.h"
#include "registry/store/coverage_answer.h"
#include "registry/store/log_check.h"
#include "registry/store/projector.h"

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace egret::central {
namespace {

struct ProjectedTable {
    const char* name;
    const char* rows_sql;  // One text a row.
};

// Numbers that stand for areas and facilities are given in the order of their first use, so a
// rebuild gives the same.
constexpr ProjectedTable projected_tables[] = {
    {"profile", R"sql(
        SELECT quote(woman_ix) || quote(name) || quote(birth_date) || quote(sex) || quote(area) ||
               quote(facility) || quote(registered_on) || quote(died_on) || quote(fact_count)
          FROM profile ORDER BY woman_ix)sql"},
    {"contribution", R"sql(
        SELECT quote(woman_ix) || ' ' || quote(indicator_ix) || quote(content)
          FROM contribution ORDER BY woman_ix, indicator_ix)sql"},
    {"delta", R"sql(
        SELECT quote(id) || ' ' || quote(ingest) || ' ' || quote(indicator_ix) || ' ' ||
               quote(part) || ' ' || quote(area_ix) || ' ' || quote(facility_ix) || ' ' ||
               quote(birth_month) || ' ' || quote(day) || ' ' || quote(amount)
          FROM delta ORDER BY id)sql"},
    {"link_pair", R"sql(
        SELECT quote(a_ix) || ' ' || quote(b_ix) FROM link_pair ORDER BY a_ix, b_ix)sql"},
    {"woman", R"sql(
        SELECT quote(ix) || ' ' || quote(canonical_ix) FROM woman ORDER BY ix)sql"},
    {"quarantine", R"sql(
        SELECT quote(position) || quote(reason) FROM quarantine ORDER BY position)sql"},
};

using TableHashes = std::array<Hash, std::size(projected_tables)>;

TableHashes hash_tables(sqlite::Database& db) {
    TableHashes hashes{};
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        sqlite::Statement select(db, projected_tables[i].rows_sql);
        crypto::Sha256 hash;
        auto run = select.start();
        while (run.next()) hash.update(bytes_of(run.text_view(0))).update(bytes_of("\n"));
        hashes[i] = hash.finish();
    }
    return hashes;
}

/// The copy, gone with its companions when this ends.
class TemporaryCopy {
public:
    explicit TemporaryCopy(std::string path) : path_(std::move(path)) {}

    ~TemporaryCopy() {
        std::error_code ignored;
        for (const char* suffix : {"", "-wal", "-shm", "-journal"})
            std::filesystem::remove(path_ + suffix, ignored);
    }

    TemporaryCopy(const TemporaryCopy&) = delete;
    TemporaryCopy& operator=(const TemporaryCopy&) = delete;

private:
    std::string path_;
};

std::vector<Date> days_compared(Date today) {
    return {today.plus_years(-10), today.plus_years(-5), today.plus_years(-2),
            today.plus_years(-1),  today.plus_days(-30), today,
            today.plus_days(1),    today.plus_days(183), today.plus_years(2),
            today.plus_years(6)};
}

void compare_projections(store::EventLog& log, sqlite::Database& copy, Progress& progress,
                         std::vector<Fault>& faults) {
    store::Projector projector(log, copy, {coverage::known_indicators(), false});
    const auto before = hash_tables(copy);
    projector.rebuild(progress);
    const auto after = hash_tables(copy);
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] != after[i])
            faults.push_back({{}, 0, std::string("projection_") + projected_tables[i].name});
    }
}

void compare_coverage(store::EventLog& log, sqlite::Database& copy, Date today,
                      std::vector<Fault>& faults) {
    using coverage::Dimension;
    for (const auto& indicator : coverage::known_indicators()) {
        store::CoverageQuestion question;
        question.indicator = &indicator;
        question.query = {{Dimension::area, Dimension::facility, Dimension::birth_year},
                          {},
                          days_compared(today)};
        const auto summed = store::answer_coverage(log, copy, question);
        question.by_recount = true;
        if (store::answer_coverage(log, copy, question).answer != summed.answer)
            faults.push_back({{}, 0, "coverage_" + indicator.id});
    }
}

}  // namespace

std::vector<Fault> check_file(sqlite::Database& db) {
    std::vector<Fault> faults;
    if (!db.integrity_check().empty()) return {{{}, 0, "damaged"}};
    if (!db.foreign_key_check().empty()) faults.push_back({{}, 0, "foreign_key"});
    store::EventLog log(db);
    if (store::Projector(log, db, {coverage::known_indicators(), false}).needs_rebuild())
        faults.push_back({{}, 0, "stale_projections"});
    return faults;
}

std::vector<Fault> verify_store(sqlite::Database& db, const std::string& copy_path, Date today,
                                Progress& progress) {
    std::vector<Fault> faults;
    for (const auto& fault : store::check_logs(db, progress))
        faults.push_back({fault.device, fault.seq, std::string(store::to_string(fault.kind))});
    if (!faults.empty()) return faults;

    const TemporaryCopy gone_afterwards(copy_path);
    const auto copied = sqlite::backup_to(db, copy_path);
    EGRET_ENSURE(bool(copied));  // The path is the caller's own.
    sqlite::OpenOptions options;
    options.path = copy_path;
    options.synchronous = sqlite::Synchronous::off;
    sqlite::Database copy(options);
    store::EventLog log(copy);
    // As it was, before the projections are made anew.
    compare_coverage(log, copy, today, faults);
    compare_projections(log, copy, progress, faults);
    return faults;
}

}  // namespace egret::central
