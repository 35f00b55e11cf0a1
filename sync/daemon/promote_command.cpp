#include "sync/daemon/promote_command.h"

#include "cli/console/catalog.h"
#include "registry/crypto/random_bytes.h"
#include "registry/files/file_lock.h"
#include "registry/json/dump.h"
#include "sync/daemon/centre_access.h"
#include "sync/daemon/centre_clock.h"
#include "sync/daemon/key_advice.h"

#include <optional>
#include <ostream>

namespace egret::daemon {
namespace {

using console::ExitStatus;

struct Promoted {
    bool is_signed = false;
    std::vector<std::uint32_t> destroyed;
    std::vector<HeldKey> held;
};

/// A wrong clock would be signed into the bundle, and no machine takes an older one after it.
Result<Done> check_clock(central::Centre& centre, Instant now) {
    if (auto doubt = doubt_centre_clock(centre.store().statuses(), now, centre.zone()))
        return Error{ErrorCode::conflict, "", *std::move(doubt)};
    const auto made = instant_from_unix_ms(centre.keys().said().not_before_ms);
    if (now >= made) return Done{};
    return Error{ErrorCode::conflict, "",
                 msg("central.keys_clock", {{"now", centre.zone().local_time_text(now)},
                                            {"made", centre.zone().local_time_text(made)}})};
}

Result<Promoted> sign_next(central::Centre& centre, const std::string& root_folder, Instant now,
                           Random& random) {
    const auto root = centre.keys().load_root(root_folder);
    if (!root) return root.error();
    if (auto good = check_clock(centre, now); !good) return std::move(good).error();
    const auto next =
        central::promote(centre.keys().ring(), *root, now, centre.bundle_number_min(), random);
    Promoted promoted;
    promoted.is_signed = next.has_value();
    if (next) centre.keys().replace_ring(*next, random);
    return promoted;
}

Promoted destroy_old(central::Centre& centre, Instant now, Random& random) {
    const auto statuses = centre.store().statuses();
    Promoted promoted;
    const auto left =
        central::destroy_old_keys(centre.keys().ring(), statuses, now, promoted.destroyed);
    if (!promoted.destroyed.empty()) centre.keys().replace_ring(left, random);
    promoted.held = held_keys(left, statuses, now);
    return promoted;
}

json::Value to_json(const Promoted& promoted, central::Centre& centre) {
    json::Array destroyed;
    for (const auto epoch : promoted.destroyed) destroyed.emplace_back(epoch);
    json::Array held;
    for (const auto& key : promoted.held) {
        json::Array machines;
        for (const auto& holder : key.holders) machines.emplace_back(holder.device.id.to_string());
        held.emplace_back(json::Object{{"epoch", key.epoch}, {"machines", std::move(machines)}});
    }
    return json::Object{{"number", centre.keys().bundle_number()},
                        {"signed", promoted.is_signed},
                        {"lasts_until", utc_text(central::end_of_keys(centre.keys().ring()))},
                        {"destroyed", std::move(destroyed)},
                        {"held", std::move(held)}};
}

void say(const Promoted& promoted, central::Centre& centre, bool is_root_here,
         const console::Terminal& terminal) {
    const auto print = [&](const Message& message) {
        terminal.out << console::text(message, terminal.language) << '\n';
    };
    const std::vector<Message::Argument> bundle{
        {"number", std::to_string(centre.keys().bundle_number())},
        {"end", centre.zone().local_day(central::end_of_keys(centre.keys().ring())).to_string()}};
    if (!promoted.destroyed.empty()) {
        print(
            msg("central.keys_destroyed", {{"count", std::to_string(promoted.destroyed.size())}}));
    }
    if (promoted.is_signed)
        print(msg("central.promoted", bundle));
    else if (is_root_here)
        print(msg("central.promoted_lately", bundle));
    else
        print(msg("central.keys_last", bundle));
}

}  // namespace

Result<ExitStatus> promote_key(const console::Parsed& parsed, const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal, store::StaleProjections::leave);
    if (!centre) return std::move(centre).error();
    // Of two at the same time the second sees what the first one made.
    const auto one_by_one = FileLock::wait(centre->file("promote.lock"));
    const auto now = SystemClock().now();
    crypto::SystemRandom random;
    const auto root_folder = parsed.find("root-dir");
    const auto promoted = root_folder ? sign_next(*centre, *root_folder, now, random)
                                      : Result<Promoted>(destroy_old(*centre, now, random));
    if (!promoted) return promoted.error();
    const bool is_blocked = !promoted->held.empty();
    const auto why =
        is_blocked ? std::optional(not_destroyed(promoted->held, terminal.language)) : std::nullopt;
    if (is_blocked && promoted->destroyed.empty()) return Error{ErrorCode::conflict, "", *why};
    if (terminal.json) {
        terminal.out << json::dump(to_json(*promoted, *centre)) << '\n';
    } else {
        say(*promoted, *centre, root_folder.has_value(), terminal);
        if (why) terminal.err << console::text(*why, terminal.language) << '\n';
    }
    return is_blocked ? ExitStatus::partly : ExitStatus::done;
}

}  // namespace egret::daemon
