// The schedule of each label in China, as quoted: ages, intervals and what completes, on both sides
// of every limit. Expected days were counted by hand.

#include "tests/support/vaccination.h"

#include <string>
#include <vector>

namespace egret::rules {
namespace {

using tests::answer;
using tests::ask;
using tests::dose_answers;
using tests::girl;
using Dates = std::vector<std::string>;

/// A label's product for somebody born on 2010-06-10: 9 in 2019, 15 in 2025, 18 in 2028.
struct Label {
    std::string product;
    Sex sex = Sex::female;

    Subject subject(const Dates& doses) const {
        auto one = girl("2010-06-10", doses, "egret:" + product);
        one.sex = sex;
        return one;
    }

    std::string next(const Dates& doses) const {
        return answer(ask("cn-label-" + product, subject(doses), doses.back()));
    }

    std::string last(const Dates& doses) const {
        return dose_answers(ask("cn-label-" + product, subject(doses), "2090-01-01")).back();
    }
};

TEST_SUITE("registry/rules/label_vectors") {
    TEST_CASE("every label begins at 9 years, Gardasil 9 at 16 for males") {
        for (const auto* product :
             {"cecolin", "cecolin-9", "cervarix", "gardasil", "gardasil-9", "walrinvax"}) {
            CAPTURE(product);
            CHECK(Label{product}.last({"2019-06-09"}) == "not_valid too_young");
            CHECK(Label{product}.last({"2019-06-10"}) == "valid");
        }
        CHECK(Label{"gardasil", Sex::male}.last({"2019-06-09"}) == "not_valid too_young");
        CHECK(Label{"gardasil", Sex::male}.last({"2019-06-10"}) == "valid");
        CHECK(Label{"gardasil-9", Sex::male}.last({"2026-06-09"}) == "not_valid too_young");
        CHECK(Label{"gardasil-9", Sex::male}.last({"2026-06-10"}) == "valid");
    }

    TEST_CASE("the last year of age is 45, of Walrinvax 30, of males 26") {
        for (const auto* product : {"cecolin", "cecolin-9", "cervarix", "gardasil", "gardasil-9"}) {
            CAPTURE(product);
            CHECK(Label{product}.last({"2056-06-09"}) == "valid");
            CHECK(Label{product}.last({"2056-06-10"}) == "extraneous too_old");
        }
        CHECK(Label{"walrinvax"}.last({"2041-06-09"}) == "valid");
        CHECK(Label{"walrinvax"}.last({"2041-06-10"}) == "extraneous too_old");
        for (const auto* product : {"gardasil", "gardasil-9"}) {
            const Label male{product, Sex::male};
            CHECK(male.last({"2037-06-09"}) == "valid");
            CHECK(male.last({"2037-06-10"}) == "extraneous too_old");
        }
    }

    TEST_CASE("beyond the label's age no dose is asked for, and one that was given counts") {
        struct Last {
            Label label;
            std::string before;    // The birthday from which it is too late is the day after.
            std::string birthday;  // Of the age that the label doesn't name any more.
        };
        const Last lasts[] = {{{"cecolin"}, "2056-06-09", "2056-06-10"},
                              {{"cecolin-9"}, "2056-06-09", "2056-06-10"},
                              {{"cervarix"}, "2056-06-09", "2056-06-10"},
                              {{"gardasil"}, "2056-06-09", "2056-06-10"},
                              {{"gardasil-9"}, "2056-06-09", "2056-06-10"},
                              {{"walrinvax"}, "2041-06-09", "2041-06-10"},
                              {{"gardasil", Sex::male}, "2037-06-09", "2037-06-10"},
                              {{"gardasil-9", Sex::male}, "2037-06-09", "2037-06-10"}};
        for (const auto& last : lasts) {
            const auto& [label, before, birthday] = last;
            CAPTURE(last.label.product);
            const auto protocol = "cn-label-" + label.product;
            const auto begun = label.subject({"2030-01-01"});
            CHECK(answer(ask(protocol, begun, before)).starts_with("2: "));
            CHECK(answer(ask(protocol, begun, birthday)) == "aged_out none");
            CHECK(answer(ask(protocol, label.subject({"2030-01-01", "2030-03-10"}), birthday)) ==
                  "aged_out none");
            const auto late = ask(protocol, label.subject({"2030-01-01", birthday}), "2057-01-01");
            CHECK(dose_answers(late).back() == "valid");
            CHECK(late.doses.back().is_too_old);
            REQUIRE(late.warnings.size() == 1);
            CHECK(std::get<Message>(late.warnings.front().text).id == "rules.counted_but_too_old");
            const auto in_time = ask(protocol, label.subject({"2030-01-01", before}), "2057-01-01");
            CHECK_FALSE(in_time.doses.back().is_too_old);
            CHECK(in_time.warnings.empty());
        }
    }

    TEST_CASE("labels for females alone have no answer for males") {
        for (const auto* product : {"cecolin", "cecolin-9", "cervarix", "walrinvax"}) {
            const Label male{product, Sex::male};
            CHECK(ask("cn-label-" + male.product, male.subject({}), "2025-01-01").status ==
                  VaccinationStatus::not_recommended);
        }
    }

    TEST_CASE("another vaccine is none of the label's") {
        CHECK(dose_answers(
                  ask("cn-label-cecolin", girl("2010-06-10", {"2024-01-01"}, "egret:cervarix"),
                      "2025-01-01")) == std::vector<std::string>{"not_valid product_not_allowed"});
    }

    TEST_CASE("begun before 15 (Cecolin 9: before 18) two doses suffice, 5 months apart") {
        for (const auto* product : {"cecolin", "cervarix", "walrinvax"}) {
            CAPTURE(product);
            CHECK(Label{product}.next({"2025-06-09"}) == "2: 2025-11-09 2025-12-09 2026-08-05");
        }
        // 6 to 12 months: overdue from the day after on.
        CHECK(Label{"gardasil-9"}.next({"2025-06-09"}) == "2: 2025-11-09 2025-12-09 2026-06-10");
        CHECK(Label{"cecolin-9"}.next({"2028-06-09"}) == "2: 2028-11-09 2028-12-09 2029-08-05");
        for (const auto* product :
             {"cecolin", "cecolin-9", "cervarix", "gardasil-9", "walrinvax"}) {
            CAPTURE(product);
            const Label label{product};
            CHECK(label.next({"2025-01-20", "2025-06-20"}) == "complete");
            // A day less, and it is the second of three: 12 weeks before the third.
            CHECK(label.next({"2025-01-20", "2025-06-19"}).starts_with("3: 2025-09-11 2025-09-11"));
        }
    }

    TEST_CASE("Cecolin from 15 on: 0, 1 to 2, 5 to 8 months") {
        const Label label{"cecolin"};
        CHECK(label.next({"2025-06-10"}) == "2: 2025-07-10 2025-07-10 2025-08-11");
        CHECK(label.last({"2025-06-10", "2025-07-09"}) == "not_valid interval_too_short");
        CHECK(label.last({"2025-06-10", "2025-07-10"}) == "valid");
        CHECK(label.next({"2025-06-10", "2025-07-10"}) == "3: 2025-11-10 2025-12-10 2026-02-11");
        CHECK(label.last({"2025-06-10", "2025-07-10", "2025-11-09"}) ==
              "not_valid interval_too_short");
        CHECK(label.next({"2025-06-10", "2025-07-10", "2025-11-10"}) == "complete");
        // The second came late: 12 weeks between it and the third.
        CHECK(label.next({"2025-06-10", "2025-09-10"}) == "3: 2025-12-03 2025-12-10 2026-02-11");
        CHECK(label.last({"2025-06-10", "2025-09-10", "2025-12-02"}) ==
              "not_valid interval_too_short");
        CHECK(label.last({"2025-06-10", "2025-09-10", "2025-12-03"}) == "valid");
    }

    TEST_CASE("Cecolin 9 from 18 on: as Cecolin") {
        const Label label{"cecolin-9"};
        CHECK(label.next({"2028-06-10"}) == "2: 2028-07-10 2028-07-10 2028-08-11");
        CHECK(label.next({"2028-06-10", "2028-07-10"}) == "3: 2028-11-10 2028-12-10 2029-02-11");
    }

    TEST_CASE("Walrinvax from 15 on: 0, 1 or 2, 6 months") {
        const Label label{"walrinvax"};
        CHECK(label.next({"2025-06-10"}) == "2: 2025-07-10 2025-07-10 2025-08-11");
        CHECK(label.next({"2025-06-10", "2025-07-10"}) == "3: 2025-11-10 2025-12-10 2026-02-06");
    }

    TEST_CASE("Cervarix from 15 on: 0, 1, 6 months") {
        const Label label{"cervarix"};
        CHECK(label.next({"2025-06-10"}) == "2: 2025-07-08 2025-07-10 2025-09-29");
        CHECK(label.last({"2025-06-10", "2025-07-07"}) == "not_valid interval_too_short");
        CHECK(label.last({"2025-06-10", "2025-07-08"}) == "valid");
        CHECK(label.next({"2025-06-10", "2025-07-10"}) == "3: 2025-11-10 2025-12-10 2026-02-06");
    }

    TEST_CASE("Gardasil at every age, and Gardasil 9 from 15 on and for males: 0, 2, 6 months") {
        for (const auto& label :
             {Label{"gardasil"}, Label{"gardasil", Sex::male}, Label{"gardasil-9"}}) {
            CHECK(label.next({"2025-06-10"}) == "2: 2025-07-08 2025-08-10 2025-09-29");
            CHECK(label.next({"2025-06-10", "2025-08-10"}) ==
                  "3: 2025-11-10 2025-12-10 2026-02-06");
        }
        CHECK(Label{"gardasil"}.next({"2020-06-10"}) == "2: 2020-07-08 2020-08-10 2020-09-29");
        CHECK(Label{"gardasil-9", Sex::male}.next({"2026-06-10"}) ==
              "2: 2026-07-08 2026-08-10 2026-09-29");
    }
}

}  // namespace
}  // namespace egret::rules
