#include "registry/service/link_warnings.h"

#include "registry/follow_up/care.h"

#include <algorithm>
#include <string>

namespace egret::service {
namespace {

using follow_up::Loop;
using Loops = std::vector<Loop>;

Loops open_loops(const rules::Programme& programme, const History& history, Date on) {
    auto loops = follow_up::care_of(programme, history, on).loops;
    // Whether she is the one that both records say is a question of the linking itself.
    std::erase_if(loops, [](const Loop& loop) {
        return loop.state != follow_up::LoopState::open || loop.is_about_records();
    });
    return loops;
}

/// It goes on there, under its number, or under that of another result that asks for the same.
bool is_among(const Loop& loop, const Loops& loops) {
    return std::any_of(loops.begin(), loops.end(), [&](const Loop& other) {
        const bool asks_the_same = other.action == loop.action && other.site == loop.site &&
                                   other.breast == loop.breast && other.kind == loop.kind &&
                                   loop.kind == follow_up::LoopKind::action;
        return other.answers_to(loop.id) || asks_the_same;
    });
}

/// The actions of those of `loops` that aren't among the others, each once.
std::string actions_without(const Loops& loops, const Loops& others) {
    std::vector<std::string> actions;
    for (const auto& loop : loops) {
        if (!is_among(loop, others) &&
            std::find(actions.begin(), actions.end(), loop.action) == actions.end())
            actions.push_back(loop.action);
    }
    std::string list;
    for (const auto& action : actions) list += (list.empty() ? "" : ",") + action;
    return list;
}

}  // namespace

std::vector<Warning> link_warnings(const rules::Programme& programme, const History& one,
                                   const History& other, const History& both, Date on) {
    auto before = open_loops(programme, one, on);
    for (auto& loop : open_loops(programme, other, on)) before.push_back(std::move(loop));
    const auto after = open_loops(programme, both, on);
    std::vector<Warning> warnings;
    if (const auto ended = actions_without(before, after); !ended.empty())
        warnings.push_back(
            {"link_ends_actions", msg("warning.link_ends_actions", {{"loop_actions", ended}})});
    if (const auto opened = actions_without(after, before); !opened.empty())
        warnings.push_back(
            {"link_opens_actions", msg("warning.link_opens_actions", {{"loop_actions", opened}})});
    return warnings;
}

}  // namespace egret::service
