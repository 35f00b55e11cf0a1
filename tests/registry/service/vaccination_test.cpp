#include "registry/service/vaccination.h"

#include "tests/support/clinic_fixture.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace egret {
namespace {

using service::Recorder;
using tests::fact;

struct VaccinationFixture : tests::ClinicFixture {
    WomanId girl(const char* birth = "2012-05-05") {
        return agreed(add(somebody("陈小丽", birth)));
    }

    WomanId boy_born(const char* birth) {
        auto who = somebody("陈小明", birth);
        who.sex = Sex::male;
        return agreed(add(who));
    }

    /// Whose guardian has agreed.
    WomanId agreed(const WomanId& woman) {
        Consent consent;
        consent.scope = ConsentScope::vaccination;
        consent.decision = ConsentDecision::given;
        consent.by = ConsentGiver::guardian;
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("2025-01-01", consent)));
        return woman;
    }

    std::vector<service::Warning> warnings_about(const WomanId& woman, std::string_view date,
                                                 const std::string& product) {
        Dose dose;
        dose.product = product;
        auto warnings = Recorder(*clinic).preview(nurse, woman, fact(date, dose));
        REQUIRE(warnings);
        return *std::move(warnings);
    }

    /// The warnings about a dose, with the day from which it would be fine.
    std::map<std::string, std::string> warned(const WomanId& woman, std::string_view date,
                                              const std::string& product) {
        std::map<std::string, std::string> codes;
        for (const auto& warning : warnings_about(woman, date, product))
            codes[warning.code] = warning.from ? warning.from->to_string() : "";
        return codes;
    }

    EventUid give(const WomanId& woman, std::string_view date, const std::string& product) {
        Dose dose;
        dose.product = product;
        const auto recorded = Recorder(*clinic).record(nurse, woman, fact(date, dose));
        REQUIRE(recorded);
        return recorded->event;
    }

    /// The days of the doses that would count no more.
    static std::string days_lost(const std::vector<service::Warning>& warnings) {
        for (const auto& warning : warnings) {
            if (warning.code == "dose_loses_place") return warning.text.arguments.at(1).second;
        }
        return "";
    }

    std::string lost(const WomanId& woman, std::string_view date,
                     const std::string& product = "egret:gardasil-9") {
        return days_lost(warnings_about(woman, date, product));
    }
};

using Codes = std::map<std::string, std::string>;

TEST_SUITE("registry/service/vaccination") {
    TEST_CASE_FIXTURE(VaccinationFixture, "a dose in time is taken without a word") {
        CHECK(warned(girl(), "2026-05-01", "egret:cecolin").empty());
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "too young and too soon name the day that is fine") {
        CHECK(warned(girl("2017-05-03"), "2026-05-01", "egret:cecolin") ==
              Codes{{"too_young", "2026-05-03"}});
        const auto woman = girl();
        give(woman, "2026-01-31", "egret:cecolin");
        CHECK(warned(woman, "2026-05-01", "egret:cecolin") == Codes{{"too_soon", "2026-07-01"}});
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a dose that makes further ones necessary is warned of") {
        const auto woman = girl("2013-01-01");
        give(woman, "2025-09-01", "egret:gardasil-9");
        // It counts, but in a series of three.
        const auto warnings = warnings_about(woman, "2025-10-10", "egret:gardasil-9");
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].code == "longer_course");
        CHECK(warnings[0].from == *Date::parse("2026-02-01"));
        const std::vector<Message::Argument> expected = {
            {"dose", "2"}, {"planned", "2"}, {"from", "2026-02-01"}, {"needed", "3"}};
        CHECK(warnings[0].text.arguments == expected);
        CHECK(warned(woman, "2026-01-31", "egret:gardasil-9") ==
              Codes{{"longer_course", "2026-02-01"}});
        CHECK(warned(woman, "2026-02-01", "egret:gardasil-9").empty());
        // Who is followed by three doses anyhow loses nothing.
        const auto adult = add(somebody("王小丽", "2000-01-01"));
        give(adult, "2025-09-01", "egret:gardasil-9");
        CHECK(warned(adult, "2025-10-10", "egret:gardasil-9").empty());
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a dose that spoils a later one names that one's day") {
        const auto woman = add(somebody("王小丽", "1995-05-05"));
        give(woman, "2026-04-10", "egret:gardasil-9");
        CHECK(lost(woman, "2026-04-05") == "2026-04-10");
        CHECK(lost(woman, "2026-03-01").empty());  // Then that is her second.
        // A dose between two that count takes the place of the second, which comes too soon then.
        const auto young = girl("2012-05-05");
        give(young, "2025-09-01", "egret:cecolin");
        give(young, "2026-04-20", "egret:cecolin");
        CHECK(lost(young, "2026-04-01", "egret:cecolin") == "2026-04-20");
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "so does a corrected date, or voiding a dose") {
        const auto woman = add(somebody("王小丽", "1995-05-05"));
        const auto first = give(woman, "2026-01-10", "egret:gardasil-9");
        give(woman, "2026-03-10", "egret:gardasil-9");
        const auto correct = [&](const char* date) {
            Dose dose;
            dose.product = "egret:gardasil-9";
            auto corrected = Recorder(*clinic).correct(nurse, first, fact(date, dose), "typed");
            REQUIRE(corrected);
            return days_lost(corrected->warnings);
        };
        CHECK(correct("2026-01-11").empty());
        CHECK(correct("2026-03-05") == "2026-03-10");
        CHECK(correct("2026-03-06").empty());  // It is lost already.
        CHECK(correct("2026-01-10").empty());
        // Voiding a dose takes no other's place, but for one that was old enough by it alone.
        const auto voided = Recorder(*clinic).void_fact(nurse, first, "another's");
        REQUIRE(voided);
        CHECK(days_lost(voided->warnings).empty());
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a pregnancy without an end is asked after in time") {
        const auto woman = add(somebody("王小丽", "1995-05-05"));
        REQUIRE(Recorder(*clinic).record(
            nurse, woman, fact("", Flag{"pregnant", *PartialDate::parse("2025-01-01"), {}})));
        // 45 weeks are 315 days.
        CHECK(warned(woman, "2025-11-12", "egret:cecolin") == Codes{{"pregnant", ""}});
        CHECK(warned(woman, "2025-11-13", "egret:cecolin") ==
              Codes{{"pregnancy_open", ""}, {"pregnant", ""}});
        const auto other = add(somebody("林晴", "1995-05-05"));
        REQUIRE(
            Recorder(*clinic).record(nurse, other,
                                     fact("", Flag{"pregnant", *PartialDate::parse("2025-01-01"),
                                                   *PartialDate::parse("2025-10-01")})));
        CHECK(warned(other, "2025-11-13", "egret:cecolin").empty());
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "an earlier dose in the records is warned of, too") {
        const auto woman = girl();
        give(woman, "2026-01-31", "egret:cecolin");
        CHECK(warned(woman, "2026-01-31", "egret:cecolin").contains("same_day"));
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "pregnancy and allergy are warned of while they hold") {
        const auto woman = girl("1995-05-05");
        Flag pregnant;
        pregnant.code = "pregnant";
        pregnant.from = *PartialDate::parse("2026-03-01");
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("2026-03-01", pregnant)));
        CHECK(warned(woman, "2026-05-01", "egret:cecolin") == Codes{{"pregnant", ""}});
        CHECK(warned(woman, "2026-02-01", "egret:cecolin").empty());
        const auto other = girl("1995-06-06");
        Flag allergic;
        allergic.code = "allergy_component";
        REQUIRE(Recorder(*clinic).record(nurse, other, fact("2026-04-01", allergic)));
        CHECK(warned(other, "2026-05-01", "egret:cecolin") == Codes{{"allergy", ""}});
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a vaccine that isn't for her is warned of") {
        auto who = tests::ClinicFixture::somebody("陈小明", "2012-05-05");
        who.sex = Sex::male;
        CHECK(warned(agreed(add(who)), "2026-05-01", "egret:cecolin") ==
              Codes{{"not_for_her", ""}});
        CHECK(warned(girl("1970-01-01"), "2026-05-01", "egret:cecolin") == Codes{{"too_old", ""}});
        const auto woman = girl("1995-05-05");
        give(woman, "2025-01-01", "egret:gardasil-9");
        CHECK(warned(woman, "2026-05-01", "egret:cecolin") == Codes{{"wrong_product", ""}});
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a boy's mistaken dose doesn't keep his own from him") {
        const auto boy = boy_born("2009-05-05");
        CHECK(warned(boy, "2026-05-01", "egret:gardasil-9").empty());
        give(boy, "2025-11-20", "egret:cecolin");
        CHECK(warned(boy, "2026-05-01", "egret:gardasil-9").empty());
        CHECK(warned(boy, "2026-05-01", "egret:cecolin") == Codes{{"not_for_her", ""}});
        give(boy, "2026-04-01", "egret:gardasil-9");
        CHECK(warned(boy, "2026-04-20", "egret:walrinvax") == Codes{{"not_for_her", ""}});
    }

    TEST_CASE_FIXTURE(VaccinationFixture,
                      "what the label of the product forbids is said under every schedule") {
        const auto flagged = [&](const WomanId& woman, const char* code) {
            Flag flag;
            flag.code = code;
            REQUIRE(Recorder(*clinic).record(nurse, woman, fact("2026-01-01", flag)));
            return woman;
        };
        const auto woman = flagged(flagged(girl("2000-05-05"), "hiv"), "allergy_yeast");
        CHECK(warned(woman, "2026-05-01", "egret:gardasil-9") == Codes{{"allergy", ""}});
        CHECK(warned(woman, "2026-05-01", "egret:cecolin").empty());
        const auto begun = flagged(girl("2000-05-05"), "allergy_yeast");
        give(begun, "2025-05-01", "egret:cecolin");
        CHECK(warned(begun, "2026-05-01", "egret:gardasil-9") ==
              Codes{{"allergy", ""}, {"wrong_product", ""}});
        const auto boy = flagged(boy_born("2012-05-05"), "hiv");
        CHECK(warned(boy, "2026-05-01", "egret:cecolin") == Codes{{"not_for_her", ""}});
        CHECK(warned(boy, "2026-05-01", "cvx:118") ==
              Codes{{"not_for_her", ""}, {"product_not_exact", ""}});
        CHECK_FALSE(warned(boy, "2026-05-01", "cvx:165").contains("not_for_her"));
    }

    TEST_CASE_FIXTURE(VaccinationFixture,
                      "that a dose may be too early by an inexact date is said") {
        const Codes maybe{{"date_not_exact", ""}};
        CHECK(warned(girl("2017"), "2026-04-20", "egret:cecolin") == maybe);
        CHECK(warned(girl("2017-04"), "2026-04-29", "egret:cecolin") == maybe);
        CHECK(warned(girl("2017-04"), "2026-04-30", "egret:cecolin").empty());
        CHECK(warned(girl("2018"), "2026-04-20", "egret:cecolin").contains("too_young"));
        const auto after = [&](const char* first, const char* day) {
            const auto woman = girl();
            give(woman, first, "egret:cecolin");
            return warned(woman, day, "egret:cecolin");
        };
        CHECK(after("2025-11", "2026-04-05") == maybe);  // Five months, or four.
        CHECK(after("2025-11", "2026-04-30").empty());
        CHECK(after("2025", "2026-04-20") == maybe);
        CHECK(after("2026", "2026-04-20").contains("too_soon"));
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a vaccine that isn't used at all is named as that") {
        const auto woman = girl();
        give(woman, "2026-01-31", "egret:cecolin");
        const auto warnings = warnings_about(woman, "2026-02-20", "egret:gardasil-9");
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].code == "wrong_product");
        CHECK(warnings[0].text.id == "warning.vaccine_not_used");
        CHECK_FALSE(warnings[0].from);
    }

    TEST_CASE_FIXTURE(VaccinationFixture,
                      "a code that leaves the product open names those it may be") {
        const auto named = [&](const std::string& product) -> std::string {
            for (const auto& warning : warnings_about(girl(), "2026-05-01", product)) {
                if (warning.code == "product_not_exact")
                    return warning.text.arguments.front().second;
            }
            return "";
        };
        CHECK(named("cvx:118") == "egret:cecolin, egret:cervarix, egret:walrinvax");
        CHECK(named("cvx:165") == "egret:cecolin-9, egret:gardasil-9");
        CHECK(named("icd11:XM1821") == "egret:gardasil");
        CHECK(named("egret:cecolin") == "");
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a first dose that counts as recorded was too young") {
        CHECK(warned(girl("2011-11-09"), "2019-01-01", "egret:cecolin").at("too_young") ==
              "2020-11-09");
        CHECK(warned(girl("2011-11-09"), "2019-01-01", "cvx:118").at("too_young") == "2020-11-09");
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a further dose beyond the label's age is warned of") {
        const auto woman = girl("1978-05-08");
        give(woman, "2020-01-01", "egret:cecolin");
        CHECK(warned(woman, "2024-05-07", "egret:cecolin").empty());
        const auto warnings = warnings_about(woman, "2024-05-08", "egret:cecolin");
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].text.id == "warning.too_old_counts");
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "no day is promised that lies beyond the last age") {
        const auto codes_of = [&](const char* birth, const char* product) {
            const auto woman = girl(birth);
            give(woman, "2020-01-01", product);
            give(woman, "2026-04-01", product);
            return warned(woman, "2026-04-20", product);
        };
        CHECK(codes_of("1980-01-01", "egret:cecolin") == Codes{{"too_soon_then_too_old", ""}});
        CHECK(codes_of("1995-06-01", "egret:walrinvax") == Codes{{"too_soon_then_too_old", ""}});
        // The day before the birthday she may still have it, on it not.
        const auto from = codes_of("1995-01-01", "egret:cecolin").at("too_soon");
        const auto last = *Date::parse(from);
        const auto born = [&](Date day) { return birthday(day, -46).to_string(); };
        CHECK(codes_of(born(last.plus_days(1)).c_str(), "egret:cecolin") ==
              Codes{{"too_soon", from}});
        CHECK(codes_of(born(last).c_str(), "egret:cecolin") ==
              Codes{{"too_soon_then_too_old", ""}});
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a dose beside one without a date is remarked on") {
        const auto woman = girl();
        Dose dose;
        dose.product = "egret:cecolin";
        Fact undated;
        undated.detail = dose;
        sqlite::WriteTransaction tx(clinic->database());
        std::vector<service::Draft> drafts;
        drafts.push_back({woman, undated});
        const auto uids = clinic->append(nurse, std::move(drafts), tx);
        REQUIRE(uids);
        tx.commit();
        const auto warnings = warnings_about(woman, "2026-05-01", "egret:cecolin");
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].text ==
              msg("warning.undated_dose", {{"event", uids->front().to_string()}}));
        // The one that gets its date is not held against itself.
        const auto corrected =
            Recorder(*clinic).correct(nurse, uids->front(), fact("2025-06-01", dose), "card");
        REQUIRE(corrected);
        CHECK(corrected->warnings.empty());
        CHECK_FALSE(warned(woman, "2026-05-01", "egret:cecolin").contains("undated_dose"));
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "a dose after the last is warned of as superfluous") {
        const auto woman = girl();
        give(woman, "2025-11-20", "egret:cecolin");
        give(woman, "2026-04-25", "egret:cecolin");
        CHECK(warned(woman, "2026-05-01", "egret:cecolin") == Codes{{"already_complete", ""}});
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "the third dose of a risk group is none too many") {
        const auto woman = girl("2012-01-08");
        Flag hiv;
        hiv.code = "hiv";
        REQUIRE(Recorder(*clinic).record(nurse, woman, fact("2025-01-01", hiv)));
        give(woman, "2025-05-01", "egret:cecolin");
        give(woman, "2025-11-10", "egret:cecolin");
        CHECK(warned(woman, "2026-04-30", "egret:cecolin") == Codes{{"too_soon", "2026-05-10"}});
        give(woman, "2025-11-20", "egret:cecolin");
        CHECK(warned(woman, "2026-05-01", "egret:cecolin").contains("already_complete"));
        const auto later = girl("2012-02-08");
        REQUIRE(Recorder(*clinic).record(nurse, later, fact("2025-01-01", hiv)));
        give(later, "2025-03-01", "egret:cecolin");
        give(later, "2025-10-20", "egret:cecolin");
        CHECK(warned(later, "2026-05-01", "egret:cecolin").empty());
    }

    TEST_CASE_FIXTURE(VaccinationFixture, "correcting a dose doesn't hold it against itself") {
        const auto woman = girl();
        Dose dose;
        dose.product = "egret:cecolin";
        const auto recorded = Recorder(*clinic).record(nurse, woman, fact("2026-04-30", dose));
        REQUIRE(recorded);
        dose.lot = "A2";
        const auto corrected =
            Recorder(*clinic).correct(nurse, recorded->event, fact("2026-04-30", dose), "");
        REQUIRE(corrected);
        CHECK(corrected->warnings.empty());
    }
}

}  // namespace
}  // namespace egret
