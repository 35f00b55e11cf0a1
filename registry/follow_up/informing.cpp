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

bool is_of_laboratory(const Fact& fact) {
    return std::holds_alternative<HpvTest>(fact.detail) ||
           std::holds_alternative<Cytology>(fact.detail) ||
           std::holds_alternative<Histology>(fact.detail);
}

/// The first day on which she can have learnt of it: the day of the report, or of the sample; of
/// what a laboratory finds, not the visit itself.
Date first_day_to_tell(const LiveFact& found) {
    const auto day = clinical_day(found.fact, found.order);
    if (found.fact.at.reported_on) return *found.fact.at.reported_on;
    if (!is_of_laboratory(found.fact)) return day;
    // Without a day of report it was known when it was written down, but for what is history.
    const auto after_visit = day.plus_days(rules::cotest_days + 1);
    const auto known = recording_day(found.fact, found.order);
    return is_history(found) ? after_visit : std::max(after_visit, known);
}

const AmendedFact* find_amended(const Question& question, const LiveFact& result) {
    for (const auto& amended : question.history.amended) {
        if (amended.uid == result.uid) return &amended;
    }
    return nullptr;
}

/// What it said when that was written down; what it said first, if that was before.
const FactVersion& version_at(const AmendedFact& amended, const Order& order) {
    const auto* at = &amended.versions.front();
    for (const auto& version : amended.versions) {
        if (version.order < order) at = &version;
    }
    return *at;
}

/// When it became known that it was worse than it said then, or was reported later than she was
/// told; nothing, if what she was told still holds.
std::optional<Date> day_changed_since(const Question& question, const LiveFact& result,
                                      const LiveFact& told) {
    const auto* amended = find_amended(question, result);
    if (!amended) return std::nullopt;
    const auto& known = version_at(*amended, told.order).fact;
    const auto told_on = clinical_day(told.fact, told.order);
    std::optional<Date> first;
    for (const auto& version : amended->versions) {
        const bool is_later = version.fact.at.reported_on && told_on < *version.fact.at.reported_on;
        if (version.order < told.order || (!is_later && !says_less(version.fact, known))) continue;
        const auto day = recording_day(version.fact, version.order);
        if (!first || day < *first) first = day;
    }
    return first;
}

/// Those who told her of it, in the order of the days.
std::vector<const LiveFact*> tellings(const Question& question, const LiveFact& result) {
    std::vector<const LiveFact*> all;
    const auto taken = clinical_day(result.fact, result.order);
    for (const auto& live : question.history.facts) {
        const auto* informed = std::get_if<Informed>(&live.fact.detail);
        if (informed && is_known(question, live) && !is_from_her(live.fact) &&
            taken <= clinical_day(live.fact, live.order) &&
            std::find(informed->about.begin(), informed->about.end(), result.uid) !=
                informed->about.end())
            all.push_back(&live);
    }
    return all;
}

/// The first day on which it has said as much as it says now; nothing, if it always did.
std::optional<Date> day_worsened(const Question& question, const LiveFact& result) {
    const auto* amended = find_amended(question, result);
    if (!amended || !says_less(result.fact, amended->versions.front().fact)) return std::nullopt;
    auto reported = amended->versions.front().fact.at.reported_on;
    for (const auto& version : amended->versions) {
        // A day of report of its own is that of the amendment.
        const auto own = version.fact.at.reported_on;
        if (!says_less(result.fact, version.fact))
            return own && reported < own ? *own : recording_day(version.fact, version.order);
        reported = own;
    }
    return std::nullopt;
}

/// She was told of it, and it isn't worse than it said then, nor became so after that day.
bool is_told_by(const Question& question, const LiveFact& result, const LiveFact& told) {
    const auto told_on = clinical_day(told.fact, told.order);
    const auto since = result.fact.at.reported_on.value_or(clinical_day(result.fact, result.order));
    const auto* amended = find_amended(question, result);
    return std::max(since, day_worsened(question, result).value_or(since)) <= told_on &&
           (!amended || !says_less(result.fact, version_at(*amended, told.order).fact));
}

/// Whether and when she was told; and from when on she is to be.
struct Telling {
    const LiveFact* told = nullptr;
    Date from;
};

/// The last that she was told is what she knows.
Telling telling_of(const Question& question, const LiveFact& result) {
    Telling telling{nullptr, day_known(question, result)};
    const auto all = tellings(question, result);
    // What she was told was right then: for what came of it there is new time.
    for (const auto* told : all)
        telling.from = day_changed_since(question, result, *told).value_or(telling.from);
    const auto fits = [&](const LiveFact* told) { return is_told_by(question, result, *told); };
    if (!all.empty() && fits(all.back()))
        telling.told = *std::find_if(all.begin(), all.end(), fits);
    return telling;
}

/// The first day on which she can have learnt what it says now.
Date first_day_to_learn(const Question& question, const LiveFact& result) {
    const auto first = first_day_to_tell(result);
    return std::max(first, day_worsened(question, result).value_or(first));
}

/// What was written down before a laboratory's result was done without it; old papers may be typed
/// in any order.
bool was_known_before(const LiveFact& result, const LiveFact& done) {
    return !is_of_laboratory(result.fact) || is_history(result) || result.order < done.order;
}

/// It shows something of that breast, or may.
bool is_of_breast(const Fact& found, HistologySite breast) {
    if (const auto* tissue = std::get_if<Histology>(&found.detail))
        return tissue->site.value_or(breast) == breast;
    const auto shows = [&](const auto& image) {
        auto side = image;
        (breast == HistologySite::breast_left ? side.right : side.left).reset();
        return rules::severity_of(rules::FindingDetail(side)) != rules::Severity::none;
    };
    if (const auto* image = std::get_if<BreastUltrasound>(&found.detail)) return shows(*image);
    const auto* mammogram = std::get_if<Mammogram>(&found.detail);
    return !mammogram || shows(*mammogram);
}

/// The one breast that was treated; nothing, if it isn't said, or was another organ.
std::optional<HistologySite> breast_of(const Treatment& treatment) {
    if (treatment.site == DiagnosisSite::breast_left) return HistologySite::breast_left;
    if (treatment.site == DiagnosisSite::breast_right) return HistologySite::breast_right;
    return std::nullopt;
}

/// She was treated for it since.
const LiveFact* find_treatment(const Question& question, ScreenedSite site, const LiveFact& found,
                               Date since) {
    for (const auto& live : question.history.facts) {
        const auto* treatment = std::get_if<Treatment>(&live.fact.detail);
        if (!treatment) continue;
        const auto breast = breast_of(*treatment);
        if (breast && !is_of_breast(found.fact, *breast)) continue;
        // A course of therapy treats a cancer of the cervix, and nothing less.
        if (site == ScreenedSite::cervix && rules::is_course(*treatment) &&
            rules::severity_of(found.fact) != rules::Severity::cancer)
            continue;
        if (!was_known_before(found, live)) continue;
        if (is_known(question, live) && rules::is_finding_of(live.fact, site) &&
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
    if (!by || !was_known_before(found, *by)) return std::nullopt;
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
        const bool is_of_other = loop.breast && !is_of_breast(found.fact, *loop.breast);
        if (loop.kind != LoopKind::action || loop.site != site || !loop.closed_on || !is_asked ||
            is_of_other)
            continue;
        const auto came = loop.state == LoopState::done
                              ? day_of_closing_visit(question, loops, loop, found)
                              : std::nullopt;
        if (came && since <= *came) return &loop;
        if (!came) asked.push_back(*loop.closed_on);
    }
    return nullptr;
}

/// She came for it, or was treated.
bool came_since(const Question& question, const std::vector<Loop>& loops, ScreenedSite site,
                const LiveFact& found, Date since) {
    return find_done(question, loops, site, found, since) ||
           find_treatment(question, site, found, since);
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
        const auto telling = telling_of(question, live);
        loop.due = std::max(loop.opened_on, telling.from);
        if (const auto worsened = day_worsened(question, live);
            worsened && site && came_since(question, loops, *site, live, first_day_to_tell(live)))
            loop.due = std::max(loop.due, *worsened);
        loop.due_to =
            question.calendar.plus_working_days(loop.due, question.times.inform_working_days);
        const auto since = first_day_to_learn(question, live);
        if (const auto* told = telling.told)
            close(loop, clinical_day(told->fact, told->order), told->uid);
        else if (const auto* came = site ? find_done(question, loops, *site, live, since) : nullptr)
            close(loop, *came->closed_on, came->closed_by);
        else if (const auto* treated =
                     site ? find_treatment(question, *site, live, since) : nullptr)
            close(loop, clinical_day(treated->fact, treated->order), treated->uid);
        opened.push_back(std::move(loop));
    }
    loops.insert(loops.end(), std::make_move_iterator(opened.begin()),
                 std::make_move_iterator(opened.end()));
}

}  // namespace egret::follow_up::detail
