#include "registry/rules/eligibility_answer.h"

#include "registry/domain/area.h"
#include "registry/rules/age.h"
#include "registry/rules/detail/out_of_force.h"

#include <algorithm>

namespace egret::rules {
namespace {

using Verdict = EligibilityAnswer::Verdict;

Verdict worse(Verdict a, Verdict b) {
    if (a == Verdict::no || b == Verdict::no) return Verdict::no;
    return a == Verdict::unknown ? a : b;
}

/// Yes or no, if all days that the date can mean agree; unknown otherwise.
template <class Test>
Verdict at_both_ends(const PartialDate& date, Test test) {
    const bool first = test(date.earliest());
    const bool last = test(date.latest());
    if (first != last) return Verdict::unknown;
    return first ? Verdict::yes : Verdict::no;
}

Verdict judge_birth(const Round& round, const Subject& subject, MissingDay missing_day, Date on) {
    if (!subject.birth_date) return Verdict::unknown;
    auto verdict = Verdict::yes;
    const auto ask = [&](auto test) {
        verdict = worse(verdict, at_both_ends(*subject.birth_date, test));
    };
    if (round.born_from) ask([&](Date birth) { return *round.born_from <= birth; });
    if (round.born_to) ask([&](Date birth) { return birth <= *round.born_to; });
    if (round.from_age)
        ask([&](Date birth) { return day_of_age(birth, *round.from_age, missing_day) <= on; });
    if (round.until_age)
        ask([&](Date birth) { return on < day_of_age(birth, *round.until_age, missing_day); });
    return verdict;
}

/// The day from which she is old enough whatever her birth date stands for, if nothing of it but
/// her age is against her yet.
std::optional<Date> old_enough_from(const Round& round, const Subject& subject,
                                    MissingDay missing_day, Date on) {
    if (!subject.birth_date || !round.from_age) return std::nullopt;
    const auto from = day_of_age(subject.birth_date->latest(), *round.from_age, missing_day);
    const bool is_young =
        on < day_of_age(subject.birth_date->earliest(), *round.from_age, missing_day);
    if (!is_young || judge_birth(round, subject, missing_day, from) != Verdict::yes)
        return std::nullopt;
    return from;
}

Verdict judge_sex(const Round& round, const Subject& subject) {
    if (round.sexes.empty()) return Verdict::yes;
    if (subject.sex == Sex::unknown) return Verdict::unknown;
    const bool fits =
        std::find(round.sexes.begin(), round.sexes.end(), subject.sex) != round.sexes.end();
    return fits ? Verdict::yes : Verdict::no;
}

Verdict judge_place(const std::string& area, const std::string& wanted) {
    if (area.empty()) return Verdict::unknown;
    return lies_in(area, wanted) ? Verdict::yes : Verdict::no;
}

Verdict judge_basis(const Round& round, const Subject& subject) {
    if (round.basis.empty()) return Verdict::yes;
    auto best = Verdict::no;
    for (const auto basis : round.basis) {
        auto verdict = Verdict::no;
        switch (basis) {
            case ResidenceBasis::school_enrolment:
                verdict = !subject.goes_to_school && subject.school_area.empty()
                              ? Verdict::unknown
                              : judge_place(subject.school_area, round.area);
                break;
            case ResidenceBasis::household_registration:
                verdict = judge_place(subject.household_area, round.area);
                break;
            case ResidenceBasis::residence: verdict = judge_place(subject.area, round.area); break;
        }
        if (verdict == Verdict::yes) return verdict;
        if (verdict == Verdict::unknown) best = verdict;
    }
    return best;
}

/// The day on which the round begins, if it says so.
std::optional<Date> first_day(const Round& round) {
    std::optional<Date> first;
    if (round.windows.empty()) return round.open.from;
    for (const auto& window : round.windows) {
        if (!first || window.from < *first) first = window.from;
    }
    return first;
}

/// What one round is asked about one girl.
struct Case {
    const Protocol& protocol;
    const Round& round;
    const Subject& subject;
    const std::vector<const GivenDose*>& doses;  // By day.
    const std::vector<EvaluatedDose>& evaluated;
    Date on;

    MissingDay missing_day() const { return protocol.schedule.missing_day; }
    /// Which dose began the round is then told by its day; otherwise by who paid for it.
    bool has_windows() const { return !round.windows.empty(); }
};

/// Whether the round would have taken her on a day that may not be known exactly.
Verdict took_her_on(const Case& one, const PartialDate& date) {
    const auto in_force =
        at_both_ends(date, [&](Date day) { return one.protocol.valid.holds_on(day); });
    const auto first = judge_birth(one.round, one.subject, one.missing_day(), date.earliest());
    const auto last = judge_birth(one.round, one.subject, one.missing_day(), date.latest());
    const auto open = at_both_ends(date, [&](Date day) { return one.round.open.holds_on(day); });
    return worse(worse(in_force, open), first == last ? first : Verdict::unknown);
}

bool is_paid_otherwise(const GivenDose& dose) {
    return dose.funding && *dose.funding != DoseFunding::programme;
}

/// No, if she had a dose before the round; those of the round itself are none. Whether the first
/// is of the round is told by the round's days. A round without days has begun with her if it would
/// have taken her on that day and the programme paid.
Verdict judge_earlier_dose(const Case& one) {
    if (!one.round.needs_no_earlier_dose || one.doses.empty()) return Verdict::yes;
    const auto& first = *one.doses.front();
    if (is_paid_otherwise(first)) return Verdict::no;
    if (!one.has_windows())
        return worse(took_her_on(one, first.date), first.funding ? Verdict::yes : Verdict::unknown);
    auto verdict = Verdict::yes;
    const auto begins = first_day(one.round);
    for (const auto* dose : one.doses) {
        verdict =
            worse(verdict, at_both_ends(dose->date, [&](Date day) { return *begins <= day; }));
    }
    return verdict;
}

/// Whom a round without days has begun it takes to the end: her age is that at the first dose.
bool may_have_begun(const Case& one, Verdict earlier_dose) {
    return one.round.needs_no_earlier_dose && !one.has_windows() && !one.doses.empty() &&
           earlier_dose != Verdict::no;
}

Message not_born_for(const Case& one) {
    const auto from = old_enough_from(one.round, one.subject, one.missing_day(), one.on);
    if (!from) return msg("rules.not_eligible_birth");
    return msg("rules.not_eligible_yet", {{"from", from->to_string()}});
}

/// How many of the round's doses she had. One that came too early leaves her next as it was.
std::ptrdiff_t doses_since(const Case& one, const std::optional<Date>& begins) {
    const auto is_own = [&](const PartialDate& date) { return begins && *begins <= date.latest(); };
    if (one.evaluated.empty()) {
        return std::count_if(one.doses.begin(), one.doses.end(),
                             [&](const GivenDose* dose) { return is_own(dose->date); });
    }
    return std::count_if(
        one.evaluated.begin(), one.evaluated.end(),
        [&](const EvaluatedDose& dose) { return dose.dose_number && is_own(dose.date); });
}

/// No, if the round hasn't begun, or if the days are over on which it gives the dose that would be
/// her next.
Verdict judge_window(const Case& one) {
    const auto begins = first_day(one.round);
    if ((begins && one.on < *begins) || !one.round.open.holds_on(one.on)) return Verdict::no;
    const auto given = doses_since(one, begins);
    const auto& windows = one.round.windows;
    const auto is_over = std::any_of(windows.begin(), windows.end(), [&](const auto& window) {
        return window.dose_number == given + 1 && window.to < one.on;
    });
    return is_over ? Verdict::no : Verdict::yes;
}

/// Not yet, or no more.
Message outside_window(const Case& one) {
    const auto begins = std::max(first_day(one.round), one.round.open.from);
    if (!begins || *begins <= one.on) return msg("rules.not_eligible_window");
    return msg("rules.not_eligible_round_yet", {{"from", begins->to_string()}});
}

/// One line of the explanation: the first condition that isn't met, or else the first that isn't
/// known.
struct Judgement {
    Verdict verdict = Verdict::yes;
    std::string_view rule = "taken";
    Message text = msg("rules.eligible");
};

Judgement judge(const Case& one) {
    Judgement judgement;
    const auto ask = [&](Verdict verdict, std::string_view rule, Message no, Message unknown) {
        const bool is_worse = verdict == Verdict::no ? judgement.verdict != Verdict::no
                                                     : verdict == Verdict::unknown &&
                                                           judgement.verdict == Verdict::yes;
        if (!is_worse) return;
        judgement = {verdict, rule, verdict == Verdict::no ? std::move(no) : std::move(unknown)};
    };
    const auto earlier_dose = judge_earlier_dose(one);
    ask(judge_sex(one.round, one.subject), "sex", msg("rules.not_eligible_sex"),
        msg("rules.eligible_sex_unknown"));
    if (!may_have_begun(one, earlier_dose))
        ask(judge_birth(one.round, one.subject, one.missing_day(), one.on), "birth-window",
            not_born_for(one), msg("rules.eligible_birth_unknown"));
    ask(judge_basis(one.round, one.subject), "residence", msg("rules.not_eligible_residence"),
        msg("rules.eligible_residence_unknown"));
    ask(earlier_dose, "earlier-dose", msg("rules.not_eligible_dose"),
        one.has_windows() ? msg("rules.eligible_dose_unknown")
                          : msg("rules.eligible_payer_unknown"));
    if (!may_have_begun(one, earlier_dose))
        ask(judge_window(one), "window", outside_window(one), outside_window(one));
    return judgement;
}

}  // namespace

EligibilityAnswer answer_eligibility(const Protocol& protocol, const Subject& subject,
                                     const std::vector<const GivenDose*>& doses,
                                     const std::vector<EvaluatedDose>& evaluated, Date on) {
    EligibilityAnswer answer;
    if (auto why = detail::why_out_of_force(protocol.id, protocol.valid, on)) {
        answer.why.push_back(*std::move(why));
        return answer;
    }
    for (const auto& round : protocol.eligibility->rounds) {
        auto judgement = judge({protocol, round, subject, doses, evaluated, on});
        Why why{protocol.id + "/eligibility/" + round.id + "/" + std::string(judgement.rule),
                std::move(judgement.text)};
        if (judgement.verdict == Verdict::yes) return {Verdict::yes, round.id, {std::move(why)}};
        if (judgement.verdict == Verdict::unknown && answer.verdict == Verdict::no) {
            answer.verdict = Verdict::unknown;
            answer.round = round.id;
        }
        answer.why.push_back(std::move(why));
    }
    return answer;
}

}  // namespace egret::rules
