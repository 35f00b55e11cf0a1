#include "cli/console/catalog.h"
#include "cli/console/fault_report.h"
#include "cli/console/labels.h"
#include "cli/console/progress_bar.h"
#include "cli/console/table.h"
#include "cli/handlers.h"
#include "cli/key_check.h"
#include "cli/left_out.h"
#include "cli/typed_ids.h"
#include "registry/domain/facility_id.h"
#include "registry/json/dump.h"
#include "registry/service/audit_head.h"
#include "registry/service/changes.h"
#include "registry/service/log_page.h"
#include "registry/store/log_check.h"
#include "sync/client/link_check.h"

#include <algorithm>
#include <limits>
#include <ostream>

namespace egret::cli {
namespace {

using console::code_label;
using console::ExitStatus;
using console::kind_label;
using console::text;

service::Caller of_upkeep(service::Clinic& clinic) {
    return clinic.caller().with(service::Purpose::maintenance);
}

// ---- verify and check ---------------------------------------------------------------------------

Outcome verify_log(const Command& command) {
    const auto clinic = open_clinic(command, store::StaleProjections::leave);
    if (!clinic) return clinic.error();
    std::vector<store::StoreFault> faults;
    console::ProgressBar bar(command.terminal, text("verify.progress", command.language()));
    for (const auto& fault : store::check_logs((*clinic)->database(), bar))
        faults.push_back({fault.device, fault.seq, std::string(to_string(fault.kind))});
    return console::report_faults(faults, command.terminal);
}

Outcome check_registry(const Command& command) {
    const auto dir = registry_dir(command);
    if (!dir) return usage_error(command, dir.error());
    // What is out of date is a finding here, not something to mend on the way.
    const auto clinic = open_clinic(command, store::StaleProjections::leave);
    if (!clinic) return clinic.error();
    console::ProgressBar bar(command.terminal, text("verify.progress", command.language()));
    const auto kept = service::kept_audit_head(*dir);
    if (!kept) return kept.error();
    auto faults = (*clinic)->check(bar, *kept);
    const bool is_readable = std::all_of(faults.begin(), faults.end(), [](const auto& fault) {
        return fault.kind.starts_with("setting_") || fault.kind.starts_with("audit_") ||
               store::is_mended_by_rebuild(fault);
    });
    if (is_readable) {
        auto of_keys = check_keys(**clinic, *dir);
        if (!of_keys) return std::move(of_keys).error();
        for (auto& fault : *of_keys) faults.push_back(std::move(fault));
        for (auto& fault : client::check_link(**clinic, *dir)) faults.push_back(std::move(fault));
    }
    const auto weaknesses = find_weaknesses(command, *dir);
    if (!weaknesses) return weaknesses.error();
    return console::report_check(faults, *weaknesses, command.terminal);
}

// ---- the log ------------------------------------------------------------------------------------

// So many are a screen or two; a program gets all.
constexpr std::uint64_t entries_default = 50;
constexpr std::uint64_t entries_all = std::numeric_limits<std::int64_t>::max();

struct ShownEntry {
    std::uint64_t seq = 0;
    std::string recorded_on;
    std::string recorded_at;
    std::string author;
    std::string type;
    std::string date;
    std::string woman;
    std::string event;
    std::string target;  // What a correction or a void is about.
    std::string because;
    Stock stock;  // Without an action, if it is about something else.
};

/// The lots that it is about.
std::vector<std::string> lots_of(const Stock& stock) {
    return stock.lot.empty() ? stock.lots : std::vector{stock.lot};
}

/// "vaccine stock: temperature excursion A1, B2".
std::string kind_text(const ShownEntry& entry, Language language) {
    auto kind = kind_label(entry.type, language);
    if (!entry.stock.action) return kind;
    kind += language == Language::zh ? "：" : ": ";
    kind += code_label("stock_action", to_string(*entry.stock.action), language);
    if (entry.stock.decision)
        kind += " " + code_label("lot_decision", to_string(*entry.stock.decision), language);
    std::string_view between = " ";
    for (const auto& lot : lots_of(entry.stock)) {
        kind.append(between).append(lot);
        between = ", ";
    }
    return kind;
}

ShownEntry shown(service::Clinic& clinic, const service::LogLine& line) {
    ShownEntry entry;
    entry.seq = line.seq;
    entry.type = "unreadable";
    if (!line.event) return entry;
    const auto& event = *line.event;
    // Not the clock of the fact's header, which never goes back, be it right or not.
    if (line.ingest) {
        entry.recorded_on = line.ingest->known_day.to_string();
        entry.recorded_at = service::recorded_text(clinic, *line.ingest);
    }
    entry.author = clinic.user_name(event.author);
    entry.type = type_name(event.fact);
    if (event.fact.at.date) entry.date = event.fact.at.date->to_string();
    if (!is_facility(event.subject)) entry.woman = event.subject.to_string();
    entry.event = event.uid.to_string();
    if (const auto* correct = std::get_if<Correct>(&event.fact.detail))
        entry.target = correct->target.to_string();
    if (const auto* voided = std::get_if<VoidFact>(&event.fact.detail))
        entry.target = voided->target.to_string();
    entry.because = event.fact.at.because;
    if (const auto* stock = std::get_if<Stock>(&event.fact.detail)) entry.stock = *stock;
    if (const auto* link = std::get_if<Link>(&event.fact.detail)) entry.because = link->evidence;
    return entry;
}

json::Array to_json(const std::vector<ShownEntry>& entries) {
    json::Array items;
    for (const auto& entry : entries) {
        json::Object item{{"seq", entry.seq},
                          {"recorded_on", entry.recorded_on},
                          {"recorded_at", entry.recorded_at},
                          {"author", entry.author},
                          {"type", entry.type},
                          {"date", entry.date},
                          {"woman", entry.woman},
                          {"event", entry.event}};
        if (!entry.target.empty()) item.set("target", entry.target);
        if (!entry.because.empty()) item.set("because", entry.because);
        if (entry.stock.action) {
            item.set("action", to_string(*entry.stock.action));
            json::Array lots;
            for (const auto& lot : lots_of(entry.stock)) lots.emplace_back(lot);
            if (!lots.empty()) item.set("lots", std::move(lots));
            if (entry.stock.decision) item.set("decision", to_string(*entry.stock.decision));
        }
        items.emplace_back(std::move(item));
    }
    return items;
}

std::string to_text(const std::vector<ShownEntry>& entries, Language language) {
    console::Table table({{"seq", "column.seq", console::Align::right},
                          {"recorded_at", "member.recorded_on"},
                          {"author", "column.author"},
                          {"type", "member.kind"},
                          {"date", "member.date"},
                          {"woman", "column.woman"},
                          {"event", "member.event"},
                          {"target", "column.target"},
                          {"because", "member.because"}});
    for (const auto& entry : entries) {
        table.add_row({std::to_string(entry.seq), entry.recorded_at, entry.author,
                       kind_text(entry, language), entry.date, entry.woman, entry.event,
                       entry.target, entry.because});
    }
    return table.to_text(language);
}

std::uint64_t entries_wanted(const Command& command) {
    if (const auto limit = command.parsed.find_number("limit"))
        return static_cast<std::uint64_t>(*limit);
    return command.terminal.json ? entries_all : entries_default;
}

Outcome show_log(const Command& command) {
    const auto& parsed = command.parsed;
    const auto from = static_cast<std::uint64_t>(parsed.find_number("from").value_or(1));
    const auto limit = entries_wanted(command);
    const auto opened = open_clinic(command);
    if (!opened) return opened.error();
    auto& clinic = **opened;
    const auto caller = of_upkeep(clinic);
    service::LogPage page;
    if (const auto typed = parsed.find("woman")) {
        const auto woman = read_woman_id(clinic, *typed, "woman");
        if (!woman) return woman.error();
        auto hers = service::read_log_of(clinic, caller, *woman, from, limit);
        if (!hers) return std::move(hers).error();
        page = *std::move(hers);
    } else {
        page = service::read_log(clinic, caller, from, limit);
    }
    std::vector<ShownEntry> entries;
    for (const auto& line : page.lines) entries.push_back(shown(clinic, line));
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(to_json(entries)) << '\n';
    } else {
        out << to_text(entries, command.language());
    }
    const auto count = std::to_string(entries.size());
    if (page.next && parsed.has("woman")) {
        say_left_out(command, entries.size(), msg("log.more_of_her", {{"count", count}}));
    } else if (page.next) {
        say_left_out(command, entries.size(),
                     msg("log.more", {{"count", count}, {"next", std::to_string(*page.next)}}));
    }
    return ExitStatus::done;
}

// ---- rebuild ------------------------------------------------------------------------------------

Outcome rebuild(const Command& command) {
    const auto clinic = open_clinic(command, store::StaleProjections::leave);
    if (!clinic) return clinic.error();
    {
        console::ProgressBar bar(command.terminal, text("verify.progress", command.language()));
        const auto whole = store::require_whole_logs((*clinic)->database(), bar);
        if (!whole) return whole.error();
    }
    {
        console::ProgressBar bar(command.terminal, text("rebuild.progress", command.language()));
        (*clinic)->projector().rebuild(bar);
    }
    (*clinic)->note(of_upkeep(**clinic), {audit::Action::rebuilt});
    const auto count = (*clinic)->log().event_count();
    if (command.terminal.json) {
        command.terminal.out << json::dump(json::Object{{"ok", true}, {"facts", count}}) << '\n';
    } else {
        command.terminal.out << text(msg("rebuild.done", {{"facts", std::to_string(count)}}),
                                     command.language())
                             << '\n';
    }
    return ExitStatus::done;
}

}  // namespace

void add_care_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "log verify", verify_log);
    add_action(handlers, machine, "log show", show_log);
    add_action(handlers, machine, "check", check_registry);
    add_action(handlers, machine, "rebuild", rebuild);
}

}  // namespace egret::cli
