#pragma once

#include "registry/service/clinic.h"
#include "registry/service/recorder.h"
#include "registry/service/registrar.h"
#include "tests/support/facts.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

namespace egret::tests {

/// A clinic of its own, on 1 May 2026 at noon in Xiamen, with a nurse.
struct ClinicFixture {
    ClinicFixture() {
        auto made = service::Clinic::create(
            dir.file("clinic"), {"思明区妇幼保健院", "350203", "林护士"}, unlocked(), world());
        REQUIRE(made);
        clinic = *std::move(made);
        nurse = clinic->caller();
        nurse.role = service::Role::nurse;
    }

    /// The registry's key, and the nurse who has it.
    service::Unlocked unlocked() const {
        UserId user;
        user.bytes.fill(7);
        return {keys::DataKey(key), user};
    }

    service::World world() { return {clock, random, build_day, sqlite::Synchronous::off}; }

    void reopen() {
        clinic.reset();
        auto opened = service::Clinic::open(dir.file("clinic"), unlocked(), world());
        REQUIRE(opened);
        clinic = *std::move(opened);
    }

    static Demographics somebody(const char* name = "王小丽", const char* birth = "1985-03-04") {
        Demographics who;
        who.names = {{NameUse::official, name, {}}};
        who.birth_date = *PartialDate::parse(birth);
        who.sex = Sex::female;
        who.area = "350203";
        return who;
    }

    WomanId add(Demographics who = somebody()) {
        auto added = service::Registrar(*clinic).add(nurse, std::move(who));
        REQUIRE(added);
        return added->woman;
    }

    TempDir dir;
    ManualClock clock{instant_from_unix_ms(1'777'608'000'000)};  // 2026-05-01 04:00 UTC
    SeededRandom random{20260501};
    Fixed<32> key = random.bytes<32>();
    Date build_day = Date::from_days(0);
    std::unique_ptr<service::Clinic> clinic;
    service::Caller nurse;
};

}  // namespace egret::tests
