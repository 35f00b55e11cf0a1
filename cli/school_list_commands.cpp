#include "cli/console/answer_form.h"
#include "cli/console/catalog.h"
#include "cli/console/csv.h"
#include "cli/handlers.h"
#include "cli/new_file.h"
#include "cli/product_word.h"
#include "cli/school_output.h"
#include "cli/school_page.h"
#include "registry/json/dump.h"

#include <array>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;
using service::SessionKind;
using service::SessionList;
using service::SessionQuestion;

struct SessionKindName {
    std::string_view name;
    SessionKind kind;
    std::string_view title;  // Of the printed page.
};

constexpr std::array<SessionKindName, 5> session_kinds = {{
    {"all", SessionKind::all, "session.title.all"},
    {"first", SessionKind::first, "session.title.first"},
    {"second", SessionKind::second, "session.title.second"},
    {"catch-up", SessionKind::catch_up, "session.title.catch_up"},
    {"dropout", SessionKind::drop_out, "session.title.dropout"},
}};

const SessionKindName& kind_named(const std::string& word) {
    for (const auto& kind : session_kinds) {
        if (kind.name == word) return kind;
    }
    return session_kinds.front();
}

Result<SessionQuestion> read_session_question(const Command& command, service::Clinic& clinic) {
    const auto& parsed = command.parsed;
    SessionQuestion question;
    question.school = parsed.value("school");
    question.school_class = parsed.find("class").value_or("");
    question.round = parsed.find("round").value_or("");
    question.on = parsed.find_day("on").value_or(clinic.today());
    question.kind = kind_named(parsed.find("kind").value_or("all")).kind;
    question.product = parsed.find("product").value_or("");
    if (question.product.empty()) return question;
    if (auto known = check_product_word(question.product, msg("product.unknown")); !known)
        return std::move(known).error().within("--product");
    return question;
}

std::string note_of(const SessionQuestion& question, const SessionList& list,
                    service::Clinic& clinic, Language language) {
    return text(msg("session.note",
                    {{"clinic", clinic.identity().name},
                     {"school", question.school},
                     {"class", question.school_class.empty() ? text("session.all_classes", language)
                                                             : question.school_class},
                     {"round", question.round.empty() ? "–" : question.round},
                     {"on", question.on.to_string()},
                     {"count", std::to_string(list.lines.size())}}),
                language);
}

Outcome write_session(const Command& command, const std::string& path, const std::string& content) {
    const auto file = NewFile::create(path);
    if (!file) return file.error();
    (*file)->stream() << content;
    if (const auto kept = (*file)->commit(); !kept) return kept.error();
    command.terminal.out << text(msg("session.written", {{"path", path}}), command.language())
                         << '\n';
    return ExitStatus::done;
}

void print_json(const Command& command, const SessionQuestion& question, const SessionList& list) {
    json::Array lines;
    for (const auto& line : list.lines) lines.emplace_back(session_json(line, command.language()));
    command.terminal.out << json::dump(json::Object{{"school", question.school},
                                                    {"on", question.on.to_string()},
                                                    {"round", question.round},
                                                    {"boys", list.boys},
                                                    {"pupils", std::move(lines)}})
                         << '\n';
}

void print_list(const Command& command, const SessionQuestion& question, service::Clinic& clinic,
                const SessionList& list) {
    const auto language = command.language();
    auto& out = command.terminal.out;
    if (list.lines.empty())
        out << text(msg("session.nobody"), language) << '\n';
    else
        out << session_table(clinic, list.lines, language).to_text(language);
    out << '\n' << note_of(question, list, clinic, language) << '\n';
    if (list.boys > 0) {
        out << text(msg("session.boys", {{"count", std::to_string(list.boys)}}), language) << '\n';
    }
}

Outcome list_school(const Command& command) {
    // Two files may be written at once, but then nothing else is answered.
    for (const auto* file : {"csv", "html"}) {
        const auto form = console::check_one_form(command.parsed, {file, "json"});
        if (!form) return form.error();
    }
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto question = read_session_question(command, **clinic);
    if (!question) return usage_error(command, question.error());
    const auto list = service::list_session(**clinic, (*clinic)->caller(), *question);
    if (!list) return list.error();
    const auto language = command.language();
    const auto csv = command.parsed.find("csv");
    const auto html = command.parsed.find("html");
    if (csv) {
        const auto table = session_form(list->lines, language);
        auto written =
            write_session(command, *csv, console::to_csv(table, console::ByteOrderMark::written));
        if (!written || !html) return written;
    }
    if (html) {
        const auto& kind = kind_named(command.parsed.find("kind").value_or("all"));
        return write_session(command, *html,
                             to_html(SchoolPage{text(kind.title, language),
                                                note_of(*question, *list, **clinic, language),
                                                list->lines, language}));
    }
    if (command.terminal.json)
        print_json(command, *question, *list);
    else
        print_list(command, *question, **clinic, *list);
    return ExitStatus::done;
}

}  // namespace

void add_school_list_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "school list", list_school);
}

}  // namespace egret::cli
