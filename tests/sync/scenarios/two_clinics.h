#pragma once

#include "tests/sync/scenarios/machines.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::tests {

/// Two clinics of one centre. The first refers a woman to the second.
struct TwoClinicsFixture : MachinesFixture {
    TwoClinicsFixture() {
        SeededRandom chance(77);
        const service::World around{clock, chance, build_day, sqlite::Synchronous::off};
        REQUIRE(service::Clinic::create(other.home(), {"厦门市妇幼保健院", "350203", "陈医生"},
                                        unlocked(), around));
        client::ClinicLink link(other.open_unlinked(), other.home(), way());
        REQUIRE(link.enrol("https://centre:8443", service.add_clinic({"Other", "350203"})->code,
                           quiet));
        other.close();
        CHECK(machine.sync().report.left == 0);
        CHECK(other.sync().report.left == 0);
    }

    /// A woman of the first clinic.
    WomanId add_woman(const char* name) {
        auto& registry = machine.open();
        const auto made = service::Registrar(registry).add(nurse_of(machine), somebody(name));
        REQUIRE(made);
        return made->woman;
    }

    /// The same, whom the second is to be told of.
    WomanId refer(const char* name) {
        const auto woman = add_woman(name);
        machine.record_of(woman, fact("2026-04-30", Referral{"", "C002", "HPV16+", {}}));
        return woman;
    }

    static service::Caller nurse_of(Machine& at) {
        auto caller = at.open().caller();
        caller.role = service::Role::nurse;
        return caller;
    }

    client::SyncOutcome whole_sync(Machine& at) {
        const auto outcome = at.sync();
        CHECK_FALSE(outcome.report.error);
        CHECK_FALSE(outcome.must_stop);
        CHECK(outcome.report.left == 0);
        return outcome;
    }

    /// All that was said of her, as far as it is there and can be read.
    static std::size_t facts_of(Machine& at, const WomanId& woman) {
        auto& registry = at.open();
        return registry.log().events_of(registry.linked_ids(woman)).size();
    }

    Machine other{*this, dir.file("other"), 3};
};

}  // namespace egret::tests
