#include "registry/rules/screening/screening.h"

#include "registry/rules/detail/out_of_force.h"
#include "registry/rules/screening/breast_sides.h"
#include "registry/rules/screening/detail/due_days.h"
#include "registry/rules/screening/detail/walk.h"
#include "registry/rules/screening/severity.h"
#include "registry/rules/screening/site.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace egret::rules {
namespace {

/// So many dates that aren't exact are tried at both ends each; of more, the others all together.
constexpr std::size_t ends_max = 6;

/// What she only tells of counts where it asks for something: it is never as good as a result.
bool is_benign_hearsay(const Finding& finding) {
    return finding.is_told && !std::holds_alternative<Treatment>(finding.detail) &&
           severity_of(finding.detail) == Severity::none;
}

/// The findings that can count, in an order that doesn't depend on that of the facts.
std::vector<const Finding*> usable_findings(const Pathway& pathway, const ScreeningSubject& subject,
                                            ScreeningDecision& decision) {
    std::vector<const Finding*> of_site;
    for (const auto& finding : subject.findings) {
        if (is_of_site(finding.detail, pathway.site)) of_site.push_back(&finding);
    }
    std::sort(of_site.begin(), of_site.end(), [](const Finding* a, const Finding* b) {
        return std::pair(a->date, a->detail.index()) < std::pair(b->date, b->detail.index());
    });
    std::vector<const Finding*> usable;
    for (const auto* one : of_site) {
        const auto& finding = *one;
        if (decision.on < finding.date.earliest())
            decision.problems.push_back(
                msg("pathway.finding_after_day", {{"date", finding.date.to_string()}}));
        else if (subject.birth_date && finding.date.latest() < subject.birth_date->earliest())
            decision.problems.push_back(
                msg("pathway.finding_before_birth", {{"date", finding.date.to_string()}}));
        else if (!is_benign_hearsay(finding))
            usable.push_back(one);
    }
    for (const auto& finding : subject.without_date) {
        if (is_of_site(finding.detail, pathway.site))
            decision.problems.push_back(msg("pathway.finding_without_date"));
    }
    return usable;
}

/// A flag is used, if a row asks for it.
void name_ignored(const Pathway& pathway, const ScreeningSubject& subject,
                  ScreeningDecision& decision) {
    const auto is_used = [&](const std::string& code) {
        return std::any_of(pathway.states.begin(), pathway.states.end(), [&](const auto& call) {
            return call.function->name == "flags" && find_code_in(call.codes, code);
        });
    };
    for (const auto& flag : subject.flags) {
        if (!is_used(flag.code)) decision.ignored.push_back(flag.code);
    }
    auto& all = decision.ignored;
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

ScreeningStatus status_of(const ScreeningStep& step, std::optional<ScreeningStatus> said, Date on) {
    if (said) return *said;
    switch (step.code) {
        case ScreeningAction::screening:
            return step.due && on < *step.due ? ScreeningStatus::up_to_date : ScreeningStatus::due;
        case ScreeningAction::clinician_decides: return ScreeningStatus::clinician_decides;
        default: return ScreeningStatus::in_follow_up;
    }
}

/// What is said of one site, or of one breast.
struct Answer {
    ScreeningStatus status = ScreeningStatus::no_rule;
    ScreeningStep step;
    bool is_urgent = false;  // Cancer is suspected.
};

Answer no_rule_of_day(const Pathway& pathway, Date on) {
    ScreeningStep step;
    step.code = ScreeningAction::review;
    step.due = on;
    step.why.push_back({pathway.id + "/no-rule", msg("pathway.no_rule")});
    return {ScreeningStatus::no_rule, std::move(step)};
}

void add_open(std::vector<detail::Owed>& open, Date on, std::vector<Answer>& answers) {
    for (auto& owed : open)
        answers.push_back(
            {status_of(owed.action, owed.status, on), std::move(owed.action), owed.is_urgent});
}

/// A row of the day speaks of the most urgent; where that is to look at a suspicion, of what it
/// chooses among.
void leave_out_spoken_of(const ScreeningStep& step, std::vector<detail::Owed>& open) {
    if (open.empty()) return;
    const auto first = std::min_element(open.begin(), open.end(), detail::is_more_urgent);
    if (!first->is_urgent) {
        open.erase(first);
        return;
    }
    std::erase_if(open, [&](const detail::Owed& one) {
        return std::count(step.choices.begin(), step.choices.end(), one.action.code) > 0;
    });
}

/// What the rules ask for on the day that is asked about, with all dates known, and beside it what
/// else is still open.
void add_answers_of_rules(const Pathway& pathway, const ScreeningCase& woman, detail::Walk& walk,
                          std::vector<Answer>& answers) {
    const auto owed = walk.owed();
    const Moment today{woman, woman.on, nullptr, woman.findings.size(), owed ? &*owed : nullptr};
    detail::State state(pathway, today);
    const auto hit = detail::first_hit(pathway, pathway.on_day, state);
    auto& open = walk.open;
    if (hit.row && hit.row->is_what_is_owed && owed) {
        if (open.empty())
            answers.push_back({status_of(walk.routine->action, walk.routine->status, woman.on),
                               std::move(walk.routine->action)});
    } else if (hit.row && hit.row->outcome) {
        auto step = detail::step_of(pathway, hit, state);
        leave_out_spoken_of(step, open);
        answers.push_back({status_of(step, hit.row->outcome->status, woman.on), std::move(step)});
    } else {
        answers.push_back(no_rule_of_day(pathway, woman.on));
    }
    add_open(open, woman.on, answers);
}

/// What is said of a site, or of one breast.
struct Answers {
    std::vector<Answer> of_rules;
    std::vector<Answer> reviews;
    std::vector<Loop> loops;
};

Answers answer(const Pathway& pathway, const ScreeningCase& woman) {
    Answers all;
    auto walk = detail::walk(pathway, woman);
    all.loops = walk.loops;
    add_answers_of_rules(pathway, woman, walk, all.of_rules);
    for (auto& review : walk.reviews)
        all.reviews.push_back({ScreeningStatus::no_rule, std::move(review.action)});
    return all;
}

bool is_more_urgent(const Answer& a, const Answer& b) {
    if (a.is_urgent != b.is_urgent) return a.is_urgent;
    if (a.step.code != b.step.code) return b.step.code < a.step.code;
    return a.step.due < b.step.due;
}

Answers answer_of_breasts(const Pathway& pathway, const ScreeningCase& woman) {
    Answers all;
    const auto add = [](auto& to, auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    const auto sides = sides_of(pathway, woman);
    for (const auto* side : {&sides.left, &sides.right}) {
        auto one = answer(pathway, *side);
        for (auto& loop : one.loops) loop.breast = side->breast;
        add(all.of_rules, one.of_rules);
        add(all.reviews, one.reviews);
        add(all.loops, one.loops);
    }
    return all;
}

/// While somebody has to look at something first, neither a routine test nor the end of screening
/// is an answer: what it will be is kept beside it.
void decide_exactly(const Pathway& pathway, const ScreeningCase& woman,
                    ScreeningDecision& decision) {
    auto all = pathway.site == ScreenedSite::cervix ? answer(pathway, woman)
                                                    : answer_of_breasts(pathway, woman);
    decision.loops = std::move(all.loops);
    std::stable_sort(all.of_rules.begin(), all.of_rules.end(), is_more_urgent);
    std::vector<Answer> answers = std::move(all.of_rules);
    if (!all.reviews.empty()) {
        const auto& first = answers.front();
        decision.when_looked_at = LookedAt{first.status, first.step};
        std::erase_if(answers, [](const Answer& one) { return is_routine(one.step.code); });
        answers.insert(answers.end(), all.reviews.begin(), all.reviews.end());
    }
    decision.status = answers.front().status;
    for (auto& one : answers) {
        if (decision.actions.empty() || decision.actions.front() != one.step)
            decision.actions.push_back(std::move(one.step));
    }
}

/// What there is of dates that are not known to the day.
struct OpenDate {
    std::optional<std::size_t> finding;  // Its place; the birth date, if absent.
    Date first;
    Date last;
};

void sort_findings(std::vector<ExactFinding>& findings) {
    // Whichever of two findings of a day and a kind comes first changes nothing.
    std::stable_sort(findings.begin(), findings.end(),
                     [](const ExactFinding& a, const ExactFinding& b) {
                         return std::pair(a.day, a.finding->detail.index()) <
                                std::pair(b.day, b.finding->detail.index());
                     });
}

class Cases {
public:
    Cases(const ScreeningSubject& subject, std::vector<const Finding*> findings, Date on)
        : subject_(subject), findings_(std::move(findings)), on_(on) {
        const auto add = [&](const PartialDate& date, std::optional<std::size_t> finding) {
            if (!date.is_exact())
                open_.push_back({finding, date.earliest(), std::min(date.latest(), on)});
        };
        add(*subject.birth_date, std::nullopt);
        for (std::size_t i = 0; i < findings_.size(); ++i) add(findings_[i]->date, i);
    }

    std::size_t count() const { return std::size_t{1} << std::min(open_.size(), ends_max + 1); }

    const std::vector<OpenDate>& open() const { return open_; }

    /// The first of them has every date at its first day.
    ScreeningCase get(std::size_t choice) const {
        ScreeningCase one;
        one.birth = subject_.birth_date->earliest();
        one.sex = subject_.sex;
        one.flags = &subject_.flags;
        one.on = on_;
        for (const auto* finding : findings_)
            one.findings.push_back({finding->date.earliest(), finding});
        for (std::size_t i = 0; i < open_.size(); ++i) {
            if ((choice >> std::min(i, ends_max) & 1U) == 0) continue;
            auto& day = open_[i].finding ? one.findings[*open_[i].finding].day : one.birth;
            day = open_[i].last;
        }
        for (auto& exact : one.findings) exact.day = std::max(exact.day, one.birth);
        sort_findings(one.findings);
        return one;
    }

private:
    const ScreeningSubject& subject_;
    std::vector<const Finding*> findings_;
    Date on_;
    std::vector<OpenDate> open_;
};

/// What a nurse would do by it today.
bool is_same_answer(const ScreeningDecision& a, const ScreeningDecision& b) {
    if (a.status != b.status || a.actions.size() != b.actions.size()) return false;
    for (std::size_t i = 0; i < a.actions.size(); ++i) {
        const auto& one = a.actions[i];
        const auto& other = b.actions[i];
        const bool is_due = one.due && *one.due <= a.on;
        const bool is_other_due = other.due && *other.due <= b.on;
        if (one.code != other.code || is_due != is_other_due) return false;
    }
    return true;
}

void ask(ScreeningDecision& decision, std::string rule, Message text) {
    ScreeningStep step;
    step.code = ScreeningAction::clinician_decides;
    step.due = decision.on;
    step.why.push_back({std::move(rule), std::move(text)});
    decision.status = ScreeningStatus::clinician_decides;
    decision.actions = {std::move(step)};
}

void ask_for_dates(const Pathway& pathway, const Cases& cases,
                   const std::vector<const Finding*>& findings, ScreeningDecision& decision) {
    ask(decision, pathway.id + "/inexact-date", msg("pathway.inexact_date_matters"));
    for (const auto& open : cases.open()) {
        if (!open.finding)
            decision.problems.push_back(msg("rules.birth_date_not_exact"));
        else
            decision.problems.push_back(msg("pathway.finding_date_not_exact",
                                            {{"date", findings[*open.finding]->date.to_string()}}));
    }
}

}  // namespace

ScreeningDecision decide(const Pathway& pathway, const ScreeningSubject& subject, Date on) {
    ScreeningDecision decision;
    decision.protocol = pathway.id;
    decision.version = pathway.version;
    decision.on = on;
    decision.site = pathway.site;
    decision.out_of_force = detail::why_out_of_force(pathway.id, pathway.valid, on);
    const auto findings = usable_findings(pathway, subject, decision);
    name_ignored(pathway, subject, decision);
    if (!subject.birth_date || on < subject.birth_date->earliest()) {
        const auto problem =
            subject.birth_date ? msg("rules.born_after_day") : msg("rules.no_birth_date");
        decision.problems.push_back(problem);
        ask(decision, pathway.id + "/no-birth-date", problem);
        return decision;
    }
    const Cases cases(subject, findings, on);
    const auto before = decision;
    decide_exactly(pathway, cases.get(0), decision);
    for (std::size_t choice = 1; choice < cases.count(); ++choice) {
        auto other = before;
        decide_exactly(pathway, cases.get(choice), other);
        if (is_same_answer(decision, other)) continue;
        ask_for_dates(pathway, cases, findings, decision);
        break;
    }
    return decision;
}

}  // namespace egret::rules
