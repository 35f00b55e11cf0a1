#include "registry/store/store_check.h"

#include "registry/base/ensure.h"
#include "registry/crypto/hash.h"
#include "registry/sqlite/backup.h"
#include "registry/sqlite/file.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/coverage_answer.h"
#include "registry/store/erased_deltas.h"
#include "registry/store/log_check.h"
#include "registry/store/projector.h"
#include "registry/store/recount_all.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace egret::store {
namespace {

constexpr auto damaged = "damaged";
constexpr auto stale_projections = "stale_projections";
constexpr auto stray_quarantine = "quarantine";

/// A rule of the schema that is broken where nobody writes anything new was broken before.
bool is_damage(const sqlite::SqliteError& error) {
    return error.trouble() == sqlite::Trouble::damaged ||
           error.trouble() == sqlite::Trouble::constraint;
}

struct ProjectedTable {
    const char* name = nullptr;
    const char* rows_sql = nullptr;  // One text a row.
    bool is_of_search = false;
};

// Numbers that stand for areas and facilities are given in the order of their first use, so a
// rebuild gives the same.
constexpr ProjectedTable projected_tables[] = {
    {"profile", R"sql(
        SELECT quote(woman_ix) || ' ' || quote(name) || ' ' || quote(birth_date) || ' ' ||
               quote(sex) || ' ' || quote(area) || ' ' || quote(facility) || ' ' ||
               quote(registered_on) || ' ' || quote(died_on) || ' ' || quote(fact_count)
          FROM profile ORDER BY woman_ix)sql"},
    {"contribution", R"sql(
        SELECT quote(woman_ix) || ' ' || quote(indicator_ix) || ' ' || quote(content)
          FROM contribution ORDER BY woman_ix, indicator_ix)sql"},
    {"delta", R"sql(
        SELECT quote(id) || ' ' || quote(ingest) || ' ' || quote(indicator_ix) || ' ' ||
               quote(part) || ' ' || quote(area_ix) || ' ' || quote(facility_ix) || ' ' ||
               quote(birth_month) || ' ' || quote(day) || ' ' || quote(amount)
          FROM delta ORDER BY id)sql"},
    {"link_pair", R"sql(
        SELECT quote(a_ix) || ' ' || quote(b_ix) FROM link_pair ORDER BY a_ix, b_ix)sql"},
    {"spoilt_lot", R"sql(
        SELECT quote(subject_ix) || ' ' || quote(facility) || ' ' || quote(lot) || ' ' ||
               quote(from_day) FROM spoilt_lot ORDER BY subject_ix, facility, lot)sql"},
    {"lot_dose", R"sql(
        SELECT quote(woman_ix) || ' ' || quote(uid) || ' ' || quote(facility) || ' ' ||
               quote(lot) || ' ' || quote(product) || ' ' || quote(day) || ' ' ||
               quote(effective) || ' ' || quote(session)
          FROM lot_dose ORDER BY woman_ix, uid)sql"},
    {"woman", R"sql(
        SELECT quote(ix) || ' ' || quote(canonical_ix) FROM woman ORDER BY ix)sql"},
    {"quarantine", R"sql(
        SELECT quote(position) || ' ' || quote(reason) FROM quarantine ORDER BY position)sql"},
    // Of those that no fact refers to none is left.
    {"payload", R"sql(
        SELECT quote(position) FROM payload
         WHERE position NOT IN (SELECT position FROM event) ORDER BY position)sql"},
    {"indicator_key", R"sql(
        SELECT quote(ix) || ' ' || quote(id) || ' ' || quote(version) || ' ' ||
               quote(denominator_ix)
          FROM indicator_key ORDER BY ix)sql"},
    {"area_key", "SELECT quote(ix) || ' ' || quote(code) FROM area_key ORDER BY ix"},
    {"facility_key", "SELECT quote(ix) || ' ' || quote(code) FROM facility_key ORDER BY ix"},
    {"rebuilding", "SELECT quote(one) FROM rebuilding ORDER BY one"},
    {"rechaining", "SELECT quote(one) FROM rechaining ORDER BY one"},
    {"search_term", R"sql(
        SELECT quote(term) || ' ' || quote(woman_ix)
          FROM search_term ORDER BY term, woman_ix)sql",
     true},
    {"search_source", R"sql(
        SELECT quote(woman_ix) || ' ' || quote(source)
          FROM search_source ORDER BY woman_ix)sql",
     true},
};

// Where somebody was erased, what she had changed is added at the end of a rebuild: then rows come
// in another order, with other numbers for their places, and only their sums are the same.
constexpr ProjectedTable summed_tables[] = {
    {"delta", R"sql(
        SELECT quote(d.ingest) || ' ' || quote(d.indicator_ix) || ' ' || quote(d.part) || ' ' ||
               quote(a.code) || ' ' || quote(f.code) || ' ' || quote(d.birth_month) || ' ' ||
               quote(d.day) || ' ' || quote(sum(d.amount))
          FROM delta d LEFT JOIN area_key a ON a.ix = d.area_ix
                       LEFT JOIN facility_key f ON f.ix = d.facility_ix
         GROUP BY d.ingest, d.indicator_ix, d.part, a.code, f.code, d.birth_month, d.day
        HAVING sum(d.amount) <> 0
         ORDER BY d.ingest, d.indicator_ix, d.part, a.code, f.code, d.birth_month, d.day)sql"},
    // Those that count stand in the sums.
    {"area_key", "SELECT quote(code) FROM area_key WHERE ix IS NULL"},
    {"facility_key", "SELECT quote(code) FROM facility_key WHERE ix IS NULL"},
};

const char* rows_sql_of(const ProjectedTable& table, bool has_erased) {
    if (has_erased) {
        for (const auto& summed : summed_tables) {
            if (std::string_view(summed.name) == table.name) return summed.rows_sql;
        }
    }
    return table.rows_sql;
}

constexpr std::string_view state_table = "projection";

std::string projection_fault(std::string_view table) {
    return std::string(projection_fault_prefix).append(table);
}

/// The table of which a row breaks a rule of the schema, if that is all that a line of SQLite's
/// integrity check says: "CHECK constraint failed in projection", "NULL value in profile.name".
std::string_view broken_table(std::string_view problem) {
    for (const std::string_view what : {"constraint failed in ", " value in "}) {
        const auto at = problem.find(what);
        if (at == std::string_view::npos) continue;
        problem.remove_prefix(at + what.size());
        return problem.substr(0, problem.find('.'));
    }
    return {};
}

/// What the file itself says: nothing, "damaged", or tables with rows that can't be there but are
/// made anew from the logs.
std::vector<StoreFault> file_faults(sqlite::Database& db) {
    std::vector<StoreFault> faults;
    for (const auto& problem : db.integrity_check()) {
        const auto table = broken_table(problem);
        const bool is_projected =
            table == state_table ||
            std::any_of(std::begin(projected_tables), std::end(projected_tables),
                        [&](const ProjectedTable& one) { return table == one.name; });
        // Women and what is set aside hold more than what follows from the logs.
        if (!is_projected || table == "woman" || table == "quarantine" || table == "payload")
            return {{{}, 0, damaged}};
        const StoreFault fault{{}, 0, projection_fault(table)};
        if (std::find(faults.begin(), faults.end(), fault) == faults.end()) faults.push_back(fault);
    }
    return faults;
}

std::vector<Hash> hash_tables(sqlite::Database& db, bool with_search) {
    std::vector<Hash> hashes;
    const bool has_erased = !read_erased_deltas(db).empty();
    for (const auto& table : projected_tables) {
        crypto::Sha256 hash;
        if (with_search || !table.is_of_search) {
            sqlite::Statement select(db, rows_sql_of(table, has_erased));
            auto run = select.start();
            while (run.next()) hash.update(bytes_of(run.text_view(0))).update(bytes_of("\n"));
        }
        hashes.push_back(hash.finish());
    }
    return hashes;
}

/// The copy, gone with its companions when this ends.
class TemporaryCopy {
public:
    TemporaryCopy(std::string path, std::string vfs_name)
        : path_(std::move(path)), vfs_name_(std::move(vfs_name)) {}

    ~TemporaryCopy() { sqlite::remove_files(path_, vfs_name_); }

    TemporaryCopy(const TemporaryCopy&) = delete;
    TemporaryCopy& operator=(const TemporaryCopy&) = delete;

private:
    std::string path_;
    std::string vfs_name_;
};

std::vector<Date> days_compared(Date today) {
    return {today.plus_years(-10), today.plus_years(-5), today.plus_years(-2),
            today.plus_years(-1),  today.plus_days(-30), today,
            today.plus_days(1),    today.plus_days(183), today.plus_years(2),
            today.plus_years(6)};
}

CoverageQuestion question_of(const coverage::Indicator& indicator, Date today) {
    using coverage::Dimension;
    CoverageQuestion question;
    question.indicator = &indicator;
    question.query = {
        {Dimension::area, Dimension::facility, Dimension::birth_year}, {}, days_compared(today)};
    return question;
}

/// Nothing, if the deltas contradict what they refer to.
std::optional<coverage::Answer> sum_of(EventLog& log, sqlite::Database& db,
                                       const CoverageQuestion& question) {
    try {
        return answer_coverage(log, db, question).answer;
    } catch (const sqlite::SqliteError& error) {
        if (!is_damage(error)) throw;
        return std::nullopt;
    }
}

/// Why this floor sets the fact aside; empty if it doesn't.
std::string reason_of(const LogEntry& entry) {
    const auto header = codec::decode_header(entry.event.header);
    if (!header) return "bad_header";
    if (!entry.has_payload) return erased_content;
    if (codec::commitment_of(entry.event.salt, entry.event.payload) != header->commitment)
        return "bad_commitment";
    return codec::decode_event(*header, entry.event.payload) ? "" : "bad_payload";
}

void check_quarantine(sqlite::Database& db, const CheckOptions& options,
                      std::vector<StoreFault>& faults) {
    EventLog log(db, options.seal);
    const auto& believed = options.refusals;
    for (const auto& kept : log.quarantined()) {
        if (std::find(believed.begin(), believed.end(), kept.reason) != believed.end()) continue;
        const auto entries = log.entries(kept.device, kept.seq, 1, 1);
        if (entries.empty() || reason_of(entries.front()) != kept.reason)
            faults.push_back({kept.device, kept.seq, stray_quarantine});
    }
}

/// The copy's projections and sums as they were, held to those that are made anew.
void compare_projections(sqlite::Database& copy, const CheckOptions& options, Progress& progress,
                         std::vector<StoreFault>& faults) {
    EventLog log(copy, options.seal);
    Projector projector(log, copy, {options.indicators, options.with_search});
    if (projector.needs_rebuild()) {
        faults.push_back({{}, 0, stale_projections});
        return;
    }
    const auto before = hash_tables(copy, options.with_search);
    std::vector<std::optional<coverage::Answer>> sums;
    for (const auto& indicator : options.indicators)
        sums.push_back(sum_of(log, copy, question_of(indicator, options.today)));

    projector.rebuild(progress);
    const auto after = hash_tables(copy, options.with_search);
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] != after[i])
            faults.push_back({{}, 0, projection_fault(projected_tables[i].name)});
    }
    // Who is one woman is read from the new projections: the old ones may be what is wrong.
    std::vector<CoverageQuestion> questions;
    for (const auto& indicator : options.indicators)
        questions.push_back(question_of(indicator, options.today));
    CoverageStore store(log, copy);
    const auto recounted = recount_all(store, questions);
    for (std::size_t i = 0; i < sums.size(); ++i) {
        if (recounted[i] != sums[i])
            faults.push_back(
                {{}, 0, std::string(coverage_fault_prefix) + questions[i].indicator->id});
    }
}

void check_copy(sqlite::Database& db, const CheckOptions& options, Progress& progress,
                std::vector<StoreFault>& faults) {
    const TemporaryCopy gone_afterwards(options.copy_path, db.options().vfs_name);
    const auto copied = sqlite::backup_to(db, options.copy_path);
    EGRET_ENSURE(bool(copied));  // The path is the caller's own.
    sqlite::OpenOptions opened;
    opened.path = options.copy_path;
    opened.vfs_name = db.options().vfs_name;
    opened.exclusive = true;
    opened.synchronous = sqlite::Synchronous::off;
    sqlite::Database copy(opened);
    compare_projections(copy, options, progress, faults);
}

}  // namespace

bool is_mended_by_rebuild(const StoreFault& fault) {
    return fault.kind == stale_projections || fault.kind == stray_quarantine ||
           fault.kind.starts_with(projection_fault_prefix) ||
           fault.kind.starts_with(coverage_fault_prefix);
}

std::vector<StoreFault> check_file(sqlite::Database& db, const CheckOptions& options) {
    auto faults = file_faults(db);
    if (!faults.empty() && !is_mended_by_rebuild(faults.front())) return faults;
    try {
        const sqlite::ReadTransaction one_state(db);
        if (!db.foreign_key_check().empty()) faults.push_back({{}, 0, "foreign_key"});
        EventLog log(db, options.seal);
        if (Projector(log, db, {options.indicators, options.with_search}).needs_rebuild())
            faults.push_back({{}, 0, stale_projections});
    } catch (const sqlite::SqliteError& error) {
        if (!is_damage(error)) throw;
        return {{{}, 0, damaged}};
    }
    return faults;
}

std::vector<StoreFault> check_contents(sqlite::Database& db, const CheckOptions& options,
                                       Progress& progress) {
    std::vector<StoreFault> faults;
    bool are_logs_read = false;
    try {
        for (const auto& fault : check_logs(db, progress, options.seal))
            faults.push_back({fault.device, fault.seq, std::string(to_string(fault.kind))});
        if (!faults.empty()) return faults;
        check_quarantine(db, options, faults);
        if (has_damaged_erased_deltas(db)) faults.push_back({{}, 0, "erased_delta"});
        are_logs_read = true;
        if (faults.empty()) check_copy(db, options, progress, faults);
    } catch (const sqlite::SqliteError& error) {
        if (!is_damage(error)) throw;
        // A file with rows that can't be there has no copy.
        if (are_logs_read) faults = file_faults(db);
        if (faults.empty()) faults.push_back({{}, 0, damaged});
    }
    return faults;
}

std::vector<StoreFault> check_store(sqlite::Database& db, const CheckOptions& options,
                                    Progress& progress) {
    auto faults = check_file(db, options);
    const StoreFault unreadable{{}, 0, damaged};
    if (std::find(faults.begin(), faults.end(), unreadable) != faults.end()) return faults;
    for (auto& fault : check_contents(db, options, progress)) {
        if (std::find(faults.begin(), faults.end(), fault) == faults.end())
            faults.push_back(std::move(fault));
    }
    return faults;
}

}  // namespace egret::store
