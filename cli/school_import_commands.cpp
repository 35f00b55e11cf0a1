#include "cli/console/catalog.h"
#include "cli/console/csv.h"
#include "cli/console/progress_bar.h"
#include "cli/handlers.h"
#include "cli/input_file.h"
#include "cli/new_file.h"
#include "registry/base/sheet_limits.h"
#include "registry/domain/area.h"
#include "registry/json/dump.h"
#include "registry/service/roll_import.h"

#include <algorithm>
#include <array>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;
using service::RefusedRow;
using service::RollField;
using service::RollImported;
using service::RollPlace;

// More of them tell nothing new: the file is another kind of file.
constexpr std::size_t refused_rows_shown = 50;
constexpr std::size_t places_shown = 5;

/// "name=B" or "name=学生": what --map says of one column.
Result<service::RollChoice> read_choice(const std::string& word) {
    const auto sign = word.find('=');
    if (sign == std::string::npos)
        return Error{ErrorCode::invalid_input, "--map", msg("roll.map_form")};
    const auto field = service::find_roll_field(word.substr(0, sign));
    if (!field) return Error{ErrorCode::invalid_input, "--map", msg("roll.map_field")};
    return service::RollChoice{*field, word.substr(sign + 1)};
}

Result<service::RollOptions> read_options(const console::Parsed& parsed) {
    service::RollOptions options;
    for (const auto& word : parsed.list("map")) {
        auto choice = read_choice(word);
        if (!choice) return std::move(choice).error();
        options.choices.push_back(*std::move(choice));
    }
    options.school = parsed.find("school").value_or("");
    options.school_class = parsed.find("class").value_or("");
    if (const auto area = parsed.find("school-area")) {
        const auto code = AreaCode::parse_known(*area);
        if (!code) return Error{code.error()}.within("--school-area");
        options.school_area = code->text();
    }
    if (const auto sex = parsed.find("sex")) options.sex = find_code<Sex>(*sex);
    return options;
}

std::string place_text(const RollPlace& place, Language language) {
    const auto line = std::to_string(place.line);
    if (place.sheet.empty()) return text(Message{"import.line", {{"line", line}}}, language);
    return text(Message{"roll.sheet_line", {{"sheet", place.sheet}, {"line", line}}}, language);
}

void print_refused_rows(const std::vector<RefusedRow>& refused, const console::Terminal& terminal) {
    std::size_t shown = 0;
    for (const auto& row : refused) {
        if (shown++ == refused_rows_shown) {
            const auto left = std::to_string(refused.size() - refused_rows_shown);
            terminal.err << text(msg("roll.more_refused", {{"count", left}}), terminal.language)
                         << '\n';
            return;
        }
        terminal.err << place_text(row.place, terminal.language);
        console::print(row.error, terminal);
    }
}

/// "3, 5, 8 and 40 more": the lines that a note is about.
std::string lines_text(const std::vector<RollPlace>& places, Language language) {
    std::string lines;
    for (std::size_t i = 0; i < std::min(places.size(), places_shown); ++i) {
        if (i > 0) lines += language == Language::zh ? "、" : ", ";
        if (!places[i].sheet.empty()) lines += places[i].sheet + "!";
        lines += std::to_string(places[i].line);
    }
    if (places.size() <= places_shown) return lines;
    return text(
        Message{"roll.and_more",
                {{"lines", lines}, {"count", std::to_string(places.size() - places_shown)}}},
        language);
}

std::string listed(const std::vector<std::string>& parts, Language language) {
    std::string all;
    for (const auto& part : parts) {
        if (!all.empty()) all += language == Language::zh ? "、" : ", ";
        all += part;
    }
    return all;
}

/// What was not read of the file, and what should be known of rows that were taken.
void print_notes(const RollImported& imported, const service::ClassRoll& roll,
                 const console::Terminal& terminal) {
    const auto language = terminal.language;
    const auto say = [&](const Message& message) {
        terminal.err << text("cli.warning", language) << text(message, language) << '\n';
    };
    for (const auto& note : imported.notes) {
        terminal.err << text(Message{"roll.on_lines",
                                     {{"lines", lines_text(note.places, language)}}},
                             language)
                     << text(note.text, language) << '\n';
    }
    if (!roll.unread_sheets.empty())
        say(msg("roll.unread_sheets", {{"sheets", listed(roll.unread_sheets, language)}}));
    if (!roll.unread_columns.empty())
        say(msg("roll.unread_columns", {{"columns", listed(roll.unread_columns, language)}}));
}

std::vector<RollField> all_fields() {
    std::vector<RollField> fields;
    for (std::size_t i = 0; i < service::roll_field_count; ++i)
        fields.push_back(static_cast<RollField>(i));
    return fields;
}

/// The refused rows as a table that can be corrected and imported again.
std::string refused_csv(const std::vector<RefusedRow>& refused, Language language) {
    std::vector<std::string> head;
    for (const auto field : all_fields()) head.emplace_back(to_string(field));
    head.emplace_back("reason");
    auto file = "\xEF\xBB\xBF" + console::csv_line(head);
    for (const auto& row : refused) {
        std::vector<std::string> cells;
        for (const auto& cell : row.cells) cells.push_back(cell.text);
        cells.push_back(place_text(row.place, language) + text(row.error.message, language));
        file += console::csv_line(cells);
    }
    return file;
}

json::Array refused_rows_json(const std::vector<RefusedRow>& refused, Language language) {
    json::Array all;
    for (const auto& row : refused) {
        json::Object one{{"line", row.place.line},
                         {"field", row.error.field},
                         {"code", to_string(row.error.code)},
                         {"text", text(row.error.message, language)}};
        if (!row.place.sheet.empty()) one.append("sheet", row.place.sheet);
        all.emplace_back(std::move(one));
    }
    return all;
}

json::Array notes_json(const std::vector<service::RollNote>& notes, Language language) {
    json::Array all;
    for (const auto& note : notes) {
        json::Array lines;
        for (const auto& place : note.places) lines.emplace_back(place.line);
        all.emplace_back(
            json::Object{{"text", text(note.text, language)}, {"lines", std::move(lines)}});
    }
    return all;
}

json::Array strings_json(const std::vector<std::string>& texts) {
    json::Array all;
    for (const auto& one : texts) all.emplace_back(one);
    return all;
}

ExitStatus status_of_import(const RollImported& imported) {
    if (imported.refused.empty()) return ExitStatus::done;
    const bool took_any = imported.added + imported.updated + imported.unchanged > 0;
    return took_any ? ExitStatus::partly : ExitStatus::refused;
}

void say_imported(const Command& command, const RollImported& imported,
                  const service::ClassRoll& roll) {
    const auto language = command.language();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"added", imported.added},
                                       {"updated", imported.updated},
                                       {"unchanged", imported.unchanged},
                                       {"left_out", imported.left_out},
                                       {"refused", refused_rows_json(imported.refused, language)},
                                       {"notes", notes_json(imported.notes, language)},
                                       {"unread_columns", strings_json(roll.unread_columns)},
                                       {"unread_sheets", strings_json(roll.unread_sheets)}})
            << '\n';
        return;
    }
    print_refused_rows(imported.refused, command.terminal);
    print_notes(imported, roll, command.terminal);
    out << text(msg("roll.done", {{"added", std::to_string(imported.added)},
                                  {"updated", std::to_string(imported.updated)},
                                  {"unchanged", std::to_string(imported.unchanged)},
                                  {"refused", std::to_string(imported.refused.size())}}),
                language)
        << '\n';
    if (!imported.refused.empty() && !command.parsed.has("refused"))
        out << text("roll.keep_refused", language) << '\n';
    if (imported.left_out > 0) {
        out << text(msg("roll.boys_left_out", {{"count", std::to_string(imported.left_out)}}),
                    language)
            << '\n';
    }
}

using ReadSheets = Result<std::vector<sheet::Sheet>> (*)(std::string_view bytes);

Result<std::vector<sheet::Sheet>> read_csv_alone(std::string_view bytes) {
    auto sheet = sheet::read_csv(bytes);
    if (!sheet) return std::move(sheet).error();
    std::vector<sheet::Sheet> sheets;
    sheets.push_back(*std::move(sheet));
    return sheets;
}

Outcome import_table(const Command& command, const char* argument, ReadSheets read,
                     service::RollBoys boys) {
    const auto options = read_options(command.parsed);
    if (!options) return usage_error(command, options.error());
    const auto bytes = read_whole_file(command, command.parsed.value(argument), argument,
                                       limits::sheet_file_bytes_max + 1);
    if (!bytes) return bytes.error();
    const auto sheets = read(*bytes);
    if (!sheets) return Error{sheets.error()}.within(argument);
    const auto roll = service::read_roll(*sheets, *options);
    if (!roll && roll.error().field == "--map") return usage_error(command, roll.error());
    if (!roll) return roll.error();
    if (roll->rows.empty() && roll->refused.empty())
        return Error{ErrorCode::invalid_input, argument, msg("import.empty")};
    std::unique_ptr<NewFile> refused_file;
    if (const auto path = command.parsed.find("refused")) {
        auto file = NewFile::create(*path);
        if (!file) return std::move(file).error();
        refused_file = *std::move(file);
    }
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    console::ProgressBar bar(command.terminal, text("import.progress", command.language()));
    const auto imported =
        service::RollImport(**clinic).import((*clinic)->caller(), *roll, boys, bar);
    if (!imported) return imported.error();
    if (refused_file && !imported->refused.empty()) {
        refused_file->stream() << refused_csv(imported->refused, command.language());
        if (const auto kept = refused_file->commit(); !kept) return kept.error();
    }
    say_imported(command, *imported, *roll);
    return status_of_import(*imported);
}

Outcome import_csv(const Command& command) {
    return import_table(command, "FILE", read_csv_alone, service::RollBoys::taken);
}

Outcome import_xlsx(const Command& command) {
    return import_table(command, "FILE", sheet::read_xlsx, service::RollBoys::taken);
}

Outcome import_roll(const Command& command) {
    const auto boys =
        command.parsed.has("with-boys") ? service::RollBoys::taken : service::RollBoys::left_out;
    return import_table(command, "ROLL", sheet::read_sheets, boys);
}

}  // namespace

void add_school_import_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "import csv", import_csv);
    add_action(handlers, machine, "import xlsx", import_xlsx);
    add_action(handlers, machine, "school import", import_roll);
}

}  // namespace egret::cli
