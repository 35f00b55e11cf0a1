// Uploads that are stored in one transaction have the outcome that they have alone.

#include "registry/store/state_digest.h"
#include "sync/central/sqlite_store.h"
#include "tests/support/sim_disk.h"
#include "tests/support/sqlite_file.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace egret::central {
namespace {

using tests::DiskFault;
using tests::TestDevice;

/// Every row of every table, and the state in one hash.
std::map<std::string, std::string> content_of(const std::string& path) {
    auto options = tests::file_options(path);
    options.exclusive = false;
    sqlite::Database db(options);
    std::vector<std::string> tables;
    {
        sqlite::Statement names(db, "SELECT name FROM sqlite_schema WHERE type = 'table'");
        auto run = names.start();
        while (run.next()) tables.push_back(run.text(0));
    }
    std::map<std::string, std::string> content;
    for (const auto& table : tables) {
        std::string columns;
        {
            sqlite::Statement info(db, "SELECT name FROM pragma_table_info('" + table + "')");
            auto run = info.start();
            while (run.next())
                columns += (columns.empty() ? "quote(" : " || ',' || quote(") + run.text(0) + ")";
        }
        sqlite::Statement rows(db, "SELECT " + columns + " FROM " + table + " ORDER BY 1");
        auto run = rows.start();
        while (run.next()) content[table] += run.text(0) + "\n";
    }
    store::EventLog log(db);
    content["digest"] = to_hex(store::state_digest(log, db));
    return content;
}

/// Machines of three clinics who speak of the same eight women, and what they send: new batches,
/// old ones, ones that overlap, come too early, or contradict what was sent.
struct Senders : tests::TestCentre {
    Senders() {
        for (int i = 0; i < 3; ++i) clinics.push_back(add_clinic());
        for (int i = 0; i < 4; ++i) {
            devices.push_back(enrol(clinics[static_cast<std::size_t>(i % 3)]));
            sent.push_back(0);
        }
    }

    Fact some_fact() {
        switch (random.below(7)) {
            case 0: return registration();
            case 1:
                return tests::fact("2026-01-03",
                                   Transfer{clinics[random.below(clinics.size())], ""});
            case 2: return tests::fact("2026-01-04", Link{some_woman(), "same number"});
            case 3: return tests::fact("2026-01-05", Unlink{some_woman()});
            case 4: return said.empty() ? registration() : tests::fact("", VoidFact{pick()});
            case 5: return random.chance(0.3) ? impossible() : registration();
            default: return tests::fact("2026-01-07", Dose{"cvx:165", {}, "LOT-1"});
        }
    }

    Fact registration() {
        Register who;
        who.who.area = random.chance(0.5) ? "350203" : "350205";
        who.who.sex = Sex::female;
        who.who.birth_date = *PartialDate::parse("2010-05-06");
        return tests::fact("2026-01-02", who);
    }

    /// What no fact may say.
    Fact impossible() {
        auto fact = registration();
        std::get<Register>(fact.detail)
            .who.identifiers.push_back({IdentifierKind::resident_id, "350203198503041235", {}});
        return fact;
    }

    EventUid pick() { return said[random.below(said.size())]; }

    WomanId some_woman() { return tests::woman(static_cast<std::uint8_t>(1 + random.below(8))); }

    void record_some(TestDevice& device) {
        for (auto count = 1 + random.below(4); count > 0; --count) {
            if (!lines.empty() && random.chance(0.1)) {  // One uid under a second number.
                device.log.record(lines[random.below(lines.size())]);
                continue;
            }
            said.push_back(device.record(some_fact(), some_woman()));
            const auto& entry = device.log.all.back();
            lines.push_back({entry.header, entry.content->salt, entry.content->payload});
        }
    }

    Upload upload_of(const TestDevice& device, sync::Batch batch) {
        Upload upload;
        upload.device = device.id;
        upload.batch_id = make_random_id<BatchTag>(random);
        upload.received = clock.now();
        upload.known_day = zone.local_day(upload.received);
        upload.clock_offset_ms = random.chance(0.2) ? 86'400'000 : 0;
        for (const auto& entry : batch.events) upload.verdicts.push_back(judge(entry));
        upload.batch = std::move(batch);
        return upload;
    }

    Upload next_upload() {
        clock.advance(std::chrono::minutes{7});
        const auto number = random.below(devices.size());
        auto& device = devices[number];
        const auto kind = random.below(10);
        if (kind == 0 && sent[number] > 1) {  // A copy of the machine, that went another way.
            const auto log = device.log;
            device.log.all.resize(static_cast<std::size_t>(sent[number] - 1));
            device.record(some_fact(), some_woman());
            auto upload = upload_of(device, device.batch(sent[number], 1));
            device.log = log;
            return upload;
        }
        if (kind == 1 && sent[number] > 0)
            return upload_of(device, device.batch(1 + random.below(sent[number]), 3));
        record_some(device);
        const auto head = device.log.head().seq;
        if (kind == 2 && head > sent[number] + 1)  // Too early.
            return upload_of(device, device.batch(sent[number] + 2, 4000));
        const auto from = random.chance(0.2) && sent[number] > 0 ? sent[number] : sent[number] + 1;
        sent[number] = head;
        return upload_of(device, device.batch(from, 4000));
    }

    /// A centre in another file, that knows the same machines.
    std::unique_ptr<SqliteStore> twin(const std::string& path, const StoreOptions& options = {}) {
        auto made = *SqliteStore::create(path, options);
        for (int i = 0; i < 3; ++i) (void)made->add_clinic({"A clinic", "350203"}, test_time);
        for (std::size_t i = 0; i < devices.size(); ++i) {
            const auto locator = "L" + std::to_string(i);
            REQUIRE(made->save_code(
                {locator, Hash{}, clinics[i % 3], test_time + std::chrono::hours{1}}, test_time));
            auto device = devices[i].enrolled_at(clinics[i % 3]);
            device.enrolled = test_time;
            REQUIRE(made->enrol(locator, device));
        }
        return made;
    }

    const Instant test_time = clock.now();
    std::vector<std::string> clinics;
    std::vector<TestDevice> devices;
    std::vector<std::uint64_t> sent;  // Up to where each has said all.
    std::vector<EventUid> said;
    std::vector<codec::EncodedEvent> lines;
};

bool are_alike(const Result<Ingested>& a, const Result<Ingested>& b) {
    if (!a || !b) return !a && !b && a.error().code == b.error().code;
    return a->code == b->code && a->head == b->head && a->added == b->added &&
           a->safe_seq == b->safe_seq && a->news == b->news;
}

/// Throws what storing any of them threw.
std::vector<Result<Ingested>> ingest_together(SqliteStore& store, std::span<const Upload> uploads) {
    std::vector<WaitingUpload> waiting;
    for (const auto& upload : uploads) waiting.emplace_back(Upload(upload));
    std::vector<WaitingUpload*> group;
    for (auto& one : waiting) group.push_back(&one);
    store.ingest_group(group);
    std::vector<Result<Ingested>> outcomes;
    for (auto& one : waiting) {
        if (one.failure) std::rethrow_exception(one.failure);
        outcomes.push_back(*std::move(one.outcome));
    }
    return outcomes;
}

/// Stores them in groups of up to `most`.
std::vector<Result<Ingested>> ingest_grouped(SqliteStore& store, std::span<const Upload> uploads,
                                             std::size_t most, SeededRandom& random) {
    std::vector<Result<Ingested>> outcomes;
    while (!uploads.empty()) {
        const auto count =
            std::min(uploads.size(), static_cast<std::size_t>(1 + random.below(most)));
        for (auto& outcome : ingest_together(store, uploads.first(count)))
            outcomes.push_back(std::move(outcome));
        uploads = uploads.subspan(count);
    }
    return outcomes;
}

}  // namespace

TEST_SUITE("sync/central/group_commit") {
    TEST_CASE_FIXTURE(Senders,
                      "in whatever groups uploads come, rows, answers and feeds are those "
                      "of one after the other") {
        std::vector<Upload> uploads;
        for (int i = 0; i < 150; ++i) uploads.push_back(next_upload());
        const auto shut_out = devices.back().id;
        std::map<sync::UploadCode, int> codes;
        int refused = 0;
        std::vector<Result<Ingested>> alone;
        {
            auto one = twin(folder.file("one.db"));
            one->revoke_device(shut_out, test_time);
            for (const auto& upload : uploads) alone.push_back(one->ingest(Upload(upload)));
        }
        for (const auto& outcome : alone) {
            if (outcome)
                ++codes[outcome->code];
            else
                ++refused;
        }
        // The worlds are worth it.
        CHECK(codes[sync::UploadCode::applied] > 50);
        CHECK(codes[sync::UploadCode::gap] > 0);
        CHECK(codes[sync::UploadCode::fork] > 0);
        CHECK(refused > 0);
        const auto expected = content_of(folder.file("one.db"));
        CHECK(expected.at("feed").size() > 1000);
        CHECK(expected.contains("quarantine"));
        for (const std::size_t most : {2U, 5U, 16U, 150U}) {
            CAPTURE(most);
            const auto path = folder.file("many" + std::to_string(most) + ".db");
            std::vector<Result<Ingested>> grouped;
            {
                auto many = twin(path);
                many->revoke_device(shut_out, test_time);
                grouped = ingest_grouped(*many, uploads, most, random);
            }
            bool same = grouped.size() == alone.size();
            for (std::size_t i = 0; same && i < alone.size(); ++i)
                same = are_alike(alone[i], grouped[i]);
            CHECK(same);
            const auto content = content_of(path);
            for (const auto& [table, rows] : expected) {
                CAPTURE(table);
                const bool is_same = content.contains(table) && content.at(table) == rows;
                CHECK(is_same);
            }
            CHECK(content.size() == expected.size());
        }
    }

    TEST_CASE_FIXTURE(Senders, "one that can't be stored fails alone; the others are stored") {
        for (std::size_t i = 0; i < 3; ++i) devices[i].record(4);
        REQUIRE(send(devices[1].envelope(1, 3)));
        ingester.reset();
        store.reset();
        {
            sqlite::Database db(tests::file_options(db_path()));
            tests::change_unguarded(db, "DELETE FROM event WHERE seq = 2");
        }
        reopen();
        std::vector<WaitingUpload> waiting;
        for (std::size_t i = 0; i < 3; ++i)
            waiting.emplace_back(upload_of(devices[i], devices[i].batch(1, i == 1 ? 2 : 4)));
        std::vector<WaitingUpload*> group{&waiting[0], &waiting[1], &waiting[2]};
        store->ingest_group(group);
        CHECK(waiting[1].failure);
        for (const std::size_t i : {0U, 2U}) {
            REQUIRE(waiting[i].outcome);
            CHECK((*waiting[i].outcome)->head == devices[i].log.head());
            CHECK(store->head(devices[i].id) == devices[i].log.head());
        }
        CHECK(store->head(devices[1].id).seq == 3);
    }

    TEST_CASE_FIXTURE(Senders,
                      "nobody is answered before the commit: if that fails, nothing is there") {
        for (auto& device : devices) device.record(3);
        int tries = 0;
        store->before_commit([&] {
            ++tries;
            throw std::runtime_error("the machine died");
        });
        std::vector<WaitingUpload> waiting;
        for (auto& device : devices) waiting.emplace_back(upload_of(device, device.batch(1, 3)));
        std::vector<WaitingUpload*> group;
        for (auto& one : waiting) group.push_back(&one);
        store->ingest_group(group);
        CHECK(tries == 5);  // Together, then each alone.
        for (const auto& one : waiting) {
            CHECK(one.failure);
            CHECK_FALSE(one.outcome);
        }
        CHECK(count("SELECT count(*) FROM event") == 0);
        // What failed together may go well alone.
        tries = 0;
        store->before_commit([&] {
            if (++tries == 1) throw std::runtime_error("the disk was full for a moment");
        });
        for (auto& one : waiting) one.failure = nullptr;
        store->ingest_group(group);
        for (const auto& one : waiting) REQUIRE(one.outcome);
        CHECK(count("SELECT count(*) FROM event") == 12);
    }

    TEST_CASE_FIXTURE(Senders, "many threads at once: all is there, each fact once") {
        for (auto& device : devices) device.record(60);
        std::vector<std::thread> threads;
        std::vector<std::vector<Upload>> uploads(devices.size());
        for (std::size_t i = 0; i < devices.size(); ++i) {
            for (std::uint64_t from = 1; from <= 60; from += 3)
                uploads[i].push_back(upload_of(devices[i], devices[i].batch(from, 3)));
        }
        for (std::size_t i = 0; i < devices.size(); ++i) {
            threads.emplace_back([&, i] {
                for (auto& upload : uploads[i]) {
                    const auto last = upload.batch.last_seq();
                    const auto done = store->ingest(std::move(upload));
                    REQUIRE(done);
                    CHECK(done->head.seq == last);
                }
            });
        }
        for (auto& thread : threads) thread.join();
        CHECK(count("SELECT count(*) FROM event") == 240);
        NoProgress nobody;
        CHECK(store->verify(folder.file("copy.db"), tests::day("2026-03-05"), nobody).empty());
    }

    TEST_CASE_FIXTURE(Senders,
                      "the power is cut at every operation of a group: all of it is there "
                      "or nothing, and it can be sent again") {
        for (auto& device : devices) device.record(5);
        std::vector<Upload> uploads;
        for (auto& device : devices) uploads.push_back(upload_of(device, device.batch(1, 5)));
        tests::SimDisk disk{1};
        SeededRandom chance{2};
        vault::Mount mount{tests::test_data_key().view(), chance, disk.vfs_name()};
        StoreOptions options;
        options.vfs_name = mount.vfs_name();
        options.base_vfs = disk.vfs_name();
        options.is_exclusive = true;
        options.indicators = std::span(coverage::known_indicators()).first(2);
        const std::string path = "/centre.db";
        NoProgress nobody;
        const auto open = [&] { return *SqliteStore::open(path, nobody, options); };
        (void)twin(path, options);
        const auto image = disk.files();
        int kept = 0;
        int lost = 0;
        std::uint64_t cuts = 0;
        for (bool is_whole = false; !is_whole; ++cuts) {
            CAPTURE(cuts);
            disk.set_files(image);
            disk.set_seed(cuts);
            bool answered = false;
            {
                auto cut = open();
                disk.fail_at(cuts + 1, DiskFault::power_cut);
                try {
                    (void)ingest_together(*cut, uploads);
                    answered = true;
                } catch (const sqlite::SqliteError&) {
                    REQUIRE(disk.has_failed());
                }
                is_whole = !disk.has_failed();
            }
            disk.crash();
            auto after = open();
            std::uint64_t here = 0;
            for (const auto& device : devices) here += after->head(device.id).seq;
            CHECK((here == 0 || here == 20));
            if (answered) CHECK(here == 20);
            ++(here == 20 ? kept : lost);
            (void)ingest_together(*after, uploads);
            for (const auto& device : devices) CHECK(after->head(device.id).seq == 5);
            if (cuts % 5 == 0)
                CHECK(after->verify("/copy.db", tests::day("2026-03-05"), nobody).empty());
        }
        CHECK(cuts > 10);
        CHECK(lost > 5);
        CHECK(kept > 0);
        MESSAGE(cuts << " cuts: after " << lost << " nothing of the group was there, after " << kept
                     << " all");
    }
}

}  // namespace egret::central
