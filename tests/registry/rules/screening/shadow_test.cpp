// No benign result hides a worse one. Every two results of one visit, and of two visits a month
// apart, are answered no less urgently than each of them alone, unless the other one is what was
// asked for.
//
// Urgency is the order of the actions, but: biopsy and histology are one step; which test is made
// doesn't matter among tests, only when; a suspected cancer that is to be looked into outranks all;
// and a result that can't be used says nothing beside one of its visit that can.

#include "registry/rules/screening/fulfilment.h"
#include "tests/registry/rules/screening/rows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

namespace egret::tests {
namespace {

const std::string first_day = "2024-03-10";
const std::string later_day = "2024-04-10";

using Result = std::function<std::string(const std::string& day)>;

/// Each result of the cervix that a report can have, alone.
std::vector<Result> cervical_results() {
    std::vector<Result> all;
    for (const std::string result : {"negative", "positive", "invalid", "unknown"})
        all.emplace_back([=](const std::string& day) { return hpv(day, result); });
    for (const std::string type : {"16", "18", "31", "33", "35", "39", "45", "51", "52", "56", "58",
                                   "59", "66", "68", "other_hr"})
        all.emplace_back([=](const std::string& day) { return hpv(day, "positive", {type}); });
    for (const auto& entry : CodeList<CytologyResult>::entries)
        all.emplace_back([code = std::string(entry.second)](const std::string& day) {
            return cytology(day, Words{code});
        });
    all.emplace_back([](const std::string& day) { return cytology(day, Words{}); });
    for (const auto& entry : CodeList<ViaResult>::entries)
        all.emplace_back(
            [code = std::string(entry.second)](const std::string& day) { return via(day, code); });
    for (const std::string result : {"normal", "abnormal"})
        all.emplace_back([=](const std::string& day) { return gyn_exam(day, result); });
    for (const auto& entry : CodeList<ColposcopyImpression>::entries)
        all.emplace_back([code = std::string(entry.second)](const std::string& day) {
            return colposcopy(day, code);
        });
    all.emplace_back([](const std::string& day) { return colposcopy(day, ""); });
    all.emplace_back(
        [](const std::string& day) { return colposcopy_of_zone(day, "high_grade", 3); });
    for (const std::string impression : {"normal", "high_grade"})
        all.emplace_back([=](const std::string& day) {
            return R"({"type":"colposcopy","date":")" + day + R"(","impression":")" + impression +
                   R"(","adequate":false})";
        });
    for (const std::string result : {"benign", "CIN1", "CIN2", "CIN3", "HSIL", "AIS",
                                     "microinvasive", "cancer", "invasive", "insufficient"})
        all.emplace_back([=](const std::string& day) { return histology(day, result); });
    return all;
}

/// Each result of a breast, alone.
std::vector<Result> breast_results() {
    std::vector<Result> all;
    for (const std::string result : {"normal", "abnormal"})
        all.emplace_back([=](const std::string& day) { return breast_exam(day, result); });
    for (const auto& entry : CodeList<BiRads>::entries) {
        const std::string code(entry.second);
        for (const std::string side : {"left", "right"}) {
            all.emplace_back([=](const std::string& day) {
                return event("breast_ultrasound", day, {{side, code}});
            });
            all.emplace_back([=](const std::string& day) {
                return event("mammogram", day, {{side, code}});
            });
        }
    }
    for (const std::string decision : {"short_follow_up", "biopsy", "other"})
        all.emplace_back([=](const std::string& day) { return senior_review(day, decision); });
    for (const std::string result :
         {"benign", "LCIS", "DCIS", "invasive", "cancer", "insufficient"})
        for (const std::string site : {"breast_left", "breast_right"})
            all.emplace_back([=](const std::string& day) { return histology(day, result, site); });
    return all;
}

using rules::ScreeningAction;

/// What is to be done first, and when.
struct Urgency {
    ScreeningAction code = ScreeningAction::none;
    std::optional<Date> due;
    std::vector<ScreeningAction> choices;
};

std::vector<Urgency> urgencies_of(const rules::ScreeningDecision& decision) {
    std::vector<Urgency> all;
    for (const auto& step : decision.actions) all.push_back({step.code, step.due, step.choices});
    if (all.empty()) all.emplace_back();
    return all;
}

bool is_test(ScreeningAction code) {
    return code == ScreeningAction::review ||
           (ScreeningAction::surveillance <= code && code <= ScreeningAction::mammography);
}

bool is_less_urgent(const Urgency& a, const Urgency& b) {
    const auto rank = [](ScreeningAction code) {
        return code == ScreeningAction::biopsy ? ScreeningAction::histology : code;
    };
    constexpr int days_between_visits = 31;
    if (!is_test(a.code) || !is_test(b.code)) return rank(a.code) < rank(b.code);
    return a.due && b.due && b.due->plus_days(days_between_visits) < *a.due;
}

/// One result alone, on the first day and on the later one.
struct Alone {
    std::string first;
    std::string later;
    rules::Finding finding;
    rules::Finding later_finding;
    Urgency asks;
};

std::vector<Alone> each_alone(const rules::Pathway& pathway, const Words& flags) {
    std::vector<Alone> all;
    const bool is_breast = pathway.site == ScreenedSite::breast;
    for (const auto& result : is_breast ? breast_results() : cervical_results()) {
        Alone one{result(first_day), result(later_day), {}, {}, {}};
        const auto asked = asked_woman(woman({one.first}, flags));
        const auto later = asked_woman(woman({one.later}, flags));
        REQUIRE(asked.subject.findings.size() == 1);
        one.finding = asked.subject.findings.front();
        one.later_finding = later.subject.findings.front();
        one.asks = urgencies_of(rules::decide(pathway, asked.subject, asked.on)).front();
        all.push_back(std::move(one));
    }
    return all;
}

bool is_usable(const rules::Finding& finding) {
    return rules::fulfils(finding, ScreeningAction::review);
}

/// The other result is what this one asked for, or one of what a clinician was to choose from.
bool is_what_was_asked(const rules::Finding& finding, const Urgency& asked) {
    if (rules::fulfils(finding, asked.code)) return true;
    return asked.code == ScreeningAction::clinician_decides &&
           std::any_of(asked.choices.begin(), asked.choices.end(),
                       [&](ScreeningAction choice) { return rules::fulfils(finding, choice); });
}

bool is_of_tissue(ScreeningAction code) {
    return code == ScreeningAction::biopsy || code == ScreeningAction::histology;
}

/// A look that is suspicious of cancer: until tissue was taken, nothing else comes first.
bool is_suspicion(const Alone& one) {
    return is_of_tissue(one.asks.code) && one.first.find("suspected_cancer") != std::string::npos;
}

/// What a senior doctor decided stands above images and palpation, but not above a biopsy.
bool is_decided(const rules::Finding& finding, ScreeningAction asked) {
    const auto* review = std::get_if<SeniorReview>(&finding.detail);
    return review && review->decision && asked < ScreeningAction::biopsy;
}

/// She who has both results. What each asks alone stands, unless the other one is what it asks for.
class Pair {
public:
    Pair(const Alone& earlier, const Alone& other, bool is_one_visit)
        : earlier_(earlier), other_(other), is_one_visit_(is_one_visit) {}

    void check(const rules::Pathway& pathway, AskedWoman woman, const Words& flags) const {
        woman.subject.findings = {earlier_.finding,
                                  is_one_visit_ ? other_.finding : other_.later_finding};
        const auto decision = rules::decide(pathway, woman.subject, woman.on);
        for (const bool is_of_other : {false, true}) {
            if (!is_hidden(decision, is_of_other)) continue;
            const auto& asking = is_of_other ? other_ : earlier_;
            FAIL_CHECK("a result is hidden: "
                       << asking.first << " alone asks for " << to_string(asking.asks.code)
                       << "\n  person:   "
                       << tests::woman(
                              {earlier_.first, is_one_visit_ ? other_.first : other_.later}, flags)
                       << "\n  answered: " << answer_of(decision));
        }
    }

private:
    /// Nothing that is to be done is for it.
    bool is_hidden(const rules::ScreeningDecision& decision, bool is_of_other) const {
        const auto all = urgencies_of(decision);
        return std::all_of(all.begin(), all.end(),
                           [&](const Urgency& got) { return hides(got, is_of_other); });
    }

    bool hides(const Urgency& got, bool is_of_other) const {
        const auto& asking = is_of_other ? other_ : earlier_;
        const auto& answering = is_of_other ? earlier_ : other_;
        const bool may_answer = is_one_visit_ || !is_of_other;
        if (may_answer && is_what_was_asked(answering.finding, asking.asks)) return false;
        if (may_answer && is_decided(answering.finding, asking.asks.code)) return false;
        if (is_suspicion(asking) && !std::holds_alternative<Histology>(answering.finding.detail))
            return !is_of_tissue(got.code);
        if (!is_less_urgent(got, asking.asks)) return false;
        if (is_suspicion(answering) && is_of_tissue(got.code)) return false;
        return !is_one_visit_ || is_usable(asking.finding) || !is_usable(answering.finding);
    }

    const Alone& earlier_;
    const Alone& other_;
    bool is_one_visit_;
};

void check_pairs(const rules::Pathway& pathway, const Words& flags) {
    const auto results = each_alone(pathway, flags);
    const auto nobody = asked_woman(woman({}, flags));
    for (const auto& a : results) {
        for (const auto& b : results) {
            Pair(a, b, true).check(pathway, nobody, flags);
            Pair(a, b, false).check(pathway, nobody, flags);
        }
    }
}

}  // namespace

TEST_SUITE("registry/rules/screening/shadow") {
    TEST_CASE("no result hides a worse one of the same visit or of the month before") {
        for (const auto& pack : all_packs()) {
            const auto name = pack.name;
            CAPTURE(name);
            check_pairs(pack.pathway, {});
            if (!pack.algorithm.empty()) check_pairs(pack.pathway, {flag("hiv", "2005-01-01")});
        }
    }
}

}  // namespace egret::tests
