#include "cli/console/fault_report.h"

#include "cli/console/catalog.h"
#include "cli/console/table.h"
#include "registry/json/dump.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>

namespace egret::console {
namespace {

std::string device_text(const DeviceId& device) {
    return device.is_nil() ? "" : device.to_string();
}

/// A kind as she reads it. Parts of the program's own come in as they are called there.
std::string kind_text(std::string_view kind, Language language) {
    static constexpr std::string_view known[] = {"fault.hash_mismatch",
                                                 "fault.gap",
                                                 "fault.bad_header",
                                                 "fault.bad_commitment",
                                                 "fault.head_mismatch",
                                                 "fault.unreadable_payload",
                                                 "fault.damaged",
                                                 "fault.foreign_key",
                                                 "fault.stale_projections",
                                                 "fault.quarantine",
                                                 "fault.upload",
                                                 "fault.fork",
                                                 "fault.desk_act",
                                                 "fault.centre_user",
                                                 "fault.erased_delta",
                                                 "fault.erased_woman",
                                                 "fault.woman_keys",
                                                 "fault.feed",
                                                 "fault.enrolled_device",
                                                 "fault.bad_ingest",
                                                 "fault.upload_state",
                                                 "fault.link_keys",
                                                 "fault.lost_device",
                                                 "fault.bad_device",
                                                 "fault.bad_statement",
                                                 "fault.link_keys_blocked",
                                                 "fault.enrolment_code",
                                                 "fault.backup",
                                                 "fault.backup_head",
                                                 "fault.link_keys_other",
                                                 "fault.user_row",
                                                 "fault.keys_other",
                                                 "fault.keys_no_lead",
                                                 "fault.keys_unknown_user",
                                                 "fault.keys_no_programme",
                                                 "fault.audit_broken",
                                                 "fault.audit_missing",
                                                 "fault.audit_rewritten"};
    for (const auto id : known) {
        if (id.substr(std::string_view("fault.").size()) == kind) return text(id, language);
    }
    const auto after = [&](std::string_view prefix) {
        return std::string(kind.substr(prefix.size()));
    };
    if (kind.starts_with(store::projection_fault_prefix)) {
        return text(msg("fault.projection", {{"table", after(store::projection_fault_prefix)}}),
                    language);
    }
    if (kind.starts_with(store::coverage_fault_prefix)) {
        return text(msg("fault.coverage", {{"indicator", after(store::coverage_fault_prefix)}}),
                    language);
    }
    constexpr std::string_view key_file_prefix = "key_file_";
    if (kind.starts_with(key_file_prefix))
        return text(msg("fault.key_file", {{"name", after(key_file_prefix)}}), language);
    constexpr std::string_view clinic_prefix = "clinic_";
    if (kind.starts_with(clinic_prefix))
        return text(msg("fault.clinic", {{"clinic", after(clinic_prefix)}}), language);
    constexpr std::string_view setting_prefix = "setting_";
    if (kind.starts_with(setting_prefix))
        return text(msg("fault.setting", {{"name", after(setting_prefix)}}), language);
    return std::string(kind);
}

/// What to do about them: one thing, if one thing mends all.
Message way_out(const std::vector<store::StoreFault>& faults, const Terminal& terminal) {
    const auto count = std::to_string(faults.size());
    if (std::all_of(faults.begin(), faults.end(), store::is_mended_by_rebuild))
        return msg("verify.rebuild", {{"count", count}, {"program", terminal.program}});
    const auto all_are = [&](std::string_view kind) {
        return std::all_of(faults.begin(), faults.end(),
                           [&](const store::StoreFault& fault) { return fault.kind == kind; });
    };
    const auto all_begin = [&](std::string_view prefix) {
        return std::all_of(faults.begin(), faults.end(), [&](const store::StoreFault& fault) {
            return fault.kind.starts_with(prefix);
        });
    };
    const auto is_mended_by_sync = [](const store::StoreFault& fault) {
        return fault.kind == "upload_state" || fault.kind == "setting_server_day";
    };
    if (std::all_of(faults.begin(), faults.end(), is_mended_by_sync)) return msg("verify.sync");
    if (all_are("link_keys")) return msg("verify.link_keys");
    if (all_are("link_keys_other")) return msg("link.other_registry");
    if (all_are("link_keys_blocked")) return msg("verify.link_keys_blocked");
    if (all_are("keys_no_programme")) return msg("verify.programme");
    if (all_begin("keys_")) return msg("verify.keys");
    if (all_begin("audit_")) return msg("verify.audit");
    if (all_begin("key_file_")) return msg("verify.key_files");
    if (all_begin("clinic_")) return msg("verify.clinics");
    if (all_are("enrolled_device")) return msg("verify.machines", {{"program", terminal.program}});
    if (all_are("enrolment_code")) return msg("verify.codes", {{"program", terminal.program}});
    return msg("verify.faults", {{"count", count}});
}

void print_faults(const std::vector<store::StoreFault>& faults, const Terminal& terminal) {
    Table table({{"device", "column.device"},
                 {"seq", "column.seq", Align::right},
                 {"kind", "column.fault"}});
    for (const auto& fault : faults) {
        table.add_row({device_text(fault.device), fault.seq == 0 ? "" : std::to_string(fault.seq),
                       kind_text(fault.kind, terminal.language)});
    }
    terminal.out << table.to_text(terminal.language);
    terminal.err << text(way_out(faults, terminal), terminal.language) << '\n';
}

json::Object to_json(const std::vector<store::StoreFault>& faults) {
    json::Array items;
    for (const auto& fault : faults) {
        items.emplace_back(json::Object{
            {"device", device_text(fault.device)}, {"seq", fault.seq}, {"kind", fault.kind}});
    }
    return json::Object{{"ok", faults.empty()}, {"faults", std::move(items)}};
}

}  // namespace

ExitStatus report_faults(const std::vector<store::StoreFault>& faults, const Terminal& terminal) {
    if (terminal.json) {
        terminal.out << json::dump(to_json(faults)) << '\n';
    } else if (faults.empty()) {
        terminal.out << text(msg("verify.ok"), terminal.language) << '\n';
    } else {
        print_faults(faults, terminal);
    }
    return faults.empty() ? ExitStatus::done : ExitStatus::refused;
}

ExitStatus report_check(const std::vector<store::StoreFault>& faults,
                        const std::vector<CheckWarning>& warnings, const Terminal& terminal) {
    if (!terminal.json) {
        const auto status = report_faults(faults, terminal);
        for (const auto& warning : warnings) {
            terminal.err << text("cli.warning", terminal.language)
                         << text(warning.sentence, terminal.language) << '\n';
        }
        return status;
    }
    auto answer = to_json(faults);
    json::Array items;
    for (const auto& warning : warnings) {
        items.emplace_back(json::Object{{"kind", warning.kind},
                                        {"text", text(warning.sentence, terminal.language)}});
    }
    answer.set("warnings", std::move(items));
    terminal.out << json::dump(std::move(answer)) << '\n';
    return faults.empty() ? ExitStatus::done : ExitStatus::refused;
}

}  // namespace egret::console
