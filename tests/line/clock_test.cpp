// A machine whose clock is decades off, and a centre whose clock is right, over real TLS.

#include "sync/client/outbox_keeper.h"
#include "sync/client/outbox_sync.h"
#include "tests/line/line_fixture.h"

#include <doctest/doctest.h>

#include <chrono>
#include <map>

namespace egret::tests {
namespace {

Instant new_year(int year) {
    return std::chrono::sys_days{std::chrono::year{year} / 1 / 1} + std::chrono::hours{3};
}

struct ClockFixture : LineFixture {
    /// When each fact of that machine took effect at the centre, in ms.
    std::map<EventUid, std::int64_t> effects_of(const DeviceId& device) {
        sqlite::OpenOptions options;
        options.path = centre.db_path();
        options.read_only = true;
        sqlite::Database db(options);
        store::EventLog events(db);
        std::map<EventUid, std::int64_t> effects;
        for (const auto& entry : events.entries(device, 1, 1000, SIZE_MAX)) {
            const auto uid = codec::decode_header(entry.event.header)->uid;
            effects[uid] = events.find(uid)->order.effective.ms();
        }
        return effects;
    }

    /// Another clinic, whose clock is right.
    TestDevice neighbour() {
        auto device = centre.enrol(centre.add_clinic());
        device.record(6);
        REQUIRE(centre.send(device.envelope(1, 6)));
        return device;
    }

    /// What was recorded lies sealed, and the registry is locked.
    client::SyncOutcome sync_locked() {
        const auto keys = client::LinkKeys::load(home(), clinic->link_key());
        REQUIRE(keys);
        client::OutboxSync sync({**keys, clock, random, instant_from_unix_ms(0)}, home(),
                                client::connect_https);
        auto outcome = sync.sync(url(port), quiet);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    /// All is handed over, nothing is ordered after it came, and nobody else is put elsewhere.
    void hold(const TestDevice& other, const std::map<EventUid, std::int64_t>& before) {
        CHECK(acked() == head());
        CHECK(at_centre() == head());
        CHECK(centre.last_effective_ms() <= unix_ms(centre.clock.now()));
        CHECK(effects_of(other.id) == before);
        check_neighbour_and_us(other);
    }

    void check_neighbour_and_us(const TestDevice& other) {
        CHECK(centre.store->head(other.id).seq == 6);
        CHECK(centre.store->verify(centre.folder.file("copy"), day("2026-05-01"), quiet).empty());
    }
};

TEST_SUITE("line/clock") {
    TEST_CASE_FIXTURE(ClockFixture,
                      "a clock that jumped to 2001 or 2099: the sync goes through, and "
                      "others' order stays") {
        enrol_by_https();
        record(1);
        CHECK_FALSE(sync_to(port).report.error);
        const auto other = neighbour();
        const auto before = effects_of(other.id);
        record(2);
        SUBCASE("2001") { clock.set(new_year(2001)); }
        SUBCASE("2099") { clock.set(new_year(2099)); }
        centre.clock.advance(std::chrono::hours{9});
        const auto outcome = sync_to(port);
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.sent == 4);
        hold(other, before);
        // And once more, with nothing to hand over.
        CHECK_FALSE(sync_to(port).report.error);
    }

    TEST_CASE_FIXTURE(ClockFixture, "the same while the registry is locked") {
        enrol_by_https();
        record(1);
        CHECK_FALSE(sync_to(port).report.error);
        const auto other = neighbour();
        const auto before = effects_of(other.id);
        const auto keeper = client::OutboxKeeper::find(*clinic, home());
        REQUIRE(keeper);
        record(2);
        keeper->seal_new();
        SUBCASE("2001") { clock.set(new_year(2001)); }
        SUBCASE("2099") { clock.set(new_year(2099)); }
        const auto outcome = sync_locked();
        const auto why = outcome.report.error ? outcome.report.error->message.id : "";
        CHECK(why == "");
        CHECK(at_centre() == head());
        CHECK(centre.last_effective_ms() <= unix_ms(centre.clock.now()));
        CHECK(effects_of(other.id) == before);
    }

    TEST_CASE_FIXTURE(ClockFixture, "a machine joins in 2001 and in 2099, too") {
        const auto code = first_code();
        const auto other = neighbour();
        const auto before = effects_of(other.id);
        SUBCASE("2001") { clock.set(new_year(2001)); }
        SUBCASE("2099") { clock.set(new_year(2099)); }
        const auto enrolled = https_link().enrol(url(port), code, quiet);
        REQUIRE(enrolled);
        CHECK_FALSE(sync_to(port).report.error);
        hold(other, before);
    }
}

}  // namespace
}  // namespace egret::tests
