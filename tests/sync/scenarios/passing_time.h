#pragma once

#include "sync/central/key_promotion.h"
#include "tests/sync/scenarios/machines.h"

#include <doctest/doctest.h>

#include <chrono>

namespace egret::tests {

/// A clinic and its centre, over years.
struct PassingTime : MachinesFixture {
    void pass(std::chrono::days time) {
        machine.close();
        clock.advance(time);
        centre.clock.set(clock.now());
    }

    /// Somebody at the clinic looks at the calendar.
    void confirm_day() { confirm_day(machine); }

    void confirm_day(Machine& at) {
        auto& registry = at.open();
        const auto today = registry.time_zone().local_day(clock.now());
        if (!registry.recording_day()) REQUIRE(registry.confirm_today(today));
    }

    /// What egretd promote-key does with the root.
    void sign_next_bundle() {
        const auto ring = central::promote(centre.keys->ring(),
                                           *centre.keys->load_root(centre.folder.file("keys")),
                                           centre.clock.now(), 1, centre.random);
        REQUIRE(ring);
        centre.keys->replace_ring(*ring, centre.random);
    }

    /// The bundle that the machine has.
    sync::KeyBundle held() {
        const auto keys = client::LinkKeys::load(machine.home());
        REQUIRE(keys);
        const auto& membership = *(*keys)->membership();
        return *sync::open_bundle(membership.bundle, membership.root);
    }

    static std::uint32_t epoch_of(const Machine& at) {
        return (*client::LinkKeys::load(at.home()))->epoch();
    }

    central::Device at_centre(const Machine& at) {
        const auto keys = client::LinkKeys::load(at.home());
        const auto device = centre.store->find_device((*keys)->membership()->device);
        REQUIRE(device);
        return *device;
    }
};

}  // namespace egret::tests
