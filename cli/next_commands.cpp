#include "cli/console/catalog.h"
#include "cli/decision_output.h"
#include "cli/describe.h"
#include "cli/handlers.h"
#include "cli/next_answer.h"
#include "cli/recorded_answer.h"
#include "cli/screening_output.h"
#include "cli/typed_ids.h"
#include "registry/follow_up/care.h"
#include "registry/json/dump.h"
#include "registry/rules/protocol_catalog.h"
#include "registry/rules/screening/catalog.h"
#include "registry/rules/screening/screening.h"
#include "registry/rules/vaccination.h"
#include "registry/service/vaccination.h"

#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

/// The day of the question.
Date asked_day(const Command& command, service::Clinic& clinic) {
    return command.parsed.find_day("on").value_or(clinic.today());
}

/// By the programme, or by the one protocol that is asked for. Nothing after her death.
Result<Next> decide_next(const Command& command, service::Clinic& clinic, const History& history) {
    const auto on = asked_day(command, clinic);
    const auto id = command.parsed.find("protocol");
    if (!id || is_dead(history, on)) return next_by_programme(clinic, history, on);
    if (const auto pathway = rules::find_pathway(*id)) {
        Next next;
        next.screening.push_back(
            rules::decide(**pathway, rules::screening_subject_of(history), on));
        if (const auto* programme = clinic.programme_on(on))
            next.loops = follow_up::loops_under(*programme, history, next.screening, on);
        return next;
    }
    const auto protocol = rules::find_protocol(*id);
    if (!protocol) return Error{protocol.error()};
    return Next{{rules::decide(**protocol, rules::subject_of(history), on)}, {}, {}, {}, {}};
}

/// The free protocols of the programme that aren't among what is followed, and why.
std::vector<rules::FreeAside> free_asides(const Command& command, service::Clinic& clinic,
                                          const History& history,
                                          const std::vector<rules::Decision>& decisions) {
    const auto on = asked_day(command, clinic);
    const auto* programme = clinic.programme_on(on);
    if (!programme || command.parsed.has("protocol")) return {};
    return rules::free_asides(*programme, rules::subject_of(history), decisions, on);
}

/// What is to be asked before anything is decided.
std::vector<service::Warning> questions(const Command& command, service::Clinic& clinic,
                                        const History& history) {
    std::vector<service::Warning> all;
    const auto on = asked_day(command, clinic);
    if (is_dead(history, on)) return all;
    if (auto open = service::pregnancy_question(history, on)) all.push_back(*std::move(open));
    return all;
}

std::string describe_next(const Command& command, service::Clinic& clinic, const History& history,
                          const Next& next) {
    const auto language = command.language();
    const auto on = asked_day(command, clinic);
    const auto open = describe_open(next.loops, history, on, language) +
                      describe_episodes(next.episodes, language);
    if (is_dead(history, on)) return text(msg("next.died"), language) + "\n" + open;
    const auto* programme = clinic.programme_on(on);
    std::string blocks;
    if (programme && !command.parsed.has("protocol"))
        blocks = describe(*programme, next.vaccination,
                          free_asides(command, clinic, history, next.vaccination), language);
    else
        for (const auto& decision : next.vaccination) blocks += describe(decision, language);
    for (const auto& decision : next.screening)
        blocks += describe(decision, next.loops, next.recalls, language);
    blocks += describe_recalls(next.recalls, next.screening, next.loops, language);
    return (blocks.empty() ? text(msg("next.no_protocol"), language) + "\n" : blocks) + open;
}

Outcome show_next(const Command& command) {
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto history =
        view_woman(**clinic, command.parsed.value("ID"), "ID", audit::Shown::next_steps);
    if (!history) return history.error();
    const auto next = decide_next(command, **clinic, *history);
    if (!next) return next.error();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        json::Object answer{{"decisions", to_json(history->woman, *next, command.language())},
                            {"loops", loops_json(next->loops, command.language())},
                            {"episodes", episodes_json(next->episodes)},
                            {"recalls", recalls_json(next->recalls, command.language())}};
        const auto asides = free_asides(command, **clinic, *history, next->vaccination);
        if (!asides.empty()) answer.set("not_free", to_json(asides, command.language()));
        const auto asked = questions(command, **clinic, *history);
        if (!asked.empty()) answer.set("warnings", to_json(asked, command.language()));
        if (is_dead(*history, asked_day(command, **clinic))) answer.set("is_dead", true);
        out << json::dump(std::move(answer)) << '\n';
        return ExitStatus::done;
    }
    out << describe_all(**clinic, *history, command.language()) << '\n'
        << describe_next(command, **clinic, *history, *next);
    for (const auto& question : questions(command, **clinic, *history))
        out << console::printable(text(question.text, command.language())) << '\n';
    return ExitStatus::done;
}

}  // namespace

void add_next_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "next", show_next);
}

}  // namespace egret::cli
