#include "sync/daemon/key_advice.h"

#include <algorithm>

namespace egret::daemon {
namespace {

// More of them are no sentence any more.
constexpr std::size_t machines_named_max = 8;

}  // namespace

std::vector<HeldKey> held_keys(const central::KeyRing& ring,
                               const std::vector<central::DeviceStatus>& statuses, Instant now) {
    std::vector<HeldKey> held;
    for (const auto& slot : central::keys_past(ring, now)) {
        auto holders = central::holders_of(slot, statuses);
        if (!holders.empty()) held.push_back({slot.epoch, std::move(holders)});
    }
    return held;
}

Message not_destroyed(const std::vector<HeldKey>& held, Language language) {
    // Whoever holds an older key holds the newer ones, too.
    const auto& holders = held.back().holders;
    std::string machines;
    const auto named = std::min(holders.size(), machines_named_max);
    for (std::size_t i = 0; i < named; ++i) {
        if (i > 0) machines += language == Language::zh ? "、" : ", ";
        machines += holders[i].device.clinic + " " + holders[i].device.id.to_string().substr(0, 8);
    }
    if (named < holders.size()) machines += " …";
    return msg("central.keys_not_destroyed",
               {{"count", std::to_string(held.size())}, {"machines", machines}});
}

std::vector<console::CheckWarning> advise_keys(central::Centre& centre, Instant now,
                                               Language language) {
    std::vector<console::CheckWarning> warnings;
    const auto ring = centre.keys().ring();
    const auto day = [&](Instant at) { return centre.zone().local_day(at).to_string(); };
    if (centre.keys().bundle_number() < centre.bundle_number_min())
        warnings.push_back({"keys_restored", msg("central.keys_restored")});
    else if (now >= central::last_change_of_keys(ring))
        warnings.push_back(
            {"keys_end", msg("central.keys_end", {{"end", day(central::end_of_keys(ring))}})});
    const auto past = central::keys_past(ring, now);
    const auto held = held_keys(ring, centre.store().statuses(), now);
    if (past.size() > held.size()) {
        const auto count = std::to_string(past.size() - held.size());
        warnings.push_back({"keys_due", msg("central.keys_due", {{"count", count}})});
    }
    if (!held.empty()) warnings.push_back({"keys_kept", not_destroyed(held, language)});
    return warnings;
}

}  // namespace egret::daemon
