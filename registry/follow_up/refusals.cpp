#include "registry/follow_up/detail/openers.h"

#include <algorithm>
#include <string>

namespace egret::follow_up::detail {
namespace {

rules::Why why_of(const UnheededFact& unheeded) {
    switch (unheeded.why) {
        case WhyUnheeded::other_clinic:
            return {"follow_up/unheeded-other-clinic",
                    msg("follow_up.unheeded_other_clinic", {{"screening_kind", unheeded.type}})};
        case WhyUnheeded::not_lead:
            return {"follow_up/unheeded-not-lead",
                    msg("follow_up.unheeded_not_lead", {{"screening_kind", unheeded.type}})};
        case WhyUnheeded::not_in_care:
            return {"follow_up/unheeded-not-in-care",
                    msg("follow_up.unheeded_not_in_care", {{"screening_kind", unheeded.type}})};
        case WhyUnheeded::centre_only: break;
    }
    return {"follow_up/unheeded-centre-only", msg("follow_up.unheeded_centre_only")};
}

rules::Why why_of(const RefusedFact& refused) {
    if (refused.reason == "officer") {
        return {"follow_up/refused-by-officer",
                msg("follow_up.refused_by_officer", {{"screening_kind", refused.type}})};
    }
    return {"follow_up/refused", msg("follow_up.refused", {{"screening_kind", refused.type}})};
}

Date day_of(const Order& order) {
    constexpr std::int64_t ms_of_a_day = 86'400'000;
    return Date::from_days(static_cast<std::int32_t>(order.effective.ms() / ms_of_a_day));
}

/// Of a record that whoever made it has to look at.
Loop review_of_record(const Question& question, const EventUid& event, const Order& order) {
    Loop loop;
    loop.kind = LoopKind::review;
    loop.is_of_record = true;
    loop.action = egret::to_string(rules::ScreeningAction::review);
    loop.opened_on = day_of(order);
    loop.opened_by = event;
    loop.opened_order = order;
    loop.due = loop.opened_on;
    loop.due_to = loop.due.plus_days(question.times.act_within_days);
    return loop;
}

/// Whose the fact is that was corrected; "" if it doesn't hold.
std::string clinic_of(const History& history, const EventUid& event) {
    const auto found = std::find_if(history.facts.begin(), history.facts.end(),
                                    [&](const LiveFact& live) { return live.uid == event; });
    return found == history.facts.end() ? "" : found->clinic;
}

}  // namespace

void open_of_refusals(const Question& question, std::vector<Loop>& loops) {
    const auto add = [&](Loop loop) {
        if (loop.opened_on <= question.on) loops.push_back(std::move(loop));
    };
    for (const auto& refused : question.history.refused) {
        auto loop = review_of_record(question, refused.uid, refused.order);
        loop.why = why_of(refused);
        loop.owner = refused.clinic;
        add(std::move(loop));
    }
    for (const auto& unheeded : question.history.unheeded) {
        auto loop = review_of_record(question, unheeded.uid, unheeded.order);
        loop.why = why_of(unheeded);
        loop.owner = unheeded.clinic;
        add(std::move(loop));
    }
    for (const auto& amended : question.history.amended) {
        if (!amended.is_disputed || amended.voided) continue;
        const auto& last = amended.versions.back();
        auto loop = review_of_record(question, last.event, last.order);
        loop.named_by = amended.uid;
        loop.is_dispute = true;
        loop.why = {"follow_up/disputed-correction",
                    msg("follow_up.disputed_correction",
                        {{"screening_kind", std::string(type_name(last.fact))}})};
        loop.owner = clinic_of(question.history, amended.uid);
        add(std::move(loop));
    }
}

}  // namespace egret::follow_up::detail
