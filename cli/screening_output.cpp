#include "cli/screening_output.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/terminal.h"
#include "cli/decision_output.h"
#include "cli/due_output.h"
#include "registry/rules/screening/catalog.h"

#include <algorithm>
#include <set>

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

/// Somebody has looked at all that no rule answers.
bool is_looked_at(const rules::ScreeningDecision& decision,
                  const std::vector<follow_up::Loop>& loops) {
    bool is_any = false;
    for (const auto& loop : loops) {
        const bool is_review = loop.kind == follow_up::LoopKind::review &&
                               loop.protocol == decision.protocol &&
                               loop.action == egret::to_string(ScreeningAction::review);
        if (is_review && loop.state == follow_up::LoopState::open) return false;
        is_any = is_any || is_review;
    }
    return is_any && decision.when_looked_at;
}

/// What a review asked for is done, once somebody has looked: then the rest is next.
std::vector<rules::ScreeningStep> steps_left(const rules::ScreeningDecision& decision,
                                             const std::vector<follow_up::Loop>& loops) {
    auto steps = decision.actions;
    if (!is_looked_at(decision, loops)) return steps;
    std::erase_if(steps, [](const auto& step) { return step.code == ScreeningAction::review; });
    if (steps.empty()) steps.push_back(decision.when_looked_at->step);
    return steps;
}

bool is_urgent(const rules::ScreeningStep& step, const rules::ScreeningDecision& decision,
               const std::vector<follow_up::Loop>& loops) {
    return std::any_of(loops.begin(), loops.end(), [&](const follow_up::Loop& loop) {
        return loop.protocol == decision.protocol && loop.action == egret::to_string(step.code) &&
               loop.is_urgent(decision.on);
    });
}

json::Object loop_json(const follow_up::Loop& loop, Language language) {
    const auto say = say_in(language);
    json::Object item{{"id", loop.id},
                      {"kind", to_string(loop.kind)},
                      {"protocol", loop.protocol},
                      {"action", loop.action},
                      {"rule", loop.why.rule},
                      {"text", say(loop.why.text)},
                      {"severity", egret::to_string(loop.severity)},
                      {"opened_on", loop.opened_on.to_string()},
                      {"opened_by", loop.opened_by.to_string()},
                      {"due", loop.due.to_string()},
                      {"due_to", loop.due_to.to_string()},
                      {"owner", loop.owner},
                      {"status", to_string(loop.state)}};
    if (loop.site) item.set("site", to_string(*loop.site));
    if (loop.breast) item.set("breast", to_string(*loop.breast));
    if (loop.closed_on) item.set("closed_on", loop.closed_on->to_string());
    const bool is_closed_by_fact = loop.closed_on && loop.state != follow_up::LoopState::overtaken;
    if (is_closed_by_fact) item.set("closed_by", loop.closed_by.to_string());
    if (loop.reason) item.set("reason", to_string(*loop.reason));
    if (loop.needs_tissue) item.set("needs_tissue", true);
    if (loop.awaits_second_person) item.set("awaits_second_person", true);
    if (loop.is_asked_again()) item.set("asked_again", true);
    if (loop.is_asked_again()) item.set("came_since", loop.came_since);
    return item;
}

/// Why she isn't called to that site's routine screening now; nothing, if she is.
std::optional<Message> why_not_called(const follow_up::Recall& recall, Language language) {
    const auto site = console::code_label("screened_site", to_string(recall.site), language);
    if (recall.ceasing_reason && !recall.awaits_second_person)
        return msg("follow_up.ceased", {{"site", site}});
    if (recall.until)
        return msg("follow_up.put_off", {{"site", site}, {"day", recall.until->to_string()}});
    return std::nullopt;
}

/// What stands in the place of a routine test that she isn't called to.
std::optional<Message> in_place_of(const rules::ScreeningStep& step, ScreenedSite site,
                                   const std::vector<follow_up::Recall>& recalls,
                                   Language language) {
    if (step.code != ScreeningAction::screening) return std::nullopt;
    for (const auto& recall : recalls) {
        if (recall.site == site) return why_not_called(recall, language);
    }
    return std::nullopt;
}

bool asks_for_screening(const rules::ScreeningDecision& decision,
                        const std::vector<follow_up::Loop>& loops) {
    const auto steps =
        is_silent(decision) ? std::vector<rules::ScreeningStep>() : steps_left(decision, loops);
    return std::any_of(steps.begin(), steps.end(), [](const rules::ScreeningStep& step) {
        return step.code == ScreeningAction::screening;
    });
}

json::Value recall_day(const std::optional<Date>& day) {
    return day ? json::Value(day->to_string()) : json::Value(nullptr);
}

Message open_line(const follow_up::Loop& loop, Date on, Language language) {
    const auto action = loop_text(loop, language);
    const auto last = loop.due_to.to_string();
    const auto days = std::to_string(loop.overdue_days(on));
    if (loop.is_overdue(on))
        return Message{"follow_up.line_overdue",
                       {{"action", action}, {"day", last}, {"days", days}, {"number", loop.id}}};
    if (on < loop.due && loop.due == loop.due_to)
        return Message{"follow_up.line_on",
                       {{"action", action}, {"day", last}, {"number", loop.id}}};
    if (on < loop.due)
        return Message{"follow_up.line_later",
                       {{"action", action},
                        {"from", loop.due.to_string()},
                        {"day", last},
                        {"number", loop.id}}};
    return Message{"follow_up.line_due", {{"action", action}, {"day", last}, {"number", loop.id}}};
}

/// Nobody could tell them apart by what is to be done.
bool is_one_of_several(const follow_up::Loop& loop, const std::vector<follow_up::Loop>& loops) {
    return std::count_if(loops.begin(), loops.end(), [&](const follow_up::Loop& other) {
               return other.state == follow_up::LoopState::open && other.action == loop.action &&
                      other.breast == loop.breast;
           }) > 1;
}

/// What names a record that is to be told, or the sample whose result is missing.
bool names_its_opener(const follow_up::Loop& loop) {
    return loop.kind == follow_up::LoopKind::inform ||
           loop.kind == follow_up::LoopKind::result_awaited;
}

/// Because of which record it is open.
Message opened_by(const follow_up::Loop& loop, const History& history) {
    const auto day = loop.opened_on.to_string();
    const auto number = loop.opened_by.to_string();
    const auto found =
        std::find_if(history.facts.begin(), history.facts.end(),
                     [&](const LiveFact& live) { return live.uid == loop.opened_by; });
    if (found == history.facts.end()) return msg("follow_up.of_day", {{"day", day}});
    const auto* specimen = std::get_if<Specimen>(&found->fact.detail);
    if (specimen && !specimen->barcode.empty())
        return msg("follow_up.of_specimen",
                   {{"barcode", specimen->barcode}, {"day", day}, {"number", number}});
    return msg("follow_up.of_finding", {{"screening_kind", std::string(type_name(found->fact))},
                                        {"day", day},
                                        {"number", number}});
}

std::vector<follow_up::Loop> urgent_first(std::vector<follow_up::Loop> loops, Date on) {
    std::stable_partition(loops.begin(), loops.end(),
                          [&](const follow_up::Loop& loop) { return loop.is_urgent(on); });
    return loops;
}

std::string describe_given_up(const std::vector<follow_up::Loop>& loops, Language language) {
    std::string lines;
    for (const auto& loop : loops) {
        if (loop.state != follow_up::LoopState::not_done || !loop.reason) continue;
        const auto reason =
            console::code_label("closing_reason", to_string(*loop.reason), language);
        lines += "  " +
                 text(Message{"follow_up.given_up",
                              {{"action", loop_text(loop, language)},
                               {"day", loop.closed_on->to_string()},
                               {"reason", reason},
                               {"number", loop.id}}},
                      language) +
                 "\n";
    }
    return lines.empty() ? lines : text("follow_up.given_up_head", language) + "\n" + lines;
}

}  // namespace

std::string describe(const rules::ScreeningDecision& decision,
                     const std::vector<follow_up::Loop>& loops,
                     const std::vector<follow_up::Recall>& recalls, Language language) {
    if (is_silent(decision)) return {};
    const auto say = say_in(language);
    std::string lines = title_of(decision, language) + "\n";
    const auto add = [&](const std::string& line) { lines += "  " + line + "\n"; };
    std::set<std::string> reasons;  // Two steps may have the same.
    const auto add_once = [&](const std::string& line) {
        if (reasons.insert(line).second) add(line);
    };
    if (decision.out_of_force)
        add(say(decision.out_of_force->text) + " [" + decision.out_of_force->rule + "]");
    for (const auto& step : steps_left(decision, loops)) {
        if (const auto instead = in_place_of(step, decision.site, recalls, language)) {
            add_once(text(*instead, language));
            continue;
        }
        // By when somebody looks at a result stands below, where it is open.
        const bool is_below = step.code == ScreeningAction::review && !loops.empty();
        if (step.code != ScreeningAction::none && !is_below)
            add(text(standing(step, decision.on, language), language));
        if (is_urgent(step, decision, loops)) add(text(msg("follow_up.urgent"), language));
        for (const auto& why : step.why) add_once(say(why.text) + " [" + why.rule + "]");
    }
    for (const auto& problem : decision.problems) add(console::printable(text(problem, language)));
    return lines;
}

json::Array loops_json(const std::vector<follow_up::Loop>& loops, Language language) {
    json::Array all;
    for (const auto& loop : loops) all.push_back(loop_json(loop, language));
    return all;
}

std::string describe_open(const std::vector<follow_up::Loop>& loops, const History& history,
                          Date on, Language language) {
    std::string lines;
    for (const auto& loop : urgent_first(loops, on)) {
        if (loop.state != follow_up::LoopState::open) continue;
        lines += "  " + text(open_line(loop, on, language), language) + "\n";
        const auto add = [&](const Message& more) {
            lines += "    " + text(more, language) + "\n";
        };
        if (loop.is_urgent(on)) add(msg("follow_up.urgent"));
        if (loop.protocol.empty()) add(std::get<Message>(loop.why.text));
        if (names_its_opener(loop) || is_one_of_several(loop, loops)) add(opened_by(loop, history));
        if (loop.has_cancer)
            add(msg("follow_up.has_cancer"));
        else if (loop.needs_tissue)
            add(msg("follow_up.needs_tissue"));
        if (loop.awaits_second_person) add(awaits_second(loop));
        if (loop.is_asked_again()) add(asked_again(loop));
    }
    if (const auto note = beyond_calendar(loops)) lines += "  " + text(*note, language) + "\n";
    if (!lines.empty()) lines = text("follow_up.open", language) + "\n" + lines;
    return lines + describe_given_up(loops, language);
}

json::Array episodes_json(const std::vector<follow_up::Episode>& episodes) {
    json::Array all;
    for (const auto& episode : episodes) {
        json::Object one{{"site", to_string(episode.site)},
                         {"opened_on", episode.opened_on.to_string()},
                         {"status", episode.closed_on ? "closed" : "open"}};
        if (episode.closed_on) {
            one.set("closed_on", episode.closed_on->to_string());
            one.set("closed_by", episode.closed_by.to_string());
            one.set("reason", to_string(*episode.reason));
        }
        if (episode.reopened_by) one.set("reopened_by", episode.reopened_by->to_string());
        all.push_back(std::move(one));
    }
    return all;
}

std::string describe_episodes(const std::vector<follow_up::Episode>& episodes, Language language) {
    std::string lines;
    for (const auto& episode : episodes) {
        const auto site = console::code_label("screened_site", to_string(episode.site), language);
        if (episode.closed_on) {
            const auto reason =
                console::code_label("closing_reason", to_string(*episode.reason), language);
            lines += text(msg("follow_up.case_closed", {{"site", site},
                                                        {"day", episode.closed_on->to_string()},
                                                        {"reason", reason}}),
                          language) +
                     "\n";
        } else if (episode.reopened_by) {
            lines += text(msg("follow_up.case_reopened", {{"site", site}}), language) + "\n";
        }
    }
    return lines;
}

json::Object recall_json(const follow_up::Recall& recall, Language language) {
    json::Array why;
    for (const auto& one : recall.why)
        why.push_back(json::Object{{"rule", one.rule}, {"text", say_in(language)(one.text)}});
    json::Object members{{"site", to_string(recall.site)},
                         {"state", to_string(recall.state)},
                         {"action", recall.action},
                         {"next_test_due", recall_day(recall.next_test_due)},
                         {"protocol", recall.protocol},
                         {"version", recall.version},
                         {"why", std::move(why)},
                         {"invitations", recall.invitations},
                         {"first_invited", recall_day(recall.first_invited)},
                         {"until", recall_day(recall.until)}};
    if (recall.deferral_reason) members.set("deferral_reason", to_string(*recall.deferral_reason));
    if (recall.ceasing_reason) members.set("ceasing_reason", to_string(*recall.ceasing_reason));
    if (recall.awaits_second_person) members.set("awaits_second_person", true);
    return members;
}

json::Array recalls_json(const std::vector<follow_up::Recall>& recalls, Language language) {
    json::Array all;
    for (const auto& recall : recalls) all.push_back(recall_json(recall, language));
    return all;
}

std::string describe_recalls(const std::vector<follow_up::Recall>& recalls,
                             const std::vector<rules::ScreeningDecision>& decisions,
                             const std::vector<follow_up::Loop>& loops, Language language) {
    std::string lines;
    for (const auto& recall : recalls) {
        const auto site = console::code_label("screened_site", to_string(recall.site), language);
        const auto add = [&](const Message& line) { lines += text(line, language) + "\n"; };
        // Where a pathway would call her, this stands in its place.
        const bool is_said = std::any_of(
            decisions.begin(), decisions.end(), [&](const rules::ScreeningDecision& decision) {
                return decision.site == recall.site && asks_for_screening(decision, loops);
            });
        if (const auto why = why_not_called(recall, language); why && !is_said) add(*why);
        if (recall.ceasing_reason && recall.awaits_second_person)
            add(msg("follow_up.ceasing_proposed", {{"site", site}}));
    }
    return lines;
}

}  // namespace egret::cli
