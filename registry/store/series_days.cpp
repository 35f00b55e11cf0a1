#include "registry/store/series_days.h"

#include "registry/base/ensure.h"
#include "registry/rules/protocol_catalog.h"
#include "registry/rules/subject.h"
#include "registry/rules/vaccination.h"

#include <algorithm>
#include <set>

namespace egret::store {
namespace {

const rules::Protocol& protocol_named(std::string_view id) {
    const auto found = rules::find_protocol(id);
    EGRET_ENSURE(found);
    return **found;
}

coverage::Reached reached_in(const rules::Decision& decision) {
    const bool has_first =
        std::any_of(decision.doses.begin(), decision.doses.end(),
                    [](const rules::EvaluatedDose& dose) { return dose.dose_number.has_value(); });
    return {has_first, decision.status == rules::VaccinationStatus::complete};
}

coverage::SeriesDays series_days(const rules::Protocol& protocol, const rules::Subject& subject,
                                 const std::set<Date>& dose_days) {
    coverage::SeriesDays days;
    for (const auto day : dose_days) {
        const auto reached = reached_in(rules::decide(protocol, subject, day));
        if (reached.first && !days.first) days.first = day;
        if (reached.complete && !days.complete) days.complete = day;
        if (days.first && days.complete) break;
    }
    return days;
}

}  // namespace

Protocols protocols_of(std::span<const coverage::Indicator> indicators) {
    std::set<std::string> ids;
    for (const auto& indicator : indicators) {
        for (auto& id : coverage::protocols_of(indicator)) ids.insert(std::move(id));
    }
    Protocols protocols;
    for (const auto& id : ids) protocols.push_back(&protocol_named(id));
    return protocols;
}

std::string protocol_versions_of(const coverage::Indicator& indicator) {
    std::string versions;
    for (const auto& id : coverage::protocols_of(indicator)) {
        const auto& protocol = protocol_named(id);
        versions += (versions.empty() ? "" : " ") + protocol.id + "@" + protocol.version;
    }
    return versions;
}

coverage::SeriesByProtocol series_of(const Protocols& protocols, const History& history) {
    coverage::SeriesByProtocol series;
    const bool has_dose = std::any_of(
        history.facts.begin(), history.facts.end(),
        [](const LiveFact& live) { return std::holds_alternative<Dose>(live.fact.detail); });
    if (!has_dose || protocols.empty()) return series;
    const auto subject = rules::subject_of(history);
    std::set<Date> dose_days;
    for (const auto& dose : subject.doses) dose_days.insert(dose.date.earliest());
    for (const auto* protocol : protocols)
        series.emplace(protocol->id, series_days(*protocol, subject, dose_days));
    return series;
}

coverage::ReachedOn reached_by_rules() {
    return [](std::string_view protocol, const Demographics& who,
              const std::vector<const Fact*>& facts, Date day) {
        return reached_in(
            rules::decide(protocol_named(protocol), rules::subject_of(who, facts), day));
    };
}

}  // namespace egret::store
