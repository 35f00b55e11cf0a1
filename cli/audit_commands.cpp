#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/table.h"
#include "cli/handlers.h"
#include "cli/left_out.h"
#include "cli/typed_ids.h"
#include "registry/json/dump.h"
#include "registry/service/audit_head.h"
#include "registry/service/audit_page.h"

#include <limits>
#include <ostream>

namespace egret::cli {
namespace {

using console::code_label;
using console::ExitStatus;
using console::text;

// ---- verify -------------------------------------------------------------------------------------

std::string fault_text(const audit::Fault& fault, Language language) {
    switch (fault.kind) {
        case audit::FaultKind::broken: return text("fault.audit_broken", language);
        case audit::FaultKind::missing:
            return text(Message{"audit.fault.missing", {{"count", std::to_string(fault.count)}}},
                        language);
        case audit::FaultKind::rewritten: break;
    }
    return text("fault.audit_rewritten", language);
}

void print_verdict(const Command& command, const audit::Verdict& verdict) {
    auto& out = command.terminal.out;
    const auto language = command.language();
    if (verdict.is_whole()) {
        out << text(msg("audit.whole", {{"count", std::to_string(verdict.entries)}}), language)
            << '\n';
        return;
    }
    console::Table table(
        {{"entry", "audit.column.entry", console::Align::right}, {"kind", "column.fault"}});
    for (const auto& fault : verdict.faults)
        table.add_row({std::to_string(fault.entry), fault_text(fault, language)});
    out << table.to_text(language);
    command.terminal.err << text(msg("verify.audit"), language) << '\n';
}

Outcome verify_audit(const Command& command) {
    // Nothing is made anew, nothing refused for damage elsewhere: that is for `check` to say.
    const auto clinic = open_clinic(command, store::StaleProjections::leave);
    if (!clinic) return clinic.error();
    const auto dir = registry_dir(command);
    if (!dir) return dir.error();
    const auto kept = service::kept_audit_head(*dir);
    if (!kept) return kept.error();
    const auto verdict = (*clinic)->verify_audit(*kept);
    if (command.terminal.json) {
        json::Array faults;
        for (const auto& fault : verdict.faults) {
            faults.emplace_back(json::Object{
                {"kind", to_string(fault.kind)}, {"entry", fault.entry}, {"count", fault.count}});
        }
        command.terminal.out << json::dump(json::Object{{"ok", verdict.is_whole()},
                                                        {"entries", verdict.entries},
                                                        {"faults", std::move(faults)}})
                             << '\n';
    } else {
        print_verdict(command, verdict);
    }
    return verdict.is_whole() ? ExitStatus::done : ExitStatus::refused;
}

// ---- show ---------------------------------------------------------------------------------------

// So many are a screen or two; a program gets all.
constexpr std::uint64_t shown_default = 50;
constexpr std::uint64_t shown_all = std::numeric_limits<std::int64_t>::max();

Result<service::AuditQuestion> read_audit_question(const Command& command,
                                                   service::Clinic& clinic) {
    const auto& parsed = command.parsed;
    service::AuditQuestion question;
    if (const auto typed = parsed.find("woman")) {
        const auto woman = read_woman_id(clinic, *typed, "woman");
        if (!woman) return woman.error();
        question.woman = *woman;
    }
    if (const auto typed = parsed.find("user")) {
        const auto user = clinic.find_user(*typed);
        if (!user) return Error{user.error()}.within("--user");
        question.user = *user;
    }
    question.from = parsed.find_day("from");
    question.to = parsed.find_day("to");
    question.limit = command.terminal.json ? shown_all : shown_default;
    if (const auto limit = parsed.find_number("limit"))
        question.limit = static_cast<std::uint64_t>(*limit);
    return question;
}

json::Array texts_json(const std::vector<std::string>& texts) {
    json::Array all;
    for (const auto& one : texts) all.emplace_back(one);
    return all;
}

template <class Tag>
json::Array ids_json(const std::vector<Id<Tag>>& ids) {
    json::Array all;
    for (const auto& id : ids) all.emplace_back(id.to_string());
    return all;
}

json::Object entry_json(service::Clinic& clinic, const audit::Entry& entry) {
    return {{"number", entry.number},
            {"at", utc_text(entry.at)},
            {"day", entry.day.to_string()},
            {"user", entry.user.to_string()},
            {"name", clinic.user_name(entry.user)},
            {"role", entry.role},
            {"purpose", entry.purpose},
            {"action", entry.action},
            {"shown", entry.shown},
            {"searched_by", texts_json(entry.searched_by)},
            {"women_count", entry.women_count},
            {"women", ids_json(entry.women)},
            {"events", ids_json(entry.events)},
            {"users", ids_json(entry.users)}};
}

/// The time by the machine's clock, where that showed the registry's day.
std::string time_text(const service::Clinic& clinic, const audit::Entry& entry) {
    const auto& zone = clinic.time_zone();
    return zone.local_day(entry.at) == entry.day ? zone.local_time_text(entry.at)
                                                 : entry.day.to_string();
}

/// "searched: name, pinyin", "listed: due list".
std::string action_text(const audit::Entry& entry, Language language) {
    auto words = code_label("audit_action", entry.action, language);
    std::string_view between = language == Language::zh ? "：" : ": ";
    if (!entry.shown.empty())
        words.append(between).append(code_label("audit_shown", entry.shown, language));
    for (const auto& by : entry.searched_by) {
        words.append(between).append(code_label("audit_search_by", by, language));
        between = language == Language::zh ? "、" : ", ";
    }
    return words;
}

/// Her id, or how many they were; of a change of users, whose.
std::string women_text(service::Clinic& clinic, const audit::Entry& entry, Language language) {
    if (!entry.users.empty()) return clinic.user_name(entry.users.front());
    if (entry.women_count == 1 && !entry.women.empty()) return entry.women.front().to_string();
    const bool might_show = !entry.shown.empty() || entry.action == "searched";
    if (entry.women_count == 0 && !might_show) return {};
    return text(Message{"audit.women", {{"count", std::to_string(entry.women_count)}}}, language);
}

std::string events_text(const audit::Entry& entry, Language language) {
    if (entry.events.empty()) return {};
    if (entry.events.size() == 1) return entry.events.front().to_string();
    return text(Message{"audit.events", {{"count", std::to_string(entry.events.size())}}},
                language);
}

std::string entries_text(service::Clinic& clinic, const std::vector<audit::Entry>& entries,
                         Language language) {
    console::Table table({{"number", "audit.column.entry", console::Align::right},
                          {"at", "audit.column.at"},
                          {"name", "audit.column.user"},
                          {"role", "audit.column.role"},
                          {"action", "audit.column.action"},
                          {"women", "column.woman"},
                          {"events", "member.event"}});
    for (const auto& entry : entries) {
        table.add_row({std::to_string(entry.number), time_text(clinic, entry),
                       clinic.user_name(entry.user), code_label("role", entry.role, language),
                       action_text(entry, language), women_text(clinic, entry, language),
                       events_text(entry, language)});
    }
    return table.to_text(language);
}

Outcome show_audit(const Command& command) {
    const auto from = command.parsed.find_day("from");
    const auto to = command.parsed.find_day("to");
    if (from && to && *to < *from)
        return usage_error(command, {ErrorCode::invalid_input, "--to", msg("export.days_turned")});
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto question = read_audit_question(command, **clinic);
    if (!question) return question.error();
    const auto caller = (*clinic)->caller().with(service::Purpose::maintenance);
    const auto page = service::show_audit(**clinic, caller, *question);
    if (!page) return page.error();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        json::Array all;
        for (const auto& entry : page->entries) all.emplace_back(entry_json(**clinic, entry));
        out << json::dump(std::move(all)) << '\n';
    } else if (page->entries.empty()) {
        out << text(msg("audit.nothing"), command.language()) << '\n';
    } else {
        out << entries_text(**clinic, page->entries, command.language());
    }
    if (page->has_more) {
        const auto count = std::to_string(page->entries.size());
        say_left_out(command, page->entries.size(), msg("audit.more", {{"count", count}}));
    }
    return ExitStatus::done;
}

}  // namespace

void add_audit_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "audit verify", verify_audit);
    add_action(handlers, machine, "audit show", show_audit);
}

}  // namespace egret::cli
