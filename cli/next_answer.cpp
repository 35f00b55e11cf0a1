#include "cli/next_answer.h"

#include "cli/decision_output.h"
#include "registry/follow_up/care.h"
#include "registry/service/look_up.h"

namespace egret::cli {

bool is_dead(const History& history, Date on) { return history.died_on && *history.died_on <= on; }

Next next_by_programme(service::Clinic& clinic, const History& history, Date on) {
    const auto* programme = clinic.programme_on(on);
    if (!programme) return {};
    auto care = follow_up::care_of(*programme, history, on);
    if (is_dead(history, on)) return {{}, {}, std::move(care.loops), {}, {}};
    return {rules::decide_all(*programme, rules::subject_of(history), on),
            std::move(care.decisions), std::move(care.loops), std::move(care.episodes),
            std::move(care.recalls)};
}

json::Array to_json(const WomanId& woman, const Next& next, Language language) {
    json::Array all;
    for (const auto& decision : next.vaccination)
        all.push_back(decision_json(woman.to_string(), decision, language));
    for (const auto& decision : next.screening)
        all.push_back(decision_json(woman.to_string(), decision, language));
    return all;
}

json::Object next_after(const Command& command, service::Clinic& clinic,
                        const service::Recorded& recorded) {
    if (!command.terminal.json) return {};
    json::Array all;
    if (const auto history = service::history_after(clinic, recorded)) {
        all = to_json(history->woman, next_by_programme(clinic, *history, clinic.today()),
                      command.language());
    }
    return {{"next", std::move(all)}};
}

}  // namespace egret::cli
