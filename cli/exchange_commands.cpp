#include "cli/console/catalog.h"
#include "cli/console/progress_bar.h"
#include "cli/export_status.h"
#include "cli/handlers.h"
#include "cli/input_file.h"
#include "cli/new_file.h"
#include "cli/typed_ids.h"
#include "registry/json/dump.h"
#include "registry/service/exchange.h"

#include <algorithm>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

// More of them tell nothing new: the file is another kind of file.
constexpr std::size_t lines_shown = 50;

json::Array refused_json(const service::Imported& imported, Language language) {
    json::Array refused;
    for (const auto& line : imported.refused) {
        refused.emplace_back(json::Object{{"line", line.line},
                                          {"field", console::printable(line.error.field)},
                                          {"code", to_string(line.error.code)},
                                          {"text", text(line.error.message, language)}});
    }
    return refused;
}

/// Lines that were taken and of which she is to know something.
struct Remark {
    std::string_view code;
    Message (*of_line)(const std::string& line);
    Message (*of_more)(const std::string& count);
    const std::vector<std::uint64_t>& lines;
};

std::vector<Remark> remarks_on(const service::Imported& imported) {
    return {
        {"no_name",
         [](const std::string& line) {
             return msg("import.no_name", {{"line", line}});
         },
         [](const std::string& count) {
             return msg("import.more_nameless", {{"count", count}});
         },
         imported.nameless},
        {"differs",
         [](const std::string& line) {
             return msg("import.differs", {{"line", line}});
         },
         [](const std::string& count) {
             return msg("import.more_differing", {{"count", count}});
         },
         imported.differing},
        {"dose_differs",
         [](const std::string& line) {
             return msg("import.dose_differs", {{"line", line}});
         },
         [](const std::string& count) {
             return msg("import.more_doses_differ", {{"count", count}});
         },
         imported.differing_doses},
        {"undated_dose",
         [](const std::string& line) {
             return msg("import.undated_dose", {{"line", line}});
         },
         [](const std::string& count) {
             return msg("import.more_undated_doses", {{"count", count}});
         },
         imported.undated_doses},
    };
}

std::string text_of(const Remark& remark, std::uint64_t line, Language language) {
    return text(remark.of_line(std::to_string(line)), language);
}

json::Array warnings_json(const service::Imported& imported, Language language) {
    json::Array warnings;
    for (const auto& remark : remarks_on(imported)) {
        for (const auto line : remark.lines) {
            warnings.emplace_back(json::Object{
                {"line", line}, {"code", remark.code}, {"text", text_of(remark, line, language)}});
        }
    }
    return warnings;
}

void print_remark(const Remark& remark, const console::Terminal& terminal) {
    for (std::size_t i = 0; i < std::min(remark.lines.size(), lines_shown); ++i) {
        terminal.err << text("cli.warning", terminal.language)
                     << text_of(remark, remark.lines[i], terminal.language) << '\n';
    }
    if (remark.lines.size() <= lines_shown) return;
    const auto left = std::to_string(remark.lines.size() - lines_shown);
    terminal.err << text(remark.of_more(left), terminal.language) << '\n';
}

void print_refused(const service::Imported& imported, const console::Terminal& terminal) {
    std::size_t shown = 0;
    for (const auto& line : imported.refused) {
        if (shown++ == lines_shown) {
            const auto left = std::to_string(imported.refused.size() - lines_shown);
            terminal.err << text(msg("import.more_refused", {{"count", left}}), terminal.language)
                         << '\n';
            return;
        }
        terminal.err << text(Message{"import.line", {{"line", std::to_string(line.line)}}},
                             terminal.language);
        console::print(line.error, terminal);
    }
}

Outcome import_persons(const Command& command) {
    auto input = InputFile::open(command, command.parsed.value("FILE"), "FILE");
    if (!input) return std::move(input).error();
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    console::ProgressBar bar(command.terminal, text("import.progress", command.language()));
    const auto imported =
        service::Exchange(**clinic).import_persons((*clinic)->caller(), input->stream(), bar);
    if (!imported) return imported.error();
    const bool took_any = imported->persons > 0 || imported->known > 0;
    if (!took_any && imported->refused.empty())
        return Error{ErrorCode::invalid_input, "FILE", msg("import.empty")};
    if (command.terminal.json) {
        command.terminal.out << json::dump(json::Object{
                                    {"persons", imported->persons},
                                    {"facts", imported->facts},
                                    {"known", imported->known},
                                    {"refused", refused_json(*imported, command.language())},
                                    {"warnings", warnings_json(*imported, command.language())}})
                             << '\n';
    } else {
        print_refused(*imported, command.terminal);
        const auto remarks = remarks_on(*imported);
        for (const auto& remark : remarks) print_remark(remark, command.terminal);
        if (took_any) {
            const auto count = [](std::uint64_t number) { return std::to_string(number); };
            command.terminal.out << text(msg("import.done",
                                             {{"persons", count(imported->persons)},
                                              {"facts", count(imported->facts)},
                                              {"known", count(imported->known)},
                                              {"refused", count(imported->refused.size())}}),
                                         command.language())
                                 << '\n';
        }
    }
    if (imported->refused.empty()) return ExitStatus::done;
    return took_any ? ExitStatus::partly : ExitStatus::refused;
}

Result<std::vector<WomanId>> read_women(const Command& command, service::Clinic& clinic) {
    std::vector<WomanId> women;
    for (const auto& typed : command.parsed.list("women")) {
        const auto id = read_woman_id(clinic, typed, "women");
        if (!id) return id.error();
        women.push_back(*id);
    }
    return women;
}

Outcome export_persons(const Command& command) {
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto women = read_women(command, **clinic);
    if (!women) return women.error();
    console::ProgressBar bar(command.terminal, text("export.progress", command.language()));
    service::Exchange exchange(**clinic);
    const auto caller = (*clinic)->caller().with(service::Purpose::programme);
    const auto path = command.parsed.find("FILE");
    if (!path || *path == "-") {
        const auto written = exchange.export_persons(caller, *women, command.terminal.out, bar);
        if (!written) return written.error();
        return status_of_export(command, **clinic);
    }
    const auto file = NewFile::create(*path);
    if (!file) return file.error();
    const auto written = exchange.export_persons(caller, *women, (*file)->stream(), bar);
    if (!written) return written.error();
    if (const auto kept = (*file)->commit(); !kept) return kept.error();
    if (command.terminal.json) {
        command.terminal.out << json::dump(json::Object{{"persons", *written}, {"file", *path}})
                             << '\n';
    } else {
        command.terminal.out << text(msg("export.done",
                                         {{"persons", std::to_string(*written)}, {"path", *path}}),
                                     command.language())
                             << '\n';
    }
    return status_of_export(command, **clinic);
}

}  // namespace

void add_exchange_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "import persons", import_persons);
    add_action(handlers, machine, "export persons", export_persons);
}

}  // namespace egret::cli
