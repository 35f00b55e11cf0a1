#include "registry/service/adverse_events.h"

#include "registry/domain/lots.h"
#include "registry/rules/subject.h"

#include <algorithm>
#include <array>

namespace egret::service {
namespace {

const LiveFact* find_dose(const History& history, const EventUid& uid) {
    const auto found =
        std::find_if(history.facts.begin(), history.facts.end(), [&](const LiveFact& live) {
            return live.uid == uid && std::holds_alternative<Dose>(live.fact.detail) &&
                   is_completed(live.fact);
        });
    return found == history.facts.end() ? nullptr : &*found;
}

/// Which of her doses it is by the days, from 1.
std::int64_t place_of(const History& history, const LiveFact& dose) {
    std::int64_t place = 0;
    for (const auto& live : history.facts) {
        if (!std::holds_alternative<Dose>(live.fact.detail) || !is_completed(live.fact)) continue;
        ++place;
        if (live.uid == dose.uid) break;
    }
    return place;
}

SuspectedDose suspected(const History& history, const LiveFact& live) {
    const auto& dose = std::get<Dose>(live.fact.detail);
    return {dose, live.fact.at.date, known_facility(live),
            dose.dose_number.value_or(place_of(history, live))};
}

/// Shown by role only, never in lists.
bool is_sensitive(std::string_view condition) {
    constexpr std::array<std::string_view, 2> codes = {"hiv", "sexual_abuse_history"};
    return std::find(codes.begin(), codes.end(), condition) != codes.end();
}

/// What was recorded of her as beginning before that day and holds on it. The reaction itself is no
/// history, though it bars the next dose.
std::vector<std::string> conditions_before(const History& history, Date day) {
    std::vector<std::string> codes;
    for (const auto& live : history.facts) {
        const auto* flag = std::get_if<Flag>(&live.fact.detail);
        if (!flag || !is_completed(live.fact) || is_sensitive(flag->code)) continue;
        const auto from = flag->from ? flag->from->earliest() : clinical_day(live.fact, live.order);
        const bool is_over = flag->to && flag->to->latest() < day;
        if (from < day && !is_over) codes.push_back(flag->code);
    }
    return codes;
}

bool is_pregnant_on(const History& history, Date day) {
    const auto flags = rules::subject_of(history).flags;
    return std::any_of(flags.begin(), flags.end(), [&](const rules::SubjectFlag& flag) {
        return flag.code == "pregnant" && flag.holds_on(day);
    });
}

AdverseCase case_of(const History& history, const LiveFact& live) {
    AdverseCase made;
    made.event = live.uid;
    made.woman = history.woman;
    made.who = history.who;
    made.said = std::get<AdverseEvent>(live.fact.detail);
    const auto& at = live.fact.at;
    made.onset = onset_of(made.said, at.date);
    made.serious = made.said.serious;
    if (!made.said.seriousness.empty()) made.serious = true;
    for (const auto& uid : made.said.doses) {
        if (const auto* dose = find_dose(history, uid))
            made.doses.push_back(suspected(history, *dose));
    }
    if (made.onset) made.conditions = conditions_before(history, made.onset->earliest());
    made.pregnant = made.said.pregnant;
    const bool has_dose_day = !made.doses.empty() && made.doses.front().date;
    if (!made.pregnant && has_dose_day &&
        is_pregnant_on(history, made.doses.front().date->earliest()))
        made.pregnant = true;
    made.told_on = made.said.notified_on ? made.said.notified_on : at.reported_on;
    if (!made.told_on) made.told_on = at.recorded_on;
    made.note = at.note;
    return made;
}

bool is_in(const OnsetPeriod& period, const std::optional<PartialDate>& onset) {
    if (!onset) return true;
    return (!period.from || onset->latest() >= *period.from) &&
           (!period.to || onset->earliest() <= *period.to);
}

}  // namespace

Result<Done> check_suspected(const History& history, const AdverseEvent& event) {
    for (std::size_t i = 0; i < event.doses.size(); ++i) {
        if (find_dose(history, event.doses[i])) continue;
        return Error{ErrorCode::invalid_input, "doses[" + std::to_string(i) + "]",
                     msg("adverse_event.not_her_dose")};
    }
    return Done{};
}

std::vector<Warning> adverse_event_warnings(const History& history, const Fact& fact) {
    std::vector<Warning> warnings;
    const auto* event = std::get_if<AdverseEvent>(&fact.detail);
    if (!event) return warnings;
    if (event->doses.empty())
        warnings.push_back({"no_suspected_dose", msg("warning.no_suspected_dose")});
    const auto onset = onset_of(*event, fact.at.date);
    const bool is_early =
        onset && std::any_of(event->doses.begin(), event->doses.end(), [&](const EventUid& uid) {
            const auto* dose = find_dose(history, uid);
            return dose && dose->fact.at.date && onset->latest() < dose->fact.at.date->earliest();
        });
    if (is_early) warnings.push_back({"onset_before_dose", msg("warning.onset_before_dose")});
    return warnings;
}

std::optional<Warning> suspected_dose_warning(const History& history, const EventUid& dose) {
    std::int64_t count = 0;
    std::string events;
    for (const auto& live : history.facts) {
        const auto* event = std::get_if<AdverseEvent>(&live.fact.detail);
        if (!event || !is_completed(live.fact)) continue;
        if (std::find(event->doses.begin(), event->doses.end(), dose) == event->doses.end())
            continue;
        ++count;
        events += (events.empty() ? "" : ", ") + live.uid.to_string();
    }
    if (count == 0) return std::nullopt;
    return Warning{"suspected_dose_voided",
                   msg("warning.suspected_dose_voided",
                       {{"count", std::to_string(count)}, {"events", std::move(events)}})};
}

std::vector<AdverseCase> adverse_cases(Clinic& clinic, const Caller& caller,
                                       const OnsetPeriod& period) {
    std::vector<AdverseCase> cases;
    std::vector<WomanId> seen;  // Several ids may be one woman.
    for (const auto& subject : clinic.log().subjects_of(AdverseEvent::type)) {
        const auto history = clinic.load_history(subject);
        if (!history || !history->registered_on) continue;
        if (std::find(seen.begin(), seen.end(), history->woman) != seen.end()) continue;
        seen.push_back(history->woman);
        for (const auto& live : history->facts) {
            if (!std::holds_alternative<AdverseEvent>(live.fact.detail)) continue;
            if (!is_completed(live.fact)) continue;
            auto one = case_of(*history, live);
            if (is_in(period, one.onset)) cases.push_back(std::move(one));
        }
    }
    Access access{audit::Action::exported, audit::Shown::adverse_events};
    for (const auto& one : cases) access.women.push_back(one.woman);
    clinic.note(caller, access);
    return cases;
}

}  // namespace egret::service
