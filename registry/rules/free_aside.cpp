#include "registry/rules/free_aside.h"

#include "registry/rules/eligibility_answer.h"
#include "registry/rules/vaccine.h"

#include <algorithm>

namespace egret::rules {
namespace {

using Verdict = EligibilityAnswer::Verdict;

/// Nobody asks who pays, or somebody has been told already.
bool is_answered(const std::vector<Decision>& followed) {
    return std::any_of(followed.begin(), followed.end(), [](const Decision& decision) {
        return decision.eligibility || decision.status == VaccinationStatus::complete ||
               decision.status == VaccinationStatus::immune;
    });
}

/// Those of the protocol's vaccines up to that day, by day.
std::vector<const GivenDose*> doses_for(const Protocol& protocol, const Subject& subject, Date on) {
    std::vector<const GivenDose*> doses;
    for (const auto& dose : subject.doses) {
        if (dose.date.earliest() <= on && is_one_of(dose.product, protocol.schedule.vaccines))
            doses.push_back(&dose);
    }
    std::sort(doses.begin(), doses.end(),
              [](const GivenDose* a, const GivenDose* b) { return *a < *b; });
    return doses;
}

}  // namespace

std::vector<FreeAside> free_asides(const Programme& programme, const Subject& subject,
                                   const std::vector<Decision>& followed, Date on) {
    std::vector<FreeAside> asides;
    if (followed.empty() || is_answered(followed)) return asides;
    for (std::size_t i = 0; i < programme.protocols.size(); ++i) {
        const auto& protocol = programme.protocols[i];
        const bool is_in_force =
            protocol.valid.holds_on(on) && programme.assignments[i].in_force.holds_on(on);
        if (!protocol.eligibility || !is_in_force) continue;
        const auto doses = doses_for(protocol, subject, on);
        auto answer = answer_eligibility(protocol, subject, doses, {}, on);
        if (answer.verdict == Verdict::yes) {
            // Its round would take her, but the programme goes on as she began.
            if (doses.empty()) continue;
            answer.verdict = Verdict::no;
            answer.round.clear();
            answer.why = {Why{protocol.id + "/begun-with", msg("rules.begun_otherwise")}};
        }
        asides.push_back({&protocol, std::move(answer)});
    }
    return asides;
}

}  // namespace egret::rules
