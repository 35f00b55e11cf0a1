#include "registry/domain/authority.h"

#include "registry/domain/facility_id.h"
#include "registry/domain/history.h"

#include <algorithm>

namespace egret {
namespace {

bool is_centres(const LoggedEvent& logged) { return logged.clinic == centre_clinic; }

/// What was said at first, or was said anew by a correction.
const Detail& detail_of(const Fact& fact) {
    const auto* correct = std::get_if<Correct>(&fact.detail);
    if (!correct || correct->replacement.size() != 1) return fact.detail;
    return correct->replacement.front().detail;
}

const std::string& facility_of(const LoggedEvent& logged) {
    const auto& fact = logged.event.fact;
    const auto* correct = std::get_if<Correct>(&fact.detail);
    const auto& at =
        correct && correct->replacement.size() == 1 ? correct->replacement.front().at : fact.at;
    return at.facility.empty() ? logged.clinic : at.facility;
}

/// Where she is, and who put her there.
struct Care {
    std::string facility;
    std::string by;
};

bool may_transfer(const LiveFact& transfer, const Care& care) {
    const auto& clinic = transfer.clinic;
    return care.facility.empty() || clinic == care.facility || clinic == care.by ||
           clinic == std::get<Transfer>(transfer.fact.detail).to_facility ||
           clinic == centre_clinic || transfer.is_accepted;
}

}  // namespace

std::optional<WhyUnheeded> why_unheeded(const LoggedEvent& later, const LoggedEvent& fact) {
    if (is_facility(fact.event.subject)) {
        if (later.clinic == fact.clinic || later.is_accepted) return std::nullopt;
        return WhyUnheeded::other_clinic;
    }
    if (std::holds_alternative<Erase>(fact.event.fact.detail)) return WhyUnheeded::centre_only;
    if (later.is_accepted) return std::nullopt;
    if (is_centres(later)) return std::nullopt;
    if (later.clinic != fact.clinic) return WhyUnheeded::other_clinic;
    if (!std::holds_alternative<VoidFact>(later.event.fact.detail)) return std::nullopt;
    const auto role = later.event.fact.at.role.value_or(MakerRole::lead);
    if (later.event.author == fact.event.author || role == MakerRole::lead) return std::nullopt;
    return WhyUnheeded::not_lead;
}

bool may_join(std::string_view clinic, const WomanId& one, const WomanId& other,
              const std::vector<LoggedEvent>& events) {
    if (clinic == centre_clinic) return true;
    bool is_registered = false;
    for (const auto& logged : events) {
        if (logged.event.subject != one && logged.event.subject != other) continue;
        const auto& detail = detail_of(logged.event.fact);
        const bool registers = std::holds_alternative<Register>(detail);
        if (registers && (logged.clinic == clinic || facility_of(logged) == clinic)) return true;
        is_registered = is_registered || registers;
        const auto* transfer = std::get_if<Transfer>(&detail);
        if (transfer && transfer->to_facility == clinic) return true;
    }
    return !is_registered;
}

std::vector<EventUid> unheeded_transfers(const std::vector<LiveFact>& facts) {
    std::vector<EventUid> unheeded;
    const auto is_transfer = [](const LiveFact& live) {
        return std::holds_alternative<Transfer>(live.fact.detail);
    };
    if (std::none_of(facts.begin(), facts.end(), is_transfer)) return unheeded;
    std::vector<const LiveFact*> moves;
    for (const auto& live : facts) {
        if (is_transfer(live) || std::holds_alternative<Register>(live.fact.detail))
            moves.push_back(&live);
    }
    std::sort(moves.begin(), moves.end(), [](const LiveFact* a, const LiveFact* b) {
        const auto day = clinical_day(a->fact, a->order);
        const auto other_day = clinical_day(b->fact, b->order);
        return day != other_day ? day < other_day : a->order < b->order;
    });
    Care care;
    for (const auto* move : moves) {
        if (!is_transfer(*move)) {
            care = {move->facility(), move->clinic};
        } else if (may_transfer(*move, care)) {
            care = {std::get<Transfer>(move->fact.detail).to_facility, move->clinic};
        } else {
            unheeded.push_back(move->uid);
        }
    }
    return unheeded;
}

bool is_erasure(const LoggedEvent& logged) {
    const auto* erase = std::get_if<Erase>(&logged.event.fact.detail);
    return erase && erase->confirms.is_nil() && is_centres(logged) &&
           !is_facility(logged.event.subject);
}

std::vector<WomanId> take_out_erased(std::vector<LoggedEvent>& events) {
    std::vector<WomanId> erased;
    for (const auto& logged : events) {
        if (is_erasure(logged)) erased.push_back(logged.event.subject);
    }
    if (erased.empty()) return erased;
    std::sort(erased.begin(), erased.end());
    erased.erase(std::unique(erased.begin(), erased.end()), erased.end());
    std::erase_if(events, [&](const LoggedEvent& logged) {
        return std::binary_search(erased.begin(), erased.end(), logged.event.subject);
    });
    return erased;
}

}  // namespace egret
