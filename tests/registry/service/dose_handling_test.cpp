#include "registry/service/dose_handling.h"

#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <string>

namespace egret {
namespace {

using service::Recorder;
using tests::fact;

using Codes = std::set<std::string>;

struct HandlingFixture : tests::ClinicFixture {
    /// What is warned of beside the schedule.
    Codes warned(const WomanId& woman, Fact dose) {
        const auto warnings = Recorder(*clinic).preview(nurse, woman, dose);
        REQUIRE(warnings);
        Codes codes;
        for (const auto& warning : *warnings) codes.insert(warning.code);
        return codes;
    }

    static Fact dose(std::string_view date, const std::function<void(Dose&)>& change) {
        Dose detail;
        detail.product = "egret:cecolin";
        change(detail);
        return fact(date, detail);
    }
};

TEST_SUITE("registry/service/dose_handling") {
    TEST_CASE_FIXTURE(HandlingFixture, "a lot is good to the last day that its label says") {
        const auto woman = add(somebody("陈小丽", "2000-05-05"));
        const auto expiring = [&](const char* date, const char* expires_on) {
            return warned(woman, dose(date, [&](Dose& one) {
                              one.expires_on = *PartialDate::parse(expires_on);
                          }));
        };
        CHECK(expiring("2026-04-30", "2026-04-30").empty());
        CHECK(expiring("2026-05-01", "2026-04-30") == Codes{"lot_expired"});
        CHECK(expiring("2026-04-30", "2026-04").empty());
        CHECK(expiring("2026-05-01", "2026-04") == Codes{"lot_expired"});
        CHECK(expiring("2026-05-01", "2028-06").empty());
    }

    TEST_CASE_FIXTURE(HandlingFixture, "a vial monitor at its discard point is warned of") {
        const auto woman = add(somebody("陈小丽", "2000-05-05"));
        const auto at_stage = [&](std::int64_t stage) {
            return warned(woman, dose("2026-05-01", [&](Dose& one) { one.vvm_stage = stage; }));
        };
        CHECK(at_stage(2).empty());
        CHECK(at_stage(3) == Codes{"vvm_discard"});
        CHECK(at_stage(4) == Codes{"vvm_discard"});
    }

    TEST_CASE_FIXTURE(HandlingFixture, "a dose that was not given is warned of nothing") {
        const auto woman = add(somebody("陈小丽", "2000-05-05"));
        auto made = dose("2026-05-01",
                         [](Dose& one) { one.expires_on = *PartialDate::parse("2020-01-01"); });
        made.at.status = EventStatus::not_done;
        CHECK(warned(woman, made).empty());
    }
}

}  // namespace
}  // namespace egret
