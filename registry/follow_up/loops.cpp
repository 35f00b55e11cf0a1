#include "registry/follow_up/loops.h"

#include "registry/crypto/hash.h"
#include "registry/follow_up/detail/closings.h"
#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/site.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace egret::follow_up {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

/// She was seen, or written down, there after being sent there.
bool is_accepted(const History& history, const LiveFact& transfer, const std::string& facility) {
    return std::any_of(history.facts.begin(), history.facts.end(), [&](const LiveFact& live) {
        return live.clinic == facility && transfer.order <= live.order;
    });
}

/// It was voided, and that result, of its kind, site and day, may be the same recorded anew.
bool is_former(const AmendedFact& amended, const Fact& result) {
    const auto& last = amended.versions.back().fact;
    return amended.voided && last.detail.index() == result.detail.index() &&
           last.at.date == result.at.date && rules::find_site(last) == rules::find_site(result);
}

/// Its last day is so many working days off.
bool counts_working_days(const Loop& loop) {
    return loop.kind == LoopKind::inform || loop.why.rule == "follow_up/feedback-late";
}

/// Where two of hers would have the same number, the later one gets another.
void name(std::vector<Loop>& loops) {
    std::set<std::string> taken;
    for (const auto& loop : loops) taken.insert(loop.id);
    for (auto& loop : loops) {
        if (!loop.id.empty()) continue;
        for (int nth = 1; taken.count(loop.id) > 0; ++nth) loop.id = detail::loop_id(loop, nth);
        taken.insert(loop.id);
    }
    for (auto& loop : loops)
        std::erase_if(loop.other_ids, [&](const std::string& id) { return taken.count(id) > 0; });
}

}  // namespace

namespace detail {

std::string loop_id(const Loop& loop, int nth) {
    return loop_id(loop, loop.named_by.is_nil() ? loop.opened_by : loop.named_by, nth);
}

std::string loop_id(const Loop& loop, const EventUid& named_by, int nth) {
    constexpr std::size_t digits = 12;  // As of the actions of vaccination.
    const auto breast = loop.breast ? std::string(to_string(*loop.breast)) : std::string();
    auto text = std::string(to_string(loop.kind)) + "/" + loop.protocol + "/" + loop.action + "/" +
                breast + "/" + named_by.to_string();
    if (nth > 1) text += "/" + std::to_string(nth);
    return to_hex(crypto::sha256(bytes_of(text))).substr(0, digits);
}

Date recording_day(const Fact& fact, const Order& order) {
    const auto day = static_cast<std::int32_t>(order.effective.ms() / day_ms);
    return fact.at.recorded_on.value_or(Date::from_days(day));
}

Date recording_day(const LiveFact& live) { return recording_day(live.fact, live.order); }

Date first_known_day(const Question& question, const LiveFact& result) {
    auto first = result.fact.at.reported_on.value_or(recording_day(result));
    for (const auto& amended : question.history.amended) {
        if (amended.uid != result.uid && !is_former(amended, result.fact)) continue;
        for (const auto& version : amended.versions) {
            if (rules::severity_of(version.fact) == rules::Severity::none) continue;
            const auto recorded = recording_day(version.fact, version.order);
            first = std::min(first, version.fact.at.reported_on.value_or(recorded));
        }
    }
    return first;
}

bool is_history(const LiveFact& live) {
    return clinical_day(live.fact, live.order).plus_years(1) < recording_day(live);
}

bool is_known(const Question& question, const LiveFact& live) {
    return is_completed(live.fact) && clinical_day(live.fact, live.order) <= question.on;
}

}  // namespace detail

std::vector<Loop> loops_of(const Question& question) {
    std::vector<Loop> loops;
    detail::open_of_pathways(question, loops);
    detail::open_of_reviews(question, loops);
    detail::open_of_disputes(question, loops);
    detail::open_of_refusals(question, loops);
    detail::open_of_results_awaited(question, loops);
    name(loops);  // Referrals may name them.
    detail::open_of_referrals(question, loops);
    detail::open_of_informing(question, loops);
    detail::open_of_amendments(question, loops);
    name(loops);
    const auto owner = owner_of(question.history, question.on);
    for (auto& loop : loops) {
        if (loop.owner.empty()) loop.owner = owner;
        loop.is_beyond_calendar =
            counts_working_days(loop) && !question.calendar.covers(loop.due_to.year());
        detail::apply_closings(question, loop);
    }
    std::stable_sort(loops.begin(), loops.end(), [](const Loop& a, const Loop& b) {
        return std::tie(a.opened_on, a.kind, a.id) < std::tie(b.opened_on, b.kind, b.id);
    });
    return loops;
}

std::string owner_of(const History& history, Date on) {
    std::string owner;
    for (const auto& live : history.facts) {
        if (!owner.empty() && on < clinical_day(live.fact, live.order)) break;
        if (std::holds_alternative<Register>(live.fact.detail) && owner.empty())
            owner = live.facility();
        const auto* transfer = std::get_if<Transfer>(&live.fact.detail);
        if (transfer && (owner.empty() || is_accepted(history, live, transfer->to_facility)))
            owner = transfer->to_facility;
    }
    return owner;
}

}  // namespace egret::follow_up
