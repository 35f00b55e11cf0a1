#include "sync/daemon/desk_commands.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/report.h"
#include "cli/console/table.h"
#include "registry/base/clock.h"
#include "registry/crypto/random_bytes.h"
#include "registry/json/dump.h"
#include "sync/central/centre_device.h"
#include "sync/daemon/centre_access.h"

#include <ostream>

namespace egret::daemon {
namespace {

/// The desk of an open centre.
struct OpenDesk {
    explicit OpenDesk(central::Centre opened)
        : centre(std::move(opened)),
          desk(centre.store(), central::load_centre_device(centre.store(), centre.keys()),
               centre.zone(), clock, random) {}

    SystemClock clock;
    crypto::SystemRandom random;
    central::Centre centre;
    central::CentreDesk desk;
};

struct TwoWomen {
    WomanId one;
    WomanId other;
};

Result<WomanId> typed_woman(const console::Parsed& parsed, const char* name) {
    const auto woman = WomanId::parse(parsed.value(name));
    if (!woman) return Error{ErrorCode::invalid_input, name, msg("desk.bad_woman")};
    return *woman;
}

Result<TwoWomen> typed_women(const console::Parsed& parsed) {
    const auto one = typed_woman(parsed, "ID");
    if (!one) return one.error();
    const auto other = typed_woman(parsed, "OTHER");
    if (!other) return other.error();
    return TwoWomen{*one, *other};
}

}  // namespace

Result<EventUid> typed_event(const console::Parsed& parsed) {
    const auto event = EventUid::parse(parsed.value("EVENT"));
    if (!event) return Error{ErrorCode::invalid_input, "EVENT", msg("desk.bad_event")};
    return *event;
}

Result<console::ExitStatus> run_at_desk(const console::Parsed& parsed,
                                        const console::Terminal& terminal, const DeskWork& work) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    OpenDesk open(*std::move(centre));
    const auto done = work(open.desk);
    if (!done) return console::refuse_typed(done.error(), terminal);
    if (terminal.json) {
        json::Array events;
        for (const auto& event : done->events) events.emplace_back(event.to_string());
        terminal.out << json::dump(json::Object{{"events", std::move(events)}}) << '\n';
        return console::ExitStatus::done;
    }
    for (const auto& event : done->events) {
        terminal.out << console::text(msg("desk.done.recorded", {{"event", event.to_string()}}),
                                      terminal.language)
                     << '\n';
    }
    if (done->events.empty())
        terminal.out << console::text(msg("desk.done.ruled"), terminal.language) << '\n';
    return console::ExitStatus::done;
}

Result<console::ExitStatus> with_desk(
    const console::Parsed& parsed, const console::Terminal& terminal,
    const std::function<Result<console::ExitStatus>(central::CentreDesk&)>& work) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    OpenDesk open(*std::move(centre));
    return work(open.desk);
}

Result<console::ExitStatus> add_centre_user(const console::Parsed& parsed,
                                            const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    OpenDesk open(*std::move(centre));
    const auto role = find_code<central::CentreRole>(parsed.value("role"));
    const auto user =
        open.desk.add_user(parsed.value("NAME"), role.value_or(central::CentreRole::auditor));
    if (!user) return console::refuse_typed(user.error(), terminal);
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"id", user->id.to_string()},
                                                {"name", user->name},
                                                {"role", user->role}})
                     << '\n';
    } else {
        terminal.out << console::text(msg("central.done.user_added", {{"name", user->name}}),
                                      terminal.language)
                     << '\n';
    }
    return console::ExitStatus::done;
}

Result<console::ExitStatus> list_centre_users(const console::Parsed& parsed,
                                              const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    json::Array list;
    console::Table table({{"name", "central.column.user"},
                          {"role", "central.column.role"},
                          {"added", "central.column.since"}});
    for (const auto& user : centre->store().users()) {
        if (!user.is_here()) continue;
        list.emplace_back(json::Object{{"id", user.id.to_string()},
                                       {"name", user.name},
                                       {"role", user.role},
                                       {"added", utc_text(user.added)}});
        table.add_row({user.name, console::code_label("centre_role", user.role, terminal.language),
                       centre->zone().local_time_text(user.added)});
    }
    if (terminal.json) {
        terminal.out << json::dump(std::move(list)) << '\n';
    } else {
        terminal.out << table.to_text(terminal.language);
    }
    return console::ExitStatus::done;
}

Result<console::ExitStatus> remove_centre_user(const console::Parsed& parsed,
                                               const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    OpenDesk open(*std::move(centre));
    const auto& name = parsed.value("NAME");
    if (auto removed = open.desk.remove_user(name); !removed)
        return console::refuse_typed(removed.error(), terminal);
    if (terminal.json) {
        terminal.out << json::dump(json::Object{{"removed", name}}) << '\n';
    } else {
        terminal.out << console::text(msg("central.done.user_removed", {{"name", name}}),
                                      terminal.language)
                     << '\n';
    }
    return console::ExitStatus::done;
}

Result<console::ExitStatus> void_at_centre(const console::Parsed& parsed,
                                           const console::Terminal& terminal) {
    const auto event = typed_event(parsed);
    if (!event) return console::refuse_typed(event.error(), terminal);
    return run_at_desk(parsed, terminal, [&](central::CentreDesk& desk) {
        return desk.void_fact(parsed.value("as"), *event, parsed.value("because"));
    });
}

Result<console::ExitStatus> link_women(const console::Parsed& parsed,
                                       const console::Terminal& terminal) {
    const auto women = typed_women(parsed);
    if (!women) return console::refuse_typed(women.error(), terminal);
    return run_at_desk(parsed, terminal, [&](central::CentreDesk& desk) {
        return desk.link(parsed.value("as"), women->one, women->other, parsed.value("because"));
    });
}

Result<console::ExitStatus> unlink_women(const console::Parsed& parsed,
                                         const console::Terminal& terminal) {
    const auto women = typed_women(parsed);
    if (!women) return console::refuse_typed(women.error(), terminal);
    return run_at_desk(parsed, terminal, [&](central::CentreDesk& desk) {
        return desk.unlink(parsed.value("as"), women->one, women->other, parsed.value("because"));
    });
}

Result<console::ExitStatus> transfer_woman(const console::Parsed& parsed,
                                           const console::Terminal& terminal) {
    const auto woman = typed_woman(parsed, "ID");
    if (!woman) return console::refuse_typed(woman.error(), terminal);
    return run_at_desk(parsed, terminal, [&](central::CentreDesk& desk) {
        return desk.transfer(parsed.value("as"), *woman, parsed.value("CODE"),
                             parsed.value("because"));
    });
}

}  // namespace egret::daemon
