#include "tests/simulation/answers.h"

#include "registry/service/recall_list.h"
#include "registry/service/worklist.h"

#include <algorithm>

namespace egret::tests {
namespace {

/// What tells one loop from another, and what a nurse sees of it.
std::string text_of(const follow_up::Loop& loop) {
    auto text = loop.id + " " + loop.action + " " + std::string(to_string(loop.state)) + " " +
                std::string(to_string(loop.severity)) + " " + loop.owner + " " +
                loop.due.to_string() + " " + loop.due_to.to_string();
    if (loop.closed_on) text += " " + loop.closed_on->to_string();
    if (loop.reason) text += " " + std::string(to_string(*loop.reason));
    return text;
}

std::string text_of(const Answer& answer) {
    std::string text;
    for (const auto& loop : answer.loops) text += text_of(loop) + "\n";
    // Each list has an order of its own.
    std::vector<std::string> listed;
    for (const auto& loop : answer.listed) listed.push_back("listed " + text_of(loop));
    for (const auto& recall : answer.recalls)
        listed.push_back(std::string(to_string(recall.state)) + " " + recall.action);
    std::sort(listed.begin(), listed.end());
    for (const auto& line : listed) text += line + "\n";
    for (const auto& id : answer.on_failsafe) text += "failsafe " + id + "\n";
    return text;
}

}  // namespace

bool operator==(const Answer& a, const Answer& b) {
    return a.decisions == b.decisions && text_of(a) == text_of(b);
}

Answer answer_of(const rules::Programme& programme, const History& history, Date on) {
    auto care = follow_up::care_of(programme, history, on);
    Answer answer;
    answer.loops = std::move(care.loops);
    answer.decisions = std::move(care.decisions);
    answer.recalls = std::move(care.recalls);
    for (const auto& loop : answer.loops) {
        if (loop.state != follow_up::LoopState::open) continue;
        answer.listed.push_back(loop);
        if (loop.is_overdue(on)) answer.on_failsafe.insert(loop.id);
    }
    return answer;
}

std::map<WomanId, Answer> answers_of(service::Clinic& clinic, Date on) {
    std::map<WomanId, Answer> answers;
    const auto* programme = clinic.programme_on(on);
    clinic.for_each_history([&](const History& history) {
        auto care = follow_up::care_of(*programme, history, on);
        auto& answer = answers[history.woman];
        answer.loops = std::move(care.loops);
        answer.decisions = std::move(care.decisions);
    });
    service::WorkQuestion question;
    question.on = on;
    question.kind = service::WorkKind::follow_up;
    for (const auto& item : service::find_work(clinic, clinic.caller(), question))
        answers[item.woman].listed.push_back(*item.loop);
    question.kind = service::WorkKind::failsafe;
    for (const auto& item : service::find_work(clinic, clinic.caller(), question))
        answers[item.woman].on_failsafe.insert(item.id);
    service::RecallQuestion recalls;
    recalls.on = on;
    for (const auto& line : service::find_recalls(clinic, clinic.caller(), recalls))
        answers[line.woman].recalls.push_back(line.recall);
    return answers;
}

}  // namespace egret::tests
