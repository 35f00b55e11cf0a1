#pragma once

#include "sync/central/centre_keys.h"
#include "sync/central/ingest.h"
#include "sync/central/sqlite_store.h"
#include "tests/support/facts.h"
#include "tests/support/memory_log.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/central/found_centre.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

/// A centre in a folder of its own, and devices that were let in without the network.
namespace egret::tests {

inline constexpr Instant test_start =
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + std::chrono::hours{4};

/// One machine of a clinic: its keys, its log, and the envelopes that it seals.
class TestDevice {
public:
    TestDevice(Random& random, const Clock& clock, const crypto::SealPublicKey& centre)
        : random_(&random),
          clock_(&clock),
          centre_(centre),
          id(make_random_id<DeviceTag>(random)),
          sign(crypto::SigningKey::generate(random)),
          seal(crypto::SealKeyPair::generate(random)),
          facts(random) {}

    central::Device enrolled_at(const std::string& clinic) const {
        return {id, clinic, {sign.public_key(), seal.public_key(), Hash{}, 1}, clock_->now()};
    }

    void record(std::size_t count) {
        while (count-- > 0) log.record(facts.next());
    }

    /// A fact of that woman.
    EventUid record(Fact fact, const WomanId& subject) {
        Event event;
        event.uid = make_random_id<EventTag>(*random_);
        event.hlc = Hlc{}.next(clock_->now());
        event.subject = subject;
        event.fact = std::move(fact);
        log.record(*codec::encode_event(event, *random_));
        return event.uid;
    }

    sync::Batch batch(std::uint64_t first, std::size_t count) const {
        auto made = batch_of(log, first, count);
        made.clock_ms = unix_ms(clock_->now());
        return made;
    }

    Bytes envelope(const sync::Batch& made) const {
        return sync::seal_batch(made, {id, 1, sync::EnvelopeSuite::aes_256_gcm, centre_}, sign,
                                *random_);
    }

    Bytes envelope(std::uint64_t first, std::size_t count) const {
        return envelope(batch(first, count));
    }

private:
    Random* random_;
    const Clock* clock_;
    crypto::SealPublicKey centre_;

public:
    DeviceId id;
    crypto::SigningKey sign;
    crypto::SealKeyPair seal;
    FactMaker facts;
    MemoryLog log;
};

struct TestCentre {
    /// With keys of women, or with their facts as they came.
    explicit TestCentre(bool has_woman_keys = false) : is_keyed(has_woman_keys) {
        const auto place = folder.file("keys");
        REQUIRE(central::CentreKeys::create({place, place, test_data_key()}, "Programme",
                                            clock.now(), random));
        keys = std::make_unique<central::CentreKeys>(
            *central::CentreKeys::load(place, test_data_key()));
        store = *central::SqliteStore::create(db_path(), store_options());
        open_ingester();
    }

    std::string db_path() const { return folder.file("centre.db"); }

    std::string woman_keys_path() const { return folder.file("keys.db"); }

    central::StoreOptions store_options() const {
        central::StoreOptions options;
        if (is_keyed) options.keys_path = woman_keys_path();
        return options;
    }

    void open_ingester() {
        ingester = std::make_unique<central::Ingester>(*store, *keys, zone, clock);
    }

    /// As after a restart.
    void reopen() {
        ingester.reset();
        store.reset();
        NoProgress nobody;
        store = *central::SqliteStore::open(db_path(), nobody, store_options());
        open_ingester();
    }

    std::string add_clinic() {
        return store->add_clinic({"A clinic", "350203"}, clock.now())->code;
    }

    TestDevice enrol(const std::string& clinic) {
        TestDevice device(random, clock, keys->seal_key());
        const std::string locator = device.id.to_string().substr(0, 4);
        REQUIRE(store->save_code({locator, Hash{}, clinic, clock.now() + std::chrono::hours{1}},
                                 clock.now()));
        REQUIRE(store->enrol(locator, device.enrolled_at(clinic)));
        return device;
    }

    Result<sync::UploadReply> send(ByteView envelope) { return ingester->ingest(envelope, {}); }

    /// The number of rows of a table, or whatever the SQL counts.
    /// When the last of all facts took effect, in ms.
    std::int64_t last_effective_ms() {
        sqlite::OpenOptions options;
        options.path = db_path();
        options.read_only = true;
        sqlite::Database db(options);
        store::EventLog log(db);
        std::int64_t last = 0;
        for (const auto& head : log.heads()) {
            for (const auto& entry : log.entries(head.device, 1, head.seq, SIZE_MAX)) {
                const auto header = codec::decode_header(entry.event.header);
                if (!header) continue;
                if (const auto logged = log.find(header->uid))
                    last = std::max(last, logged->order.effective.ms());
            }
        }
        return last;
    }

    std::int64_t count(const std::string& sql) {
        sqlite::OpenOptions options;
        options.path = db_path();
        options.read_only = true;
        sqlite::Database db(options);
        sqlite::Statement statement(db, sql);
        return statement.start().single().int64(0);
    }

    bool is_keyed;
    TempDir folder;
    SeededRandom random{7};
    ManualClock clock{test_start};
    icu::TimeZone zone = *icu::TimeZone::parse("Asia/Shanghai");
    std::unique_ptr<central::CentreKeys> keys;
    std::unique_ptr<central::SqliteStore> store;
    std::unique_ptr<central::Ingester> ingester;
};

}  // namespace egret::tests
