#include "cli/console/catalog.h"
#include "cli/console/csv.h"
#include "cli/export_status.h"
#include "cli/handlers.h"
#include "cli/new_file.h"
#include "registry/json/dump.h"
#include "registry/service/adverse_events.h"

#include <ostream>

namespace egret::cli {
namespace {

using console::text;
using service::AdverseCase;

/// Every area of the registry lies in China (GB/T 2260); ISO 3166 calls it so.
constexpr auto country = "CN";

void add_part(std::string& all, std::string_view part) {
    if (part.empty()) return;
    if (!all.empty()) all += "; ";
    all += part;
}

template <class Items, class ToText>
std::string joined(const Items& items, ToText&& to_text) {
    std::string all;
    for (const auto& item : items) add_part(all, to_text(item));
    return all;
}

template <class E>
std::string codes_of(const std::vector<E>& codes) {
    return joined(codes, [](E code) { return std::string(to_string(code)); });
}

template <class D>
std::string day_text(const std::optional<D>& day) {
    return day ? day->to_string() : "";
}

std::string truth_text(const std::optional<bool>& truth) {
    if (!truth) return "";
    return *truth ? "true" : "false";
}

std::string with_time(const std::string& day, const std::string& time) {
    return time.empty() || day.empty() ? day : day + " " + time;
}

std::string address_of(const Demographics& who) {
    auto address = who.address;
    add_part(address, who.area);
    return address;
}

std::string name_of(const Demographics& who) {
    for (const auto& name : who.names) {
        if (name.use == NameUse::official) return name.text;
    }
    return who.names.empty() ? "" : who.names.front().text;
}

/// A column of the file, and what stands in it.
struct CaseColumn {
    std::string_view key;
    std::string (*cell)(const AdverseCase&);
};

using Said = service::SuspectedDose;

// The first 25 are WHO's core variables in their order (GACVS, December 2015), then what belongs to
// them: the names of the columns are frozen.
constexpr CaseColumn case_columns[] = {
    {"received_on", [](const AdverseCase& c) { return day_text(c.said.received_on); }},
    {"country", [](const AdverseCase&) { return std::string(country); }},
    {"address", [](const AdverseCase& c) { return address_of(c.who); }},
    {"case_number",
     [](const AdverseCase& c) {
         return c.said.case_number.empty() ? c.event.to_string() : c.said.case_number;
     }},
    {"patient", [](const AdverseCase& c) { return c.woman.to_string(); }},
    {"birth_date", [](const AdverseCase& c) { return day_text(c.who.birth_date); }},
    {"sex",
     [](const AdverseCase& c) { return std::string(c.who.sex ? to_string(*c.who.sex) : ""); }},
    {"medical_history",
     [](const AdverseCase& c) {
         auto all = c.said.medical_history;
         for (const auto& condition : c.conditions) add_part(all, condition);
         return all;
     }},
    {"vaccine",
     [](const AdverseCase& c) {
         return joined(c.doses, [](const Said& one) { return one.dose.product; });
     }},
    {"other_vaccines", [](const AdverseCase& c) { return c.said.other_vaccines; }},
    {"lot",
     [](const AdverseCase& c) {
         return joined(c.doses, [](const Said& one) { return one.dose.lot; });
     }},
    {"dose_number",
     [](const AdverseCase& c) {
         return joined(c.doses, [](const Said& one) { return std::to_string(one.number); });
     }},
    {"diluent_lot", [](const AdverseCase& c) { return c.said.diluent_lot; }},
    {"vaccinated_at",
     [](const AdverseCase& c) {
         return joined(c.doses, [&](const Said& one) {
             return with_time(day_text(one.date), c.said.vaccination_time);
         });
     }},
    {"onset_at",
     [](const AdverseCase& c) { return with_time(day_text(c.onset), c.said.onset_time); }},
    {"manifestations",
     [](const AdverseCase& c) {
         auto all = codes_of(c.said.manifestations);
         add_part(all, c.said.diagnosis);
         return all;
     }},
    {"outcome",
     [](const AdverseCase& c) {
         return std::string(c.said.outcome ? to_string(*c.said.outcome) : "");
     }},
    {"serious", [](const AdverseCase& c) { return truth_text(c.serious); }},
    {"reporter_name",
     [](const AdverseCase& c) { return c.said.reporter ? c.said.reporter->name : ""; }},
    {"reporter_institution",
     [](const AdverseCase& c) { return c.said.reporter ? c.said.reporter->institution : ""; }},
    {"reporter_role",
     [](const AdverseCase& c) { return c.said.reporter ? c.said.reporter->role : ""; }},
    {"reporter_email",
     [](const AdverseCase& c) { return c.said.reporter ? c.said.reporter->email : ""; }},
    {"reporter_phone",
     [](const AdverseCase& c) { return c.said.reporter ? c.said.reporter->phone : ""; }},
    {"reported_on", [](const AdverseCase& c) { return day_text(c.told_on); }},
    {"comments",
     [](const AdverseCase& c) {
         auto all = c.said.narrative;
         add_part(all, c.note);
         return all;
     }},
    // What the 25 don't have.
    {"patient_name", [](const AdverseCase& c) { return name_of(c.who); }},
    {"seriousness", [](const AdverseCase& c) { return codes_of(c.said.seriousness); }},
    {"pregnant", [](const AdverseCase& c) { return truth_text(c.pregnant); }},
    {"vaccinated_by",
     [](const AdverseCase& c) {
         return joined(c.doses, [](const Said& one) { return one.facility; });
     }},
    {"event", [](const AdverseCase& c) { return c.event.to_string(); }},
};

void write_cases(const std::vector<AdverseCase>& cases, std::ostream& out) {
    std::vector<std::string> cells;
    for (const auto& column : case_columns) cells.emplace_back(column.key);
    out << console::csv_line(cells);
    for (const auto& one : cases) {
        cells.clear();
        for (const auto& column : case_columns) cells.push_back(column.cell(one));
        out << console::csv_line(cells);
    }
}

Outcome export_aefi(const Command& command) {
    const service::OnsetPeriod period{command.parsed.find_day("from"),
                                      command.parsed.find_day("to")};
    if (period.from && period.to && *period.to < *period.from)
        return usage_error(command, {ErrorCode::invalid_input, "--to", msg("export.days_turned")});
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto caller = (*clinic)->caller().with(service::Purpose::programme);
    const auto cases = service::adverse_cases(**clinic, caller, period);
    const auto path = command.parsed.find("FILE.csv");
    if (!path || *path == "-") {
        write_cases(cases, command.terminal.out);
        return status_of_export(command, **clinic);
    }
    const auto file = NewFile::create(*path);
    if (!file) return file.error();
    (*file)->stream() << console::byte_order_mark;
    write_cases(cases, (*file)->stream());
    if (const auto kept = (*file)->commit(); !kept) return kept.error();
    if (command.terminal.json) {
        command.terminal.out << json::dump(json::Object{{"cases", cases.size()}, {"file", *path}})
                             << '\n';
    } else {
        command.terminal.out << text(
                                    msg("export.aefi_done",
                                        {{"cases", std::to_string(cases.size())}, {"path", *path}}),
                                    command.language())
                             << '\n';
    }
    return status_of_export(command, **clinic);
}

}  // namespace

void add_adverse_event_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "export aefi", export_aefi);
}

}  // namespace egret::cli
