#pragma once

#include "registry/rules/protocol_catalog.h"
#include "registry/rules/vaccination.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

/// Persons and questions for the rules of vaccination, in one line each.
namespace egret::tests {

inline rules::GivenDose dose(std::string_view date, std::string product = "cvx:165",
                             bool is_substandard = false) {
    return {*PartialDate::parse(date), std::move(product), is_substandard};
}

inline rules::Subject person(std::string_view birth, Sex sex,
                             std::vector<rules::GivenDose> doses = {}) {
    rules::Subject subject;
    subject.birth_date = *PartialDate::parse(birth);
    subject.sex = sex;
    subject.doses = std::move(doses);
    return subject;
}

/// A girl whose doses are all of one product.
inline rules::Subject girl(std::string_view birth, const std::vector<std::string>& dates = {},
                           const std::string& product = "cvx:165") {
    auto subject = person(birth, Sex::female);
    for (const auto& date : dates) subject.doses.push_back(dose(date, product));
    return subject;
}

inline rules::Subject with_flag(rules::Subject subject, std::string code) {
    subject.flags.push_back({std::move(code), {}, {}});
    return subject;
}

inline rules::Decision ask(std::string_view protocol, const rules::Subject& subject,
                           std::string_view on) {
    const auto found = rules::find_protocol(protocol);
    REQUIRE(found);
    return rules::decide(**found, subject, *Date::parse(on));
}

inline std::string shown(const std::optional<Date>& date) { return date ? date->to_string() : "-"; }

/// "3: 2026-01-01 2026-02-01 2026-03-01" for a dose with its earliest, due and first overdue day;
/// the status and the action's code where no dose is advised; the status alone without an action.
inline std::string answer(const rules::Decision& decision) {
    if (decision.actions.empty()) return std::string(to_string(decision.status));
    const auto& action = decision.actions.front();
    if (action.code != rules::ActionCode::dose)
        return std::string(to_string(decision.status)) + " " + std::string(to_string(action.code));
    return std::to_string(*action.dose_number) + ": " + shown(action.earliest) + " " +
           shown(action.due) + " " + shown(action.overdue_after);
}

/// What is said of each dose: "valid", "not_valid too_young".
inline std::vector<std::string> dose_answers(const rules::Decision& decision) {
    std::vector<std::string> all;
    for (const auto& one : decision.doses) {
        std::string words(to_string(one.status));
        if (one.reason != rules::DoseReason::none)
            words += " " + std::string(to_string(one.reason));
        all.push_back(std::move(words));
    }
    return all;
}

}  // namespace egret::tests
