#include "registry/service/named_facts.h"

#include "registry/service/adverse_events.h"

#include <algorithm>

namespace egret::service {
namespace {

Error misnamed(std::string field, Message message) {
    return {ErrorCode::invalid_input, std::move(field), std::move(message)};
}

const LiveFact* find_named(const History& history, const EventUid& uid) {
    const auto found = std::find_if(history.facts.begin(), history.facts.end(),
                                    [&](const LiveFact& live) { return live.uid == uid; });
    return found == history.facts.end() ? nullptr : &*found;
}

/// The fact of that name, if it is one of hers and of that kind.
template <class Kind>
const Kind* find_of_kind(const History& history, const EventUid& uid) {
    const auto* live = find_named(history, uid);
    return live ? std::get_if<Kind>(&live->fact.detail) : nullptr;
}

Result<Done> check_told(const History& history, const Informed& informed) {
    for (std::size_t i = 0; i < informed.about.size(); ++i) {
        if (!find_named(history, informed.about[i]))
            return misnamed("about[" + std::to_string(i) + "]", msg("event.not_hers"));
    }
    return Done{};
}

Result<Done> check_ceasing(const History& history, const Ceasing& ceasing) {
    if (ceasing.about.is_nil()) return Done{};
    const auto* before = find_of_kind<Ceasing>(history, ceasing.about);
    if (!before) return misnamed("about", msg("ceasing.not_hers"));
    if (before->site != ceasing.site) return misnamed("site", msg("ceasing.other_site"));
    if (before->step == CeasingStep::reinstated) return misnamed("about", msg("ceasing.not_hers"));
    if (ceasing.step == CeasingStep::confirmed && before->step != CeasingStep::proposed)
        return misnamed("about", msg("ceasing.not_proposed"));
    return Done{};
}

Result<Done> check_closing(const History& history, const Closing& closing) {
    if (closing.confirms.is_nil()) return Done{};
    const auto* before = find_of_kind<Closing>(history, closing.confirms);
    if (!before) return misnamed("confirms", msg("closing.not_hers"));
    if (before->site != closing.site) return misnamed("site", msg("closing.differs"));
    if (before->action != closing.action) return misnamed("action", msg("closing.differs"));
    if (before->reason != closing.reason) return misnamed("reason", msg("closing.differs"));
    return Done{};
}

bool is_older(const Fact& result, const Fact& specimen) {
    return result.at.date && specimen.at.date &&
           result.at.date->latest() < specimen.at.date->earliest();
}

bool is_reported_before(const Fact& result, const Fact& specimen) {
    return result.at.reported_on && specimen.at.date &&
           *result.at.reported_on < specimen.at.date->earliest();
}

}  // namespace

void for_each_named(Fact& fact, const std::function<void(EventUid&)>& visit) {
    const auto visit_one = [&](EventUid& uid) {
        if (!uid.is_nil()) visit(uid);
    };
    if (auto* event = std::get_if<AdverseEvent>(&fact.detail)) {
        for (auto& dose : event->doses) visit(dose);
    } else if (auto* informed = std::get_if<Informed>(&fact.detail)) {
        for (auto& result : informed->about) visit(result);
    } else if (auto* feedback = std::get_if<ReferralFeedback>(&fact.detail)) {
        visit_one(feedback->referral);
    } else if (auto* ceasing = std::get_if<Ceasing>(&fact.detail)) {
        visit_one(ceasing->about);
    } else if (auto* closing = std::get_if<Closing>(&fact.detail)) {
        visit_one(closing->confirms);
    }
}

Result<Done> check_named(const History& history, const Fact& fact) {
    if (const auto* event = std::get_if<AdverseEvent>(&fact.detail))
        return check_suspected(history, *event);
    if (const auto* informed = std::get_if<Informed>(&fact.detail))
        return check_told(history, *informed);
    if (const auto* ceasing = std::get_if<Ceasing>(&fact.detail))
        return check_ceasing(history, *ceasing);
    if (const auto* closing = std::get_if<Closing>(&fact.detail))
        return check_closing(history, *closing);
    const auto* feedback = std::get_if<ReferralFeedback>(&fact.detail);
    if (feedback && !find_of_kind<Referral>(history, feedback->referral))
        return misnamed("referral", msg("referral.not_hers"));
    return Done{};
}

EventUid agreed_to(const Fact& fact) {
    if (const auto* closing = std::get_if<Closing>(&fact.detail)) return closing->confirms;
    const auto* ceasing = std::get_if<Ceasing>(&fact.detail);
    return ceasing && ceasing->step == CeasingStep::confirmed ? ceasing->about : EventUid{};
}

const std::string* specimen_of(const Fact& fact) {
    const std::string* barcode = nullptr;
    if (const auto* hpv = std::get_if<HpvTest>(&fact.detail)) barcode = &hpv->specimen;
    if (const auto* cytology = std::get_if<Cytology>(&fact.detail)) barcode = &cytology->specimen;
    if (const auto* histology = std::get_if<Histology>(&fact.detail))
        barcode = &histology->specimen;
    return barcode && !barcode->empty() ? barcode : nullptr;
}

Result<Done> check_specimen_days(const std::vector<const Fact*>& others, const Fact& fact) {
    const auto* taken = std::get_if<Specimen>(&fact.detail);
    const auto* named = specimen_of(fact);
    if (!is_completed(fact) || (!named && (!taken || taken->barcode.empty()))) return Done{};
    for (const auto* other : others) {
        if (!is_completed(*other)) continue;
        const auto* specimen = std::get_if<Specimen>(&other->detail);
        if (named && specimen && specimen->barcode == *named) {
            if (is_older(fact, *other)) return misnamed("date", msg("specimen.result_before"));
            if (is_reported_before(fact, *other))
                return misnamed("reported_on", msg("specimen.result_before"));
        }
        const auto* result = taken ? specimen_of(*other) : nullptr;
        if (result && *result == taken->barcode &&
            (is_older(*other, fact) || is_reported_before(*other, fact)))
            return misnamed("date", msg("specimen.taken_after_result"));
    }
    return Done{};
}

}  // namespace egret::service
