// What a record says of its side or site is heeded: which breast was felt, what was treated.

#include "tests/support/screening_person.h"

#include <doctest/doctest.h>

namespace egret::tests {
namespace {

using rules::ScreeningAction;

std::string treated(const std::string& date, const std::string& procedure,
                    const std::string& site) {
    return event("treatment", date, {{"procedure", procedure}, {"site", site}});
}

std::string felt(const std::string& date, const std::string& result, const std::string& left,
                 const std::string& right) {
    return event("breast_exam", date, {{"result", result}, {"left", left}, {"right", right}});
}

std::vector<ScreeningAction> actions_of(const rules::Pathway& pathway, const std::string& line) {
    std::vector<ScreeningAction> actions;
    for (const auto& step : ask(pathway, line).actions) actions.push_back(step.code);
    return actions;
}

using Actions = std::vector<ScreeningAction>;

TEST_SUITE("registry/rules/screening/recorded_side") {
    TEST_CASE("a breast that felt normal isn't followed for the other one") {
        const auto pathway = pathway_of("cn-breast-2021");
        const auto of_exam = [&](const std::string& left, const std::string& right) {
            return actions_of(pathway, woman({felt("2024-03-10", "abnormal", left, right),
                                              ultrasound("2024-03-10", "1", "1")}));
        };
        const auto both = of_exam("", "");
        REQUIRE(both.size() == 1);
        CHECK(both.front() != ScreeningAction::screening);
        CHECK(of_exam("abnormal", "normal") == Actions{both.front(), ScreeningAction::screening});
        CHECK(of_exam("normal", "abnormal") == Actions{both.front(), ScreeningAction::screening});
        // What was found lies elsewhere, or at a side that nobody named: both are followed.
        CHECK(of_exam("normal", "normal") == both);
        CHECK(of_exam("normal", "") == both);
        CHECK(of_exam("abnormal", "abnormal") == both);
    }

    TEST_CASE("treatment of one breast leaves what the other one needs") {
        const auto pathway = pathway_of("cn-breast-2021");
        const auto after = [&](const std::string& site, const std::string& procedure) {
            return actions_of(pathway, woman({histology("2024-03-10", "DCIS", "breast_left"),
                                              histology("2024-03-10", "DCIS", "breast_right"),
                                              treated("2024-04-10", procedure, site)}));
        };
        const Actions open_and_done{ScreeningAction::treatment, ScreeningAction::surveillance};
        CHECK(after("breast_left", "mastectomy") == open_and_done);
        CHECK(after("breast_right", "excision") == open_and_done);
        CHECK(after("breast", "mastectomy") == Actions{ScreeningAction::surveillance});
        CHECK(after("", "mastectomy") == Actions{ScreeningAction::surveillance});
        CHECK(after("cervix", "excision") == Actions{ScreeningAction::treatment});
    }

    TEST_CASE("treatment of something else is none of the cervix, unless the cervix went with it") {
        const auto pathway = pathway_of("cn-cervical-2021");
        const auto after = [&](const std::string& procedure, const std::string& site) {
            return actions_of(pathway, woman({histology("2024-03-10", "CIN3"),
                                              treated("2024-04-10", procedure, site)}))
                .front();
        };
        CHECK(after("chemotherapy", "ovary") == ScreeningAction::treatment);
        CHECK(after("excision", "breast_left") == ScreeningAction::treatment);
        CHECK(after("leep", "cervix") == ScreeningAction::surveillance);
        CHECK(after("leep", "") == ScreeningAction::surveillance);
        CHECK(after("hysterectomy", "endometrium") == after("hysterectomy", ""));
        CHECK(after("hysterectomy", "endometrium") != ScreeningAction::treatment);
    }
}

}  // namespace
}  // namespace egret::tests
