#include "registry/rules/detail/exact_decision.h"

#include "registry/rules/age.h"
#include "registry/rules/detail/uncounted_dose.h"
#include "registry/rules/period_text.h"
#include "registry/rules/select_series.h"

#include <algorithm>
#include <numeric>

namespace egret::rules::detail {
namespace {

bool is_of_sex(const std::vector<Sex>& sexes, Sex sex) {
    return sexes.empty() || std::find(sexes.begin(), sexes.end(), sex) != sexes.end();
}

bool has_flag(const std::vector<std::string>& codes, const Subject& subject, Date on) {
    return std::any_of(subject.flags.begin(), subject.flags.end(), [&](const SubjectFlag& flag) {
        return flag.holds_on(on) && std::find(codes.begin(), codes.end(), flag.code) != codes.end();
    });
}

struct Person {
    const Schedule& schedule;
    const Subject& subject;
    Date birth;
    Date on;
    std::vector<const Contraindication*> contraindications{};  // All that are in force.

    bool is_aged(const std::optional<Period>& from, const std::optional<Period>& until) const {
        return (!from || day_of_age(birth, *from, schedule.missing_day) <= on) &&
               (!until || on < day_of_age(birth, *until, schedule.missing_day));
    }
};

bool is_indicated(const Person& person, const Series& series) {
    if (!series.is_risk) return true;
    return std::any_of(series.indications.begin(), series.indications.end(),
                       [&](const Indication& indication) {
                           return has_flag(indication.flags, person.subject, person.on) &&
                                  person.is_aged(indication.from_age, indication.until_age);
                       });
}

std::vector<const Contraindication*> find_contraindications(const Person& person) {
    std::vector<const Contraindication*> all;
    for (const auto& rule : person.schedule.contraindications) {
        if (has_flag(rule.flags, person.subject, person.on)) all.push_back(&rule);
    }
    return all;
}

/// The one that decides: that a dose must not be given stands above that somebody is to be asked.
const Contraindication* find_strictest(const Person& person) {
    const Contraindication* found = nullptr;
    for (const auto* rule : person.contraindications) {
        if (!found || (found->clinician_decides && !rule->clinician_decides)) found = rule;
    }
    return found;
}

/// How well a product fits any series: 0 is preferred, 1 is allowed, 2 is neither.
int misfit(const Schedule& schedule, const std::string& product) {
    const auto* vaccine = find_vaccine(product);
    int least = 2;
    for (const auto& series : schedule.series) {
        for (const auto& target : series.doses) {
            for (const auto& rule : target.vaccines) {
                if (vaccine->is_a(rule.vaccine)) least = std::min(least, rule.is_preferred ? 0 : 1);
            }
        }
    }
    return least;
}

/// The doses by day, and where each of them stands in the case. Of those of one day the better
/// fitting comes first: after one that doesn't fit, it would have come too soon.
std::vector<std::size_t> order_by_day(const Schedule& schedule, const ExactCase& exact) {
    std::vector<std::size_t> order(exact.doses.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto& one = exact.doses[a];
        const auto& other = exact.doses[b];
        if (one.day != other.day) return one.day < other.day;
        return misfit(schedule, one.given->product) < misfit(schedule, other.given->product);
    });
    return order;
}

Candidate follow(const Person& person, const Series& series, const std::vector<PlacedDose>& doses) {
    const ForecastQuestion question{person.schedule,       series, person.birth,
                                    person.subject.sex,    doses,  person.on,
                                    find_strictest(person)};
    auto state = evaluate(person.schedule, series, person.birth, doses);
    auto next = forecast(question, state);
    std::optional<Date> first_valid;
    for (std::size_t i = 0; i < doses.size() && !first_valid; ++i) {
        if (state.doses[i].status == DoseStatus::valid) first_valid = doses[i].day;
    }
    return {&series, std::move(state), next, first_valid, question};
}

Why why_due(const std::string& rules, const SeriesForecast& forecast) {
    const auto dose = std::to_string(forecast.target + 1);
    const auto rule = rules + "/dose-" + dose;
    const auto number = std::to_string(forecast.dose_number);
    const auto span = to_text(forecast.due_rule.span);
    switch (forecast.due_rule.kind) {
        case DayRule::Kind::age:
            return {rule + "/age", msg("rules.due_by_age", {{"dose", number}, {"age", span}})};
        case DayRule::Kind::interval:
            return {rule + "/interval",
                    msg("rules.due_by_interval", {{"dose", number}, {"span", span}})};
        case DayRule::Kind::latest:
            return {rule + "/latest",
                    msg("rules.due_by_latest", {{"dose", number}, {"age", span}})};
        case DayRule::Kind::last_dose: break;
    }
    return {rule + "/last-dose", msg("rules.due_after_last_dose", {{"dose", number}})};
}

void add_guidance(const Person& person, const std::string& protocol, Action& action) {
    for (const auto& remark : person.schedule.guidance) {
        if (!remark.begun_from_age && person.is_aged(remark.from_age, remark.until_age))
            action.why.push_back({protocol + "/guidance/" + remark.id, remark.text});
    }
}

/// What the source says of people by the age at which they began.
void add_remarks(const Person& person, const std::string& protocol, const Candidate& candidate,
                 Decision& decision) {
    const bool is_meant =
        candidate.forecast.has_dates || candidate.forecast.status == VaccinationStatus::complete;
    const auto begun = candidate.first_valid_day.value_or(person.on);
    for (const auto& remark : person.schedule.guidance) {
        if (is_meant && remark.begun_from_age &&
            day_of_age(person.birth, *remark.begun_from_age, person.schedule.missing_day) <=
                begun &&
            person.is_aged(remark.from_age, remark.until_age))
            decision.warnings.push_back({protocol + "/guidance/" + remark.id, remark.text});
    }
}

Action action_of(const Person& person, const std::string& protocol, const Candidate& candidate) {
    const auto& forecast = candidate.forecast;
    const auto rules = protocol + "/" + candidate.series->id;
    Action action;
    if (forecast.has_dates && forecast.is_beyond_vaccines) {
        action.code = ActionCode::clinician_decides;
        action.dose_number = forecast.dose_number;
        action.why.push_back(
            {rules + "/dose-" + std::to_string(forecast.target + 1) + "/vaccine",
             msg("rules.beyond_every_vaccine", {{"dose", std::to_string(forecast.dose_number)}})});
    } else if (forecast.has_dates) {
        action.code = ActionCode::dose;
        action.dose_number = forecast.dose_number;
        action.earliest = forecast.earliest;
        action.due = forecast.due;
        action.overdue_after = forecast.overdue_after;
        action.latest = forecast.latest;
        action.why.push_back(why_due(rules, forecast));
        add_guidance(person, protocol, action);
    } else if (forecast.left_open) {
        action.code = ActionCode::clinician_decides;
        action.dose_number = forecast.dose_number;
        action.why.push_back({rules + "/" + forecast.left_open->id, forecast.left_open->text});
    } else if (forecast.contraindication) {
        action.code = forecast.contraindication->clinician_decides ? ActionCode::clinician_decides
                                                                   : ActionCode::none;
        for (const auto* rule : person.contraindications)
            action.why.push_back({protocol + "/contraindication/" + rule->id, rule->text});
    } else if (forecast.status == VaccinationStatus::aged_out) {
        action.why.push_back({rules + "/age", msg("rules.aged_out")});
    }
    return action;
}

void show_doses(const ExactCase& exact, const std::vector<std::size_t>& order,
                const Candidate& candidate, const std::string& protocol, Decision& decision) {
    int number = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const auto& given = *exact.doses[order[i]].given;
        const auto& result = candidate.state.doses[i];
        EvaluatedDose dose{given.date,         given.product,         result.status,
                           result.reason,      std::nullopt,          result.in_time_from,
                           result.is_same_day, result.is_never_taken, result.early_by,
                           result.is_too_old};
        if (result.status == DoseStatus::valid) {
            dose.dose_number = ++number;
            const auto rule = protocol + "/" + candidate.series->id + "/dose-" +
                              std::to_string(*result.target + 1);
            const auto warn = [&](const char* text) {
                decision.warnings.push_back(
                    {rule, Message{text, {{"dose", std::to_string(number)}}}});
            };
            if (result.in_time_from) warn("rules.counted_but_too_early");
            if (result.is_too_old) warn("rules.counted_but_too_old");
        } else {
            decision.not_counted.push_back(
                {given.date, given.product,
                 why_not_counted(protocol, *candidate.series, result, given), given.lot});
        }
        decision.doses.push_back(std::move(dose));
    }
}

/// No series is for her; or none can be told to be, as long as her sex isn't recorded.
void answer_without_series(const ExactCase& exact, const std::string& protocol, Sex sex,
                           Decision& decision) {
    const bool is_sex_missing = sex == Sex::unknown;
    decision.status =
        is_sex_missing ? VaccinationStatus::not_complete : VaccinationStatus::not_recommended;
    const Why why = is_sex_missing ? Why{protocol + "/no-sex", msg("rules.sex_unknown")}
                                   : Why{protocol + "/no-series", msg("rules.no_series")};
    for (const auto& dose : exact.doses) {
        const auto& given = *dose.given;
        decision.doses.push_back({given.date, given.product, DoseStatus::extraneous,
                                  DoseReason::none, std::nullopt, std::nullopt, false});
        decision.not_counted.push_back({given.date, given.product, why, given.lot});
    }
    Action action;
    if (is_sex_missing) action.code = ActionCode::clinician_decides;
    action.why.push_back(why);
    decision.actions.push_back(std::move(action));
}

}  // namespace

void decide_exactly(const Protocol& protocol, const Subject& subject, const ExactCase& exact,
                    Decision& decision) {
    Person person{protocol.schedule, subject, exact.birth, decision.on};
    person.contraindications = find_contraindications(person);
    const auto order = order_by_day(protocol.schedule, exact);
    std::vector<PlacedDose> doses;
    for (const auto i : order) {
        const auto& dose = exact.doses[i];
        doses.push_back({dose.day, find_vaccine(dose.given->product), dose.given->is_substandard});
    }
    std::vector<Candidate> candidates;
    for (const auto& series : protocol.schedule.series) {
        if (is_of_sex(series.sexes, subject.sex) && is_indicated(person, series))
            candidates.push_back(follow(person, series, doses));
    }
    const auto chosen = select_series(candidates);
    decision.doses.clear();
    decision.actions.clear();
    decision.warnings.clear();
    if (chosen.empty()) return answer_without_series(exact, protocol.id, subject.sex, decision);
    const auto& first = *chosen.front();
    decision.series = first.series->id;
    decision.status = first.forecast.status;
    show_doses(exact, order, first, protocol.id, decision);
    add_remarks(person, protocol.id, first, decision);
    for (const auto* candidate : chosen) {
        auto action = action_of(person, protocol.id, *candidate);
        if (!action.why.empty()) decision.actions.push_back(std::move(action));
    }
}

}  // namespace egret::rules::detail
