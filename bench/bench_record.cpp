// How long a nurse waits for a visit to be recorded, beside one durable row in a bare table.

#include "bench/filled_clinic.h"
#include "bench/measure.h"
#include "bench/raw_sqlite.h"
#include "registry/service/recorder.h"

#include <cstdint>
#include <string>

namespace egret::bench {
namespace {

constexpr std::uint64_t women_usual = 50'000;
constexpr std::uint64_t women_full = 500'000;
constexpr int visits = 2000;
constexpr std::size_t row_bytes = 300;  // What a fact takes in the log.

/// A table with two indexes and as many rows as the log.
class PlainTable {
public:
    PlainTable(const std::string& path, std::uint64_t rows, SeededRandom& random)
        : random_(random),
          db_(path, {clinic_cache_kib, clinic_checkpoint_pages}),
          insert_((make(db_), db_), insert_sql) {
        db_.execute("BEGIN");
        for (std::uint64_t i = 0; i < rows; ++i) insert();
        db_.execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// Without BEGIN, a statement is a transaction of its own.
    void insert() {
        const auto uid = random_.bytes<16>();
        const auto content = random_.bytes<row_bytes>();
        insert_.bind(1, ByteView(uid));
        insert_.bind(2, static_cast<std::int64_t>(random_.below(women_usual)));
        insert_.bind(3, ByteView(content));
        insert_.run();
    }

private:
    static constexpr auto insert_sql = "INSERT INTO fact (uid, woman, content) VALUES (?1, ?2, ?3)";

    static void make(RawDatabase& db) {
        db.execute("PRAGMA locking_mode = EXCLUSIVE");
        db.execute(R"sql(
            CREATE TABLE fact (id INTEGER PRIMARY KEY, uid BLOB NOT NULL, woman INTEGER NOT NULL,
                               content BLOB NOT NULL);
            CREATE UNIQUE INDEX fact_1 ON fact (uid);
            CREATE INDEX fact_2 ON fact (woman);
        )sql");
    }

    SeededRandom& random_;
    RawDatabase db_;
    RawStatement insert_;
};

/// What is done at a visit: doses, tests, cytology.
Fact visit(SeededRandom& random) {
    Fact fact;
    switch (random.below(4)) {
        case 0: fact.detail = Dose{"egret:cecolin", std::nullopt, "L2026-118"}; break;
        case 1: fact.detail = Cytology{{CytologyResult::nilm}}; break;
        default: {
            HpvTest test;
            test.result = random.chance(0.1) ? HpvResult::positive : HpvResult::negative;
            fact.detail = test;
        }
    }
    return fact;
}

Row row_of(const std::string& name, const Samples& ours, const Samples& limit, double part) {
    const auto our_time = ours.percentile(part);
    const auto least = limit.percentile(part);
    Row row;
    row.name = name;
    row.ours = shown(our_time * 1e3, "ms");
    row.limit = shown(least * 1e3, "ms");
    row.ratio = our_time / least;
    return row;
}

Verdict verdict(const Samples& ours, const Samples& limit, double part, double seconds_max) {
    if (limit.percentile(part) > seconds_max) return Verdict::disk;
    return judged(ours.percentile(part) <= seconds_max);
}

void run(const Options& options) {
    const WorkFolder folder;
    const auto women = options.full ? women_full : women_usual;
    FilledClinic filled(folder.fresh("clinic"), women, 1);
    SeededRandom random(2);
    PlainTable plain(folder.fresh("plain") + "/plain.db", filled.clinic().log().event_count(),
                     random);
    service::Recorder recorder(filled.clinic());
    const auto caller = filled.clinic().caller();
    Samples ours;
    Samples limit;
    double our_cpu = 0;
    double limit_cpu = 0;
    // Turn by turn, so that both meet the same disk.
    for (int i = 0; i < visits; ++i) {
        filled.clock().advance(std::chrono::seconds{40});
        const auto& woman = filled.women()[random.below(women)];
        auto fact = visit(random);
        auto wall = wall_seconds();
        our_cpu += cpu_seconds_of([&] {
            const auto done = recorder.record(caller, woman.id, std::move(fact));
            require(done, done ? "" : done.error().message.id.c_str());
        });
        ours.add(wall_seconds() - wall);
        wall = wall_seconds();
        limit_cpu += cpu_seconds_of([&] { plain.insert(); });
        limit.add(wall_seconds() - wall);
    }
    const Table table(options);
    auto row = row_of("record a visit, median", ours, limit, 0.5);
    row.goal = "<= 4, <= 1 ms";
    row.verdict = verdict(ours, limit, 0.5, 1e-3);
    if (row.ratio > 4) row.verdict = Verdict::no;
    table.add(row);
    row = row_of("  99 of 100", ours, limit, 0.99);
    row.goal = "<= 5 ms";
    row.verdict = verdict(ours, limit, 0.99, 5e-3);
    table.add(row);
    row.name = "  a second";
    row.ours = shown(visits / ours.sum(), "");
    row.limit = shown(visits / limit.sum(), "");
    row.ratio = limit.sum() / ours.sum();
    row.goal.clear();
    row.verdict = Verdict::none;
    table.add(row);
    row.name = "  processor a visit";
    row.ours = shown(our_cpu / visits * 1e6, "us");
    row.limit = shown(limit_cpu / visits * 1e6, "us");
    row.ratio = our_cpu / limit_cpu;
    table.add(row);
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
