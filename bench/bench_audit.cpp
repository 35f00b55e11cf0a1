// What it costs that whoever looks leaves an entry: for one search, and for a year of them.

#include "bench/filled_clinic.h"
#include "bench/measure.h"
#include "bench/raw_sqlite.h"
#include "registry/crypto/hash.h"
#include "registry/service/look_up.h"
#include "registry/store/women.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace egret::bench {
namespace {

constexpr std::uint64_t women = 20'000;
constexpr int searches = 1000;

// A busy clinic: on each of 250 days 60 women come, of each of whom are two searches, two looks and
// two records; and six lists are looked at of 400 women.
constexpr int days = 250;
constexpr int visits_a_day = 60;
constexpr int lists_a_day = 6;
constexpr std::size_t women_on_list = 400;

/// One durable row, as large as an entry, in a table without an index.
class PlainRows {
public:
    explicit PlainRows(const std::string& path)
        : db_(path, {clinic_cache_kib, clinic_checkpoint_pages}), insert_((make(db_), db_), sql) {}

    void insert() {
        insert_.bind(1, ByteView(row_));
        insert_.run();
    }

private:
    static constexpr auto sql = "INSERT INTO entry (content) VALUES (?1)";

    static void make(RawDatabase& db) {
        db.execute("PRAGMA locking_mode = EXCLUSIVE");
        db.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, content BLOB NOT NULL)");
    }

    Bytes row_ = Bytes(160, 7);
    RawDatabase db_;
    RawStatement insert_;
};

void measure_search(FilledClinic& filled, const WorkFolder& folder, const Table& table) {
    auto& clinic = filled.clinic();
    const auto caller = clinic.caller();
    PlainRows plain(folder.file("plain.db"));
    SeededRandom random(2);
    Samples alone;
    Samples noted;
    Samples limit;
    for (int i = 0; i < searches; ++i) {
        const auto name = store::shown_name(filled.women()[random.below(women)].who);
        auto wall = wall_seconds();
        clinic.search().find(name, 20);
        alone.add(wall_seconds() - wall);
        wall = wall_seconds();
        service::find_women(clinic, caller, name, 20);
        noted.add(wall_seconds() - wall);
        wall = wall_seconds();
        plain.insert();
        limit.add(wall_seconds() - wall);
    }
    for (const double part : {0.5, 0.99}) {
        Row row;
        row.name = part < 0.9 ? "find by name and note it, median" : "  99 of 100";
        row.ours = shown(noted.percentile(part) * 1e3, "ms");
        row.limit = shown((alone.percentile(part) + limit.percentile(part)) * 1e3, "ms");
        row.ratio = noted.percentile(part) / (alone.percentile(part) + limit.percentile(part));
        table.add(row);
    }
}

/// Who comes on a day, as the audit tells it.
void note_day(FilledClinic& filled, SeededRandom& random) {
    using audit::Action;
    auto& clinic = filled.clinic();
    const auto caller = clinic.caller();
    const auto anybody = [&] { return filled.women()[random.below(women)].id; };
    sqlite::WriteTransaction tx(clinic.database());
    for (int visit = 0; visit < visits_a_day; ++visit) {
        filled.clock().advance(std::chrono::minutes{5});
        const auto her = anybody();
        service::Access search{Action::searched, std::nullopt, {her, anybody(), anybody()}};
        search.searched_by = {audit::SearchBy::name, audit::SearchBy::reading};
        for (int twice = 0; twice < 2; ++twice) {
            clinic.note(caller, search, tx);
            clinic.note(caller, {Action::viewed, audit::Shown::next_steps, {her}}, tx);
            service::Access record{Action::recorded, std::nullopt, {her}};
            record.events = {make_random_id<EventTag>(random)};
            clinic.note(caller, record, tx);
        }
    }
    for (int list = 0; list < lists_a_day; ++list) {
        service::Access access{Action::listed, audit::Shown::due_list};
        for (std::size_t i = 0; i < women_on_list; ++i) access.women.push_back(anybody());
        clinic.note(caller, access, tx);
    }
    tx.commit();
}

void measure_year(FilledClinic& filled, const Table& table) {
    auto& clinic = filled.clinic();
    auto& db = clinic.database();
    db.checkpoint_truncate();
    const auto before = db.file_bytes();
    SeededRandom random(3);
    const auto first = clinic.audit_head().entries;
    for (int day = 0; day < days; ++day) note_day(filled, random);
    db.checkpoint_truncate();
    const auto bytes = static_cast<double>(db.file_bytes() - before);
    const auto entries = static_cast<double>(clinic.audit_head().entries - first);
    Row row;
    row.name = "a busy year in the audit";
    row.ours = shown(bytes / 1e6, "MB");
    row.limit = shown(entries, "entries");
    table.add(row);
    const auto ours =
        least_cpu_seconds(3, [&] { require(clinic.verify_audit({}).is_whole(), "not whole"); });
    const Bytes content(static_cast<std::size_t>(bytes), 7);
    const auto limit = least_cpu_seconds(3, [&] { crypto::sha256(content); });
    row.name = "  verify it (SHA-256 alone)";
    row.ours = shown(ours * 1e3, "ms");
    row.limit = shown(limit * 1e3, "ms");
    row.ratio = ours / limit;
    table.add(row);
}

void run(const Options& options) {
    const WorkFolder folder;
    FilledClinic filled(folder.fresh("clinic"), women, 1);
    const Table table(options);
    measure_search(filled, folder, table);
    measure_year(filled, table);
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
