#pragma once

#include "tests/simulation/answers.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace egret::tests {

/// What became of the positive results, as the program says it.
struct Numbers {
    int done = 0;
    int documented = 0;  // As not done, with a reason.
    int open = 0;
    int overdue = 0;  // Of the open ones: on the failsafe list.
    int missing = 0;  // None of these.

    int positives() const { return done + documented + open + missing; }
};

/// Whether the program calls what is asked for so.
bool is_action_for(world::Step step, const std::string& action);

/// Holds what the program says of women to what is true of them.
class ForgottenCheck {
public:
    ForgottenCheck(const ScreenedWorld& world, Date on);

    void check(std::size_t number, const Answer& answer);

    const Numbers& numbers() const noexcept { return numbers_; }

    /// Each names the seed and the life, never a woman.
    const std::vector<std::string>& faults() const noexcept { return faults_; }

private:
    void check_positives();
    void check_asks();
    void check_listed();
    void check_awaited();
    void check_informing();
    void check_taken_back();
    void check_recalls();
    void check_recall(ScreenedSite site);
    const follow_up::Loop* find_loop(const world::Ask& ask, Date day) const;
    const follow_up::Loop* find_open(const world::Ask& ask) const;
    bool is_expected(const follow_up::Loop& open) const;
    bool is_eligible(ScreenedSite site) const;
    std::optional<follow_up::RecallState> routine_state(ScreenedSite site) const;
    bool may_be_open(std::size_t ask) const;
    void fail(const std::string& what);

    const ScreenedWorld& world_;
    Date on_;
    std::map<WomanId, std::vector<world::TakenBack>> taken_back_;
    std::set<WomanId> mistaken_for_;  // Of whom others' results were written down.
    Numbers numbers_;
    std::vector<std::string> faults_;
    std::size_t number_ = 0;
    const world::ScreenedLife* life_ = nullptr;
    const Answer* answer_ = nullptr;
};

}  // namespace egret::tests
