#include "registry/follow_up/detail/meetings.h"
#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/evidence.h"
#include "registry/rules/screening/site.h"
#include "registry/rules/screening/visits.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

/// She is the one who said it, or brought the paper.
bool is_from_her(const Fact& fact) {
    return fact.at.source == Source::told || fact.at.source == Source::card_seen;
}

/// In every form that it had while it was positive.
bool was_only_from_her(const Question& question, const LiveFact& live) {
    if (!is_from_her(live.fact)) return false;
    for (const auto& amended : question.history.amended) {
        if (amended.uid != live.uid) continue;
        for (const auto& version : amended.versions) {
            if (!is_from_her(version.fact) &&
                rules::severity_of(version.fact) != rules::Severity::none)
                return false;
        }
    }
    return true;
}

/// Where the feedback came from: what it says itself, else where that referral went.
std::string sender_of(const History& history, const ReferralFeedback& feedback) {
    if (!feedback.from_facility.empty()) return feedback.from_facility;
    for (const auto& live : history.facts) {
        const auto* referral = std::get_if<Referral>(&live.fact.detail);
        if (referral && live.uid == feedback.referral) return referral->to_facility;
    }
    return {};
}

/// When feedback came, by the earliest that was ever said of it, not before that day.
Date day_received(const Question& question, const LiveFact& feedback, Date not_before) {
    const auto of = [](const Fact& fact, const Order& order) {
        const auto day = clinical_day(fact, order);
        return std::get<ReferralFeedback>(fact.detail).received_on.value_or(day);
    };
    auto first = of(feedback.fact, feedback.order);
    for (const auto& amended : question.history.amended) {
        if (amended.uid != feedback.uid) continue;
        for (const auto& version : amended.versions) {
            const auto day = of(version.fact, version.order);
            if (not_before <= day) first = std::min(first, day);
        }
    }
    return first;
}

/// The day on which the clinic had the result: that of the feedback which followed it, where it was
/// found elsewhere; else that on which it was first known.
Date day_known(const Question& question, const LiveFact& found) {
    const auto day = clinical_day(found.fact, found.order);
    for (const auto& live : question.history.facts) {
        const auto* feedback = std::get_if<ReferralFeedback>(&live.fact.detail);
        if (!feedback || !is_known(question, live) || found.fact.at.facility.empty()) continue;
        const auto given = clinical_day(live.fact, live.order);
        if (sender_of(question.history, *feedback) == found.fact.at.facility && day <= given)
            return day_received(question, live, day);
    }
    return first_known_day(question, found);
}

/// The first day on which she can have learnt of it: the day of the report, or of the sample; of
/// what a laboratory finds, not the visit itself.
Date first_day_to_tell(const LiveFact& found) {
    const auto day = clinical_day(found.fact, found.order);
    if (found.fact.at.reported_on) return *found.fact.at.reported_on;
    const auto& detail = found.fact.detail;
    const bool is_of_laboratory = std::holds_alternative<HpvTest>(detail) ||
                                  std::holds_alternative<Cytology>(detail) ||
                                  std::holds_alternative<Histology>(detail);
    return is_of_laboratory ? day.plus_days(rules::cotest_days + 1) : day;
}

/// Somebody told her of it on that day or later.
const LiveFact* find_informed(const Question& question, const LiveFact& result, Date since) {
    for (const auto& live : question.history.facts) {
        const auto* informed = std::get_if<Informed>(&live.fact.detail);
        if (informed && is_known(question, live) && !is_from_her(live.fact) &&
            since <= clinical_day(live.fact, live.order) &&
            std::find(informed->about.begin(), informed->about.end(), result.uid) !=
                informed->about.end())
            return &live;
    }
    return nullptr;
}

const LiveFact* find_informed(const Question& question, const LiveFact& result) {
    const auto day = clinical_day(result.fact, result.order);
    return find_informed(question, result, result.fact.at.reported_on.value_or(day));
}

/// When it became known that what she had been told of was something else; nothing, if it wasn't
/// amended after somebody had told her.
std::optional<Date> day_amended_since(const Question& question, const LiveFact& result) {
    const auto* told = find_informed(question, result, clinical_day(result.fact, result.order));
    if (!told) return std::nullopt;
    std::optional<Date> first;
    for (const auto& amended : question.history.amended) {
        if (amended.uid != result.uid) continue;
        for (const auto& version : amended.versions) {
            const auto reported = version.fact.at.reported_on;
            if (version.order < told->order || !reported ||
                *reported <= clinical_day(told->fact, told->order))
                continue;
            const auto day = recording_day(version.fact, version.order);
            if (!first || day < *first) first = day;
        }
    }
    return first;
}

/// She was treated for it since.
const LiveFact* find_treatment(const Question& question, ScreenedSite site, Date since) {
    for (const auto& live : question.history.facts) {
        const auto* treatment = std::get_if<Treatment>(&live.fact.detail);
        if (treatment && is_known(question, live) && rules::is_finding_of(live.fact, site) &&
            !rules::is_for_something_else(*treatment, site == ScreenedSite::cervix) &&
            live.fact.at.date && !is_from_her(live.fact) && since <= live.fact.at.date->earliest())
            return &live;
    }
    return nullptr;
}

bool is_opened_at(const Loop& loop, Date day) {
    return day <= loop.opened_on && loop.opened_on <= day.plus_days(rules::cotest_days);
}

const LiveFact* find_fact(const History& history, const EventUid& uid) {
    const auto found = std::find_if(history.facts.begin(), history.facts.end(),
                                    [&](const LiveFact& live) { return live.uid == uid; });
    return found == history.facts.end() ? nullptr : &*found;
}

/// The day after that of `found` on which she came for what was done there; nothing, if she didn't.
/// Two results of one sample are of one visit.
std::optional<Date> day_of_closing_visit(const Question& question, const std::vector<Loop>& loops,
                                         const Loop& done, const LiveFact& found) {
    const auto* by = find_fact(question.history, done.closed_by);
    if (!by) return std::nullopt;
    const auto& barcode = barcode_of(by->fact);
    if (!barcode.empty() && barcode == barcode_of(found.fact)) return std::nullopt;
    const auto came = day_she_came(question, loops, *by);
    if (!came || *came <= clinical_day(found.fact, found.order)) return std::nullopt;
    return came;
}

/// What the result asked for was done, and she came for it; or what took its place, or followed
/// from it while she was away. `loops` stand in the order of their opening.
const Loop* find_done(const Question& question, const std::vector<Loop>& loops, ScreenedSite site,
                      const LiveFact& found, Date since) {
    std::vector<Date> asked{clinical_day(found.fact, found.order)};
    for (const auto& loop : loops) {
        const bool is_asked = std::any_of(asked.begin(), asked.end(),
                                          [&](Date day) { return is_opened_at(loop, day); });
        if (loop.kind != LoopKind::action || loop.site != site || !loop.closed_on || !is_asked)
            continue;
        const auto came = loop.state == LoopState::done
                              ? day_of_closing_visit(question, loops, loop, found)
                              : std::nullopt;
        if (came && since <= *came) return &loop;
        if (!came) asked.push_back(*loop.closed_on);
    }
    return nullptr;
}

void close(Loop& loop, Date on, const EventUid& by) {
    loop.state = LoopState::done;
    loop.closed_on = on;
    loop.closed_by = by;
}

}  // namespace

void open_of_informing(const Question& question, std::vector<Loop>& loops) {
    std::vector<Loop> opened;
    for (const auto& live : question.history.facts) {
        const auto site = rules::find_site(live.fact);
        const auto severity = rules::severity_of(live.fact);
        const bool is_result = site || std::holds_alternative<Histology>(live.fact.detail);
        if (!is_result || severity == rules::Severity::none || !is_known(question, live) ||
            was_only_from_her(question, live) ||
            (live.fact.at.source == Source::imported && is_history(live)))
            continue;
        Loop loop;
        loop.kind = LoopKind::inform;
        loop.site = site;
        loop.action = "inform";
        loop.why = {"follow_up/inform", msg("follow_up.inform")};
        loop.severity = severity;
        loop.opened_on = clinical_day(live.fact, live.order);
        loop.opened_by = live.uid;
        loop.opened_order = live.settled;
        loop.due = std::max(loop.opened_on,
                            day_amended_since(question, live).value_or(day_known(question, live)));
        loop.due_to =
            question.calendar.plus_working_days(loop.due, question.times.inform_working_days);
        const auto since = first_day_to_tell(live);
        if (const auto* told = find_informed(question, live))
            close(loop, clinical_day(told->fact, told->order), told->uid);
        else if (const auto* came = site ? find_done(question, loops, *site, live, since) : nullptr)
            close(loop, *came->closed_on, came->closed_by);
        else if (const auto* treated = site ? find_treatment(question, *site, since) : nullptr)
            close(loop, clinical_day(treated->fact, treated->order), treated->uid);
        opened.push_back(std::move(loop));
    }
    loops.insert(loops.end(), std::make_move_iterator(opened.begin()),
                 std::make_move_iterator(opened.end()));
}

}  // namespace egret::follow_up::detail
