#include "sync/daemon/centre_clock.h"

#include <doctest/doctest.h>

namespace egret::daemon {
namespace {

const Instant now = instant_from_unix_ms(1'780'000'000'000);

central::DeviceStatus heard(Instant seen, bool clock_suspect) {
    central::DeviceStatus status;
    status.seen = seen;
    status.clock_suspect = clock_suspect;
    return status;
}

/// The id of the message, or "".
std::string doubt(const std::vector<central::DeviceStatus>& statuses) {
    const auto why = doubt_centre_clock(statuses, now, *icu::TimeZone::parse("Asia/Shanghai"));
    return why ? why->id : "";
}

}  // namespace

TEST_SUITE("sync/daemon/centre_clock") {
    TEST_CASE("a clock that stands before the last batch is doubted") {
        CHECK(doubt({heard(now + std::chrono::days{1}, false)}) == "central.clock_before");
        CHECK(doubt({heard(now + std::chrono::seconds{5}, false)}).empty());
        CHECK(doubt({}).empty());
        CHECK(doubt({central::DeviceStatus{}}).empty());
    }

    TEST_CASE("where most machines disagree, the centre's clock is the one to look at") {
        CHECK(doubt({heard(now, true), heard(now, true), heard(now, false)}) ==
              "central.clock_alone");
        CHECK(doubt({heard(now, true), heard(now, false)}).empty());
        CHECK(doubt({heard(now, true)}).empty());
        auto shut_out = heard(now, true);
        shut_out.device.revoked = now;
        CHECK(doubt({heard(now, true), shut_out}).empty());
    }
}

}  // namespace egret::daemon
