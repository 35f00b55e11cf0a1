#include "registry/rules/decision_json.h"

namespace egret::rules {
namespace {

json::Value day_or_null(const std::optional<Date>& day) {
    return day ? json::Value(day->to_string()) : json::Value(nullptr);
}

json::Value number_or_null(const std::optional<int>& number) {
    return number ? json::Value(*number) : json::Value(nullptr);
}

json::Array to_json(const std::vector<Why>& all, const Say& say) {
    json::Array items;
    for (const auto& why : all)
        items.push_back(json::Object{{"rule", why.rule}, {"text", say(why.text)}});
    return items;
}

json::Value to_json(const EvaluatedDose& dose) {
    json::Object members{
        {"date", dose.date.to_string()},
        {"product", dose.product},
        {"status", to_string(dose.status)},
        {"reason", dose.reason == DoseReason::none ? json::Value(nullptr)
                                                   : json::Value(to_string(dose.reason))},
        {"dose_number", number_or_null(dose.dose_number)}};
    if (dose.in_time_from) members.set("in_time_from", dose.in_time_from->to_string());
    return members;
}

json::Array to_json(const std::vector<UncountedDose>& all, const Say& say) {
    json::Array items;
    for (const auto& dose : all) {
        json::Object item{{"date", dose.date.to_string()},
                          {"product", dose.product},
                          {"rule", dose.why.rule},
                          {"text", say(dose.why.text)}};
        if (!dose.lot.empty()) item.set("lot", dose.lot);
        items.push_back(std::move(item));
    }
    return items;
}

json::Value to_json(const Action& action, const Say& say) {
    json::Object members{{"code", to_string(action.code)}};
    if (action.dose_number) members.set("dose_number", *action.dose_number);
    if (action.due) {
        members.set("earliest", day_or_null(action.earliest));
        members.set("due", day_or_null(action.due));
        members.set("overdue_after", day_or_null(action.overdue_after));
        members.set("latest", day_or_null(action.latest));
    }
    members.set("why", to_json(action.why, say));
    return members;
}

}  // namespace

json::Object to_json(const Decision& decision, const Say& say) {
    json::Array doses;
    for (const auto& dose : decision.doses) doses.push_back(to_json(dose));
    json::Array actions;
    for (const auto& action : decision.actions) actions.push_back(to_json(action, say));
    json::Array ignored;
    for (const auto& code : decision.ignored) ignored.push_back(code);
    json::Array problems;
    for (const auto& problem : decision.problems) problems.push_back(say(problem));
    json::Object members{{"protocol", decision.protocol},  {"version", decision.version},
                         {"on", decision.on.to_string()},  {"status", to_string(decision.status)},
                         {"series", decision.series},      {"doses", std::move(doses)},
                         {"actions", std::move(actions)},  {"ignored", std::move(ignored)},
                         {"problems", std::move(problems)}};
    if (decision.out_of_force)
        members.set("out_of_force", to_json({*decision.out_of_force}, say).front());
    if (!decision.not_counted.empty())
        members.set("not_counted", to_json(decision.not_counted, say));
    if (!decision.warnings.empty()) members.set("warnings", to_json(decision.warnings, say));
    if (decision.eligibility) {
        members.set("eligibility",
                    json::Object{{"eligible", to_string(decision.eligibility->verdict)},
                                 {"round", decision.eligibility->round},
                                 {"why", to_json(decision.eligibility->why, say)}});
    }
    return members;
}

}  // namespace egret::rules
