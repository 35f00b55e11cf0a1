#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/report.h"
#include "cli/console/table.h"
#include "registry/domain/authority.h"
#include "registry/json/dump.h"
#include "sync/daemon/centre_access.h"
#include "sync/daemon/desk_commands.h"

#include <ostream>
#include <string>

namespace egret::daemon {
namespace {

/// Why it has no effect. A word that this program doesn't know is shown as it is.
std::string reason_text(const std::string& reason, Language language) {
    const auto* list = find_code<WhyUnheeded>(reason) ? "unheeded" : "refusal";
    return console::code_label(list, reason, language);
}

std::string state_text(const central::SetAside& one, Language language) {
    const auto* id = "desk.state.open";
    if (one.holds) id = *one.holds ? "desk.state.accepted" : "desk.state.refused";
    if (!one.event) id = "desk.state.unreadable";
    return std::string(console::text(id, language));
}

json::Object as_json(const central::SetAside& one) {
    json::Object object{{"type", one.type},     {"reason", one.reason},
                        {"clinic", one.clinic}, {"device", one.device.to_string()},
                        {"seq", one.seq},       {"came", utc_text(one.came)}};
    if (one.event) object.set("event", one.event->to_string());
    if (one.holds) object.set("accepted", *one.holds);
    return object;
}

}  // namespace

Result<console::ExitStatus> list_quarantine(const console::Parsed& parsed,
                                            const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    const auto language = terminal.language;
    json::Array list;
    console::Table table({{"event", "desk.column.event"},
                          {"type", "desk.column.type"},
                          {"reason", "desk.column.reason"},
                          {"clinic", "central.column.clinic"},
                          {"machine", "central.column.machine"},
                          {"came", "desk.column.came"},
                          {"state", "desk.column.state"}});
    for (const auto& one : centre->store().set_aside()) {
        if (one.holds && !parsed.has("all")) continue;
        list.emplace_back(as_json(one));
        table.add_row({one.event ? one.event->to_string() : "",
                       one.type.empty() ? "" : console::kind_label(one.type, language),
                       reason_text(one.reason, language), one.clinic,
                       one.device.to_string().substr(0, 8),
                       centre->zone().local_time_text(one.came), state_text(one, language)});
    }
    if (terminal.json) {
        terminal.out << json::dump(std::move(list)) << '\n';
    } else if (table.rows().empty()) {
        terminal.out << console::text(msg("desk.none_set_aside"), language) << '\n';
    } else {
        terminal.out << table.to_text(language);
    }
    return console::ExitStatus::done;
}

Result<console::ExitStatus> accept_quarantined(const console::Parsed& parsed,
                                               const console::Terminal& terminal) {
    const auto event = typed_event(parsed);
    if (!event) return console::refuse_typed(event.error(), terminal);
    return run_at_desk(parsed, terminal, [&](central::CentreDesk& desk) {
        return desk.accept(parsed.value("as"), *event, parsed.value("because"));
    });
}

Result<console::ExitStatus> refuse_quarantined(const console::Parsed& parsed,
                                               const console::Terminal& terminal) {
    const auto event = typed_event(parsed);
    if (!event) return console::refuse_typed(event.error(), terminal);
    return run_at_desk(parsed, terminal, [&](central::CentreDesk& desk) {
        return desk.refuse(parsed.value("as"), *event, parsed.value("because"));
    });
}

}  // namespace egret::daemon
