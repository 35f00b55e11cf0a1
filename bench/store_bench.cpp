// What does a fact cost once it is in the store's hands, and how long is a search?
//
//   ingest   facts of a centre in batches of 500: log, one woman's fold, rows, deltas, all
//   committed
//            with synchronous = FULL; beside it the log's lines alone, as bare inserts
//   record   one fact a transaction at a clinic with 50,000 women, with search terms
//   search   one box, 50,000 women: names, pinyin, initials, numbers, phones
//   rebuild  all projections from the log

#include "embedded/clinic_schema.h"
#include "registry/base/ensure.h"
#include "registry/base/random.h"
#include "registry/coverage/indicator.h"
#include "registry/store/open.h"
#include "registry/store/projector.h"
#include "registry/store/search.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace egret {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

constexpr std::size_t batch_facts = 500;
constexpr std::size_t ingest_facts = 60'000;
constexpr std::size_t clinic_women = 50'000;
constexpr std::size_t recorded_facts = 2'000;
constexpr std::size_t searches = 4'000;

double seconds_since(steady_clock::time_point start) {
    return duration<double>(steady_clock::now() - start).count();
}

/// Of one core, without what others do on the same machine.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double percentile(std::vector<double> values, double part) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

/// Invents women and what happens to them.
class World {
public:
    explicit World(std::uint64_t seed) : random_(seed) {}

    Event registration() {
        Register made;
        made.who.names.push_back({NameUse::official, name(), {}});
        made.who.birth_date = Date::from_ymd(1960, 1, 1).plus_days(below(19'000));
        made.who.sex = Sex::female;
        made.who.identifiers.push_back({IdentifierKind::resident_id, digits("3502", 14), {}});
        made.who.phones.push_back(digits("13", 9));
        made.who.area = std::to_string(350'203 + below(10));
        Fact fact;
        fact.at.date = Date::from_ymd(2024, 1, 1).plus_days(below(700));
        fact.detail = made;
        women_.push_back(make_time_ordered_id<WomanTag>(1'700'000'000'000 + minute_, random_));
        return event(std::move(fact), women_.back());
    }

    Event visit() {
        Fact fact;
        fact.at.date = Date::from_ymd(2024, 1, 1).plus_days(below(900));
        if (random_.chance(0.5)) {
            fact.detail = Dose{"egret:cecolin", {}, digits("L", 6)};
        } else {
            HpvTest test;
            test.result = random_.chance(0.1) ? HpvResult::positive : HpvResult::negative;
            fact.detail = test;
        }
        return event(std::move(fact), women_[random_.below(women_.size())]);
    }

    Event any() { return women_.size() < 100 || random_.chance(0.4) ? registration() : visit(); }

    codec::EncodedEvent encode(const Event& event) { return *codec::encode_event(event, random_); }

    std::string digits(std::string text, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + random_.below(10));
        return text;
    }

    std::int32_t below(std::uint64_t bound) {
        return static_cast<std::int32_t>(random_.below(bound));
    }

    std::string name() {
        static const std::vector<std::string> surnames = {"王", "李", "张", "刘", "陈", "杨",
                                                          "黄", "赵", "吴", "周", "徐", "孙"};
        static const std::vector<std::string> given = {"丽", "芳", "娜", "敏", "静", "秀", "英",
                                                       "华", "慧", "巧", "美", "玉", "兰", "红",
                                                       "梅", "琴", "云", "雪", "婷", "小"};
        auto made = surnames[random_.below(surnames.size())] + given[random_.below(given.size())];
        return random_.chance(0.7) ? made + given[random_.below(given.size())] : made;
    }

private:
    Event event(Fact fact, const WomanId& subject) {
        Event made;
        made.uid = make_random_id<EventTag>(random_);
        made.hlc = Hlc{}.next(instant_from_unix_ms(1'767'225'600'000 + ++minute_));
        made.subject = subject;
        made.fact = std::move(fact);
        return made;
    }

    SeededRandom random_;
    std::vector<WomanId> women_;
    std::int64_t minute_ = 0;
};

/// A registry on the disk, gone afterwards.
class BenchRegistry {
public:
    explicit BenchRegistry(bool with_search)
        : dir_((std::filesystem::temp_directory_path() / "egret_bench_XXXXXX").string()) {
        EGRET_ENSURE(::mkdtemp(dir_.data()) != nullptr);
        store::FileOptions options;
        options.path = dir_ + "/registry.db";
        options.create = true;
        options.cache_kib = 64 * 1024;
        options.checkpoint_pages = with_search ? 0 : 16'384;  // As a clinic, as a centre.
        db_ = *store::open_file(options, embedded::clinic_schema());
        log_ = std::make_unique<store::EventLog>(*db_);
        projector_ = std::make_unique<store::Projector>(
            *log_, *db_, store::ProjectorOptions{coverage::known_indicators(), with_search});
    }

    ~BenchRegistry() {
        projector_.reset();
        log_.reset();
        db_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(dir_, ignored);
    }

    BenchRegistry(const BenchRegistry&) = delete;
    BenchRegistry& operator=(const BenchRegistry&) = delete;

    void take_in(const std::vector<codec::EncodedEvent>& events, std::uint8_t device,
                 bool project = true) {
        DeviceId id;
        id.bytes[0] = device;
        sqlite::WriteTransaction tx(*db_);
        log_->add_device(id, "C" + std::to_string(device), tx);
        const auto head = log_->find_head(id);
        const auto ingest = log_->begin_ingest({Instant{}, Date{}}, tx);
        store::NewEvents added{id, head->seq + 1, head->hash, events};
        const auto appended = log_->append(ingest, added, tx);
        EGRET_ENSURE(bool(appended));
        if (project) projector_->apply(ingest, *appended, tx);
        tx.commit();
    }

    sqlite::Database& db() { return *db_; }

    store::Projector& projector() { return *projector_; }

private:
    std::string dir_;
    std::unique_ptr<sqlite::Database> db_;
    std::unique_ptr<store::EventLog> log_;
    std::unique_ptr<store::Projector> projector_;
};

using Batches = std::vector<std::vector<codec::EncodedEvent>>;

Batches make_batches(World& world) {
    Batches batches;
    for (std::size_t i = 0; i < ingest_facts; ++i) {
        if (i % batch_facts == 0) batches.emplace_back();
        batches.back().push_back(world.encode(world.any()));
    }
    return batches;
}

double ingest_seconds(BenchRegistry& registry, const Batches& batches, bool project) {
    const auto start = steady_clock::now();
    std::uint8_t device = 0;
    for (const auto& batch : batches)
        registry.take_in(batch, static_cast<std::uint8_t>(++device % 40), project);
    return seconds_since(start);
}

double bare_seconds(const Batches& batches) {
    BenchRegistry registry(false);
    auto& db = registry.db();
    db.execute(R"sql(
        CREATE TABLE bare (id INTEGER PRIMARY KEY, device INTEGER, seq INTEGER, header BLOB,
                           payload BLOB, UNIQUE (device, seq)) STRICT;
        CREATE INDEX bare_by_header ON bare (substr(header, 4, 20));
    )sql");
    sqlite::Statement insert(db,
                             "INSERT INTO bare (device, seq, header, payload) "
                             "VALUES (?1, ?2, ?3, ?4)");
    const auto start = steady_clock::now();
    std::int64_t seq = 0;
    for (const auto& batch : batches) {
        sqlite::WriteTransaction tx(db);
        for (const auto& event : batch) {
            ++seq;
            insert.start().bind_all(seq % 40, seq, event.header, event.payload).finish();
        }
        tx.commit();
    }
    return seconds_since(start);
}

void bench_ingest() {
    World world(1);
    const auto batches = make_batches(world);
    const auto facts = static_cast<double>(ingest_facts);
    const auto bare = bare_seconds(batches);
    double log_alone = 0;
    {
        BenchRegistry registry(false);
        log_alone = ingest_seconds(registry, batches, false);
    }
    BenchRegistry registry(false);
    const auto cpu = cpu_seconds();
    const auto whole = ingest_seconds(registry, batches, true);
    std::printf(
        "ingest   %8.0f facts/s of wall, %.0f of CPU; the log alone %.0f, bare inserts with 2 "
        "indexes %.0f "
        "(ratio %.2f)\n",
        facts / whole, facts / (cpu_seconds() - cpu), facts / log_alone, facts / bare,
        bare / whole);
    const auto start = steady_clock::now();
    NoProgress quiet;
    registry.projector().rebuild(quiet);
    std::printf("rebuild  %8.0f facts/s\n", facts / seconds_since(start));
    registry.db().checkpoint_truncate();
    std::printf("size     %8.0f bytes a fact\n",
                static_cast<double>(registry.db().file_bytes()) / facts);
}

std::string typed_text(World& world, std::size_t i) {
    switch (i % 8) {
        case 0: return world.name();
        case 1: return world.name().substr(3);
        case 2: return "wang li";
        case 3: return "zhangx";
        case 4: return "lxy";
        case 5: return world.digits("3502", 4);
        case 6: return world.digits("", 4);
        default: return world.digits("138", 3);
    }
}

void bench_clinic() {
    World world(2);
    BenchRegistry registry(true);
    const auto start = steady_clock::now();
    const auto cpu = cpu_seconds();
    std::vector<codec::EncodedEvent> batch;
    for (std::size_t i = 0; i < clinic_women; ++i) {
        batch.push_back(world.encode(world.registration()));
        if (batch.size() < batch_facts) continue;
        registry.take_in(batch, 1);
        batch.clear();
    }
    const auto women = static_cast<double>(clinic_women);
    std::printf("install  %8.0f women/s of wall, %.0f of CPU, with search terms, in batches\n",
                women / seconds_since(start), women / (cpu_seconds() - cpu));

    std::vector<double> times;
    for (std::size_t i = 0; i < recorded_facts; ++i) {
        const std::vector one{world.encode(world.visit())};
        const auto began = steady_clock::now();
        registry.take_in(one, 1);
        times.push_back(1000 * seconds_since(began));
    }
    std::printf("record   p50 %.3f ms, p99 %.3f ms\n", percentile(times, 0.5),
                percentile(times, 0.99));

    store::Search search(registry.db());
    times.clear();
    std::size_t found = 0;
    for (std::size_t i = 0; i < searches; ++i) {
        const auto text = typed_text(world, i);
        const auto began = steady_clock::now();
        found += search.find(text, 20).rows.size();
        times.push_back(1000 * seconds_since(began));
    }
    std::printf("search   p50 %.3f ms, p95 %.3f ms, p99 %.3f ms; %.1f rows each\n",
                percentile(times, 0.5), percentile(times, 0.95), percentile(times, 0.99),
                static_cast<double>(found) / static_cast<double>(searches));
    std::printf("size     %8.1f MB with %zu women\n",
                static_cast<double>(registry.db().file_bytes()) / 1e6, clinic_women);
}

}  // namespace
}  // namespace egret

/// `bench_store [ingest | clinic]`: both without an argument.
int main(int count, char** arguments) {
    const std::string_view only = count > 1 ? arguments[1] : "";
    if (only.empty() || only == "ingest") egret::bench_ingest();
    if (only.empty() || only == "clinic") egret::bench_clinic();
    return 0;
}
