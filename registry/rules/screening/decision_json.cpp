#include "registry/rules/screening/decision_json.h"

namespace egret::rules {
namespace {

json::Array why_json(const std::vector<Why>& all, const Say& say) {
    json::Array items;
    for (const auto& why : all)
        items.push_back(json::Object{{"rule", why.rule}, {"text", say(why.text)}});
    return items;
}

json::Value step_json(const ScreeningStep& step, const Say& say) {
    json::Object members{{"code", egret::to_string(step.code)}};
    if (step.due) members.set("due", step.due->to_string());
    if (step.due_to) members.set("due_to", step.due_to->to_string());
    if (!step.choices.empty()) {
        json::Array choices;
        for (const auto choice : step.choices) choices.push_back(egret::to_string(choice));
        members.set("choices", std::move(choices));
    }
    members.set("why", why_json(step.why, say));
    return members;
}

}  // namespace

json::Object to_json(const ScreeningDecision& decision, const Say& say) {
    json::Array actions;
    for (const auto& action : decision.actions) actions.push_back(step_json(action, say));
    json::Array ignored;
    for (const auto& code : decision.ignored) ignored.push_back(code);
    json::Array problems;
    for (const auto& problem : decision.problems) problems.push_back(say(problem));
    json::Object members{
        {"protocol", decision.protocol},  {"version", decision.version},
        {"on", decision.on.to_string()},  {"status", egret::to_string(decision.status)},
        {"actions", std::move(actions)},  {"ignored", std::move(ignored)},
        {"problems", std::move(problems)}};
    if (decision.out_of_force)
        members.set("out_of_force", why_json({*decision.out_of_force}, say).front());
    return members;
}

}  // namespace egret::rules
