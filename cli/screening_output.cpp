#include "cli/screening_output.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/terminal.h"
#include "cli/decision_output.h"
#include "registry/rules/screening/catalog.h"

namespace egret::cli {
namespace {

using console::text;
using rules::ScreeningAction;
using rules::ScreeningStatus;

/// Who is not yet of age is told so in the last year before it.
constexpr int years_ahead = 1;

std::string title_of(const rules::ScreeningDecision& decision, Language language) {
    const auto pathway = rules::find_pathway(decision.protocol + "@" + decision.version);
    return pathway ? in_language((*pathway)->title, language) : decision.protocol;
}

std::string action_word(ScreeningAction action, Language language) {
    return console::code_label(CodeList<ScreeningAction>::name, egret::to_string(action), language);
}

/// Not yet, due, overdue: what she sees first.
Message standing(const rules::ScreeningStep& step, Date on, Language language) {
    const auto action = action_word(step.code, language);
    if (step.due_to && *step.due_to < on)
        return msg("screening.overdue", {{"action", action}, {"day", step.due_to->to_string()}});
    if (step.due && *step.due <= on && step.due_to && *step.due < *step.due_to)
        return msg("screening.due_until", {{"action", action}, {"day", step.due_to->to_string()}});
    if (step.due && *step.due < on)
        return msg("screening.due_since", {{"action", action}, {"day", step.due->to_string()}});
    if (!step.due || *step.due == on) return msg("screening.due_now", {{"action", action}});
    if (step.due_to && *step.due < *step.due_to)
        return msg("screening.later_until", {{"action", action},
                                             {"day", step.due->to_string()},
                                             {"last", step.due_to->to_string()}});
    return msg("screening.later", {{"action", action}, {"day", step.due->to_string()}});
}

bool is_for_later(const rules::ScreeningDecision& decision) {
    const auto& step = decision.actions.front();
    return decision.status == ScreeningStatus::up_to_date &&
           step.code == ScreeningAction::screening && step.due &&
           decision.on.plus_years(years_ahead) < *step.due && decision.loops.empty() &&
           step.why.front().rule.find("/on_day/") != std::string::npos;
}

bool is_silent(const rules::ScreeningDecision& decision) {
    if (decision.actions.empty()) return true;
    return decision.problems.empty() &&
           (decision.status == ScreeningStatus::excluded || is_for_later(decision));
}

json::Object loop_json(const rules::ScreeningDecision& decision, const rules::Loop& loop,
                       Language language) {
    const auto say = say_in(language);
    json::Object item{
        {"protocol", decision.protocol},
        {"action", egret::to_string(loop.step.code)},
        {"rule", loop.step.why.front().rule},
        {"text", say(loop.step.why.front().text)},
        {"opened_on", loop.opened_on.to_string()},
        {"opened_by", loop.opened_by.to_string()},
        {"due", loop.step.due ? json::Value(loop.step.due->to_string()) : json::Value(nullptr)},
        {"due_to",
         loop.step.due_to ? json::Value(loop.step.due_to->to_string()) : json::Value(nullptr)}};
    const auto* status = !loop.closed_on ? "open" : loop.is_overtaken ? "overtaken" : "done";
    item.set("status", status);
    if (loop.closed_on) item.set("closed_on", loop.closed_on->to_string());
    if (loop.closed_on && !loop.is_overtaken) item.set("closed_by", loop.closed_by.to_string());
    return item;
}

}  // namespace

std::string describe(const rules::ScreeningDecision& decision, Language language) {
    if (is_silent(decision)) return {};
    const auto say = say_in(language);
    std::string lines = title_of(decision, language) + "\n";
    const auto add = [&](const std::string& line) { lines += "  " + line + "\n"; };
    if (decision.out_of_force)
        add(say(decision.out_of_force->text) + " [" + decision.out_of_force->rule + "]");
    for (const auto& step : decision.actions) {
        if (step.code != ScreeningAction::none)
            add(text(standing(step, decision.on, language), language));
        for (const auto& why : step.why) add(say(why.text) + " [" + why.rule + "]");
    }
    for (const auto& problem : decision.problems) add(console::printable(text(problem, language)));
    return lines;
}

json::Array loops_json(const std::vector<rules::ScreeningDecision>& decisions, Language language) {
    json::Array all;
    for (const auto& decision : decisions) {
        for (const auto& loop : decision.loops) all.push_back(loop_json(decision, loop, language));
    }
    return all;
}

}  // namespace egret::cli
