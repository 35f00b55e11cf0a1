#pragma once

#include "registry/coverage/indicator.h"
#include "registry/service/clinic.h"
#include "registry/service/recorder.h"
#include "registry/service/registrar.h"
#include "registry/sqlite/error.h"
#include "tests/support/facts.h"
#include "tests/support/sim_disk.h"

#include <doctest/doctest.h>

#include <memory>
#include <span>
#include <string>
#include <system_error>

namespace egret::tests {

/// A clinic whose every file lies on a simulated disk, on 1 May 2026 in Xiamen.
struct DiskClinic {
    static constexpr auto home = "/clinic";

    service::Unlocked unlocked() const {
        UserId user;
        user.bytes.fill(7);
        return {keys::DataKey(key), user, crypto::Secret(link_key)};
    }

    service::World world() {
        service::World all{clock, random};
        all.base_vfs = disk.vfs_name();
        all.disk = &disk;
        all.seal_chance = &seal_chance;
        all.indicators = std::span(coverage::known_indicators()).first(3);
        return all;
    }

    Result<Done> create() {
        auto made = service::Clinic::create(home, {"思明区妇幼保健院", "350203", "林护士"},
                                            unlocked(), world());
        if (!made) return made.error();
        clinic = *std::move(made);
        return Done{};
    }

    Result<Done> open() {
        auto opened = service::Clinic::open(home, unlocked(), world());
        if (!opened) return opened.error();
        clinic = *std::move(opened);
        return Done{};
    }

    /// What was answered is an error.
    struct Refused {};

    /// What a failing disk throws passes through here, as it wouldn't through REQUIRE.
    template <class T>
    static T must(Result<T> result) {
        if (!result) throw Refused{};
        return *std::move(result);
    }

    /// A woman, and a visit of hers.
    void record() {
        Demographics who;
        who.names = {{NameUse::official, "王小丽" + std::to_string(added++), {}}};
        who.birth_date = *PartialDate::parse("1985-03-04");
        who.sex = Sex::female;
        who.area = "350203";
        const auto added_now =
            must(service::Registrar(*clinic).add(clinic->caller(), std::move(who)));
        must(service::Recorder(*clinic).record(clinic->caller(), added_now.woman,
                                               fact("2026-04-30", Visit{})));
    }

    store::Head head() { return *clinic->log().find_head(clinic->device()); }

    /// Whether `work` ran to its end; else the disk stopped it, and nothing else may.
    template <class Work>
    bool is_done(const Work& work) {
        try {
            work();
            return true;
        } catch (const sqlite::SqliteError&) {
            CHECK(disk.has_failed());
        } catch (const std::system_error&) {
            CHECK(disk.has_failed());
        } catch (const Refused&) {
            CHECK(disk.has_failed());
        }
        return false;
    }

    SimDisk disk{1};
    ManualClock clock{instant_from_unix_ms(1'777'608'000'000)};  // 2026-05-01 04:00 UTC
    SeededRandom random{20260501};
    SeededRandom seal_chance{20260502};
    Fixed<32> key = random.bytes<32>();
    Bytes link_key{};
    std::unique_ptr<service::Clinic> clinic;
    int added = 0;
};

}  // namespace egret::tests
