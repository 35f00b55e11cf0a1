#pragma once

#include "registry/follow_up/care.h"
#include "tests/simulation/screened_world.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace egret::tests {

/// What the program says of one woman on a day.
struct Answer {
    std::vector<follow_up::Loop> loops;  // All that there ever were.
    std::vector<rules::ScreeningDecision> decisions;
    std::vector<follow_up::Recall> recalls;  // As call and recall lists them.
    std::vector<follow_up::Loop> listed;     // As the list of open follow-up has them.
    std::set<std::string> on_failsafe;       // Ids of those on the failsafe list.

    friend bool operator==(const Answer& a, const Answer& b);
};

/// By the rules alone, as `programme` has them.
Answer answer_of(const rules::Programme& programme, const History& history, Date on);

/// Everybody's, as the lists of the clinic show them.
std::map<WomanId, Answer> answers_of(service::Clinic& clinic, Date on);

}  // namespace egret::tests
