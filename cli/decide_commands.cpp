#include "cli/console/catalog.h"
#include "cli/console/table.h"
#include "cli/decision_output.h"
#include "cli/handlers.h"
#include "cli/input_file.h"
#include "registry/codec/person_file.h"
#include "registry/icu/time_zone.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "registry/rules/programme.h"
#include "registry/rules/protocol_catalog.h"
#include "registry/rules/screening/catalog.h"
#include "registry/rules/screening/screening.h"
#include "registry/rules/vaccination.h"

#include <algorithm>
#include <functional>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

/// Without a registry there is no setting to say where we are.
constexpr std::string_view decide_time_zone = "Asia/Shanghai";

Date day_of_question(const Command& command) {
    if (const auto on = command.parsed.find_day("on")) return *on;
    const auto zone = icu::TimeZone::parse(decide_time_zone);
    return zone->local_day(command.machine.clock.now());
}

std::vector<const Fact*> facts_of(const codec::Person& person) {
    std::vector<const Fact*> facts;
    for (const auto& event : person.events) facts.push_back(&event.fact);
    return facts;
}

rules::Subject subject_of_person(const codec::Person& person) {
    auto subject = rules::subject_of(person.who, facts_of(person));
    if (!person.areas.empty()) subject.area = person.areas.back().code;
    return subject;
}

/// The id of a line that is no person, if that much of it can be read.
json::Value id_of_broken(const std::string& line) {
    const auto value = json::parse(line);
    const auto* id = value ? value->find("id") : nullptr;
    return id && id->is_text() ? *id : json::Value(nullptr);
}

/// Names the kinds of events that no rule of the protocol looks at: those of a newer version or of
/// another system, and those that `is_seen` refuses.
void name_ignored(const codec::Person& person, bool (*is_seen)(const Fact&),
                  std::vector<std::string>& all) {
    all.insert(all.end(), person.unknown_types.begin(), person.unknown_types.end());
    for (const auto& event : person.events) {
        if (!is_seen(event.fact)) all.emplace_back(type_name(event.fact));
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

/// Answers one person; whose line it was and on which day is known by then.
using Answer = std::function<json::Object(const codec::Person&, Date)>;

Answer vaccination_answer(const Command& command, const rules::Protocol& protocol) {
    return [&command, &protocol](const codec::Person& person, Date day) {
        auto decision = rules::decide(protocol, subject_of_person(person), day);
        name_ignored(person, rules::is_seen_by_vaccination, decision.ignored);
        return decision_json(person.id, decision, command.language());
    };
}

Answer screening_answer(const Command& command, const rules::Pathway& pathway) {
    return [&command, &pathway](const codec::Person& person, Date day) {
        const auto subject = rules::screening_subject_of(person.who, facts_of(person));
        auto decision = rules::decide(pathway, subject, day);
        name_ignored(person, rules::is_seen_by_screening, decision.ignored);
        return decision_json(person.id, decision, command.language());
    };
}

Result<Answer> answer_by(const Command& command, const std::string& protocol_id) {
    if (const auto pathway = rules::find_pathway(protocol_id))
        return screening_answer(command, **pathway);
    const auto protocol = rules::find_protocol(protocol_id);
    if (!protocol) return protocol.error();
    return vaccination_answer(command, **protocol);
}

json::Object decide_line(const Command& command, const Answer& answer, const std::string& line,
                         std::uint64_t number, Date day, bool& is_good) {
    const auto person = codec::parse_person(line, codec::UnknownEvents::pass_over);
    is_good = static_cast<bool>(person);
    if (is_good) return answer(*person, person->on.value_or(day));
    const auto& error = person.error();
    const auto field = error.field.empty() ? "" : console::printable(error.field) + ": ";
    return {{"id", id_of_broken(line)},
            {"line", number},
            {"error", field + text(error.message, command.language())}};
}

Outcome decide(const Command& command) {
    const auto answer = answer_by(command, command.parsed.value("protocol"));
    if (!answer) return answer.error();
    const auto path = command.parsed.find("FILE").value_or("-");
    auto input = InputFile::open(command, path, "FILE");
    if (!input) return std::move(input).error();
    const auto day = day_of_question(command);
    bool all_good = true;
    std::string line;
    for (std::uint64_t number = 1; std::getline(input->stream(), line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        bool is_good = true;
        command.terminal.out << json::dump(
                                    decide_line(command, *answer, line, number, day, is_good))
                             << '\n';
        all_good = all_good && is_good;
    }
    return all_good ? ExitStatus::done : ExitStatus::refused;
}

/// What stands in a list, of either kind of protocol.
struct Listed {
    std::string id;
    std::string version;
    BothLanguages title;
};

std::vector<Listed> listed_protocols() {
    std::vector<Listed> all;
    for (const auto& one : rules::known_protocols())
        all.push_back({one.id, one.version, one.title});
    for (const auto& one : rules::known_pathways()) all.push_back({one.id, one.version, one.title});
    std::stable_sort(all.begin(), all.end(),
                     [](const Listed& a, const Listed& b) { return a.id < b.id; });
    return all;
}

Outcome list_protocols(const Command& command) {
    if (command.terminal.json) {
        json::Array all;
        for (const auto& one : listed_protocols()) {
            all.emplace_back(json::Object{
                {"id", one.id}, {"version", one.version}, {"title", both_json(one.title)}});
        }
        command.terminal.out << json::dump(std::move(all)) << '\n';
        return ExitStatus::done;
    }
    console::Table table({{"id", "protocols.column.id"},
                          {"version", "protocols.column.version"},
                          {"title", "protocols.column.title"}});
    for (const auto& one : listed_protocols())
        table.add_row({one.id, one.version, in_language(one.title, command.language())});
    command.terminal.out << table.to_text(command.language());
    return ExitStatus::done;
}

json::Array parameters_json(const std::vector<rules::Parameter>& parameters) {
    json::Array all;
    for (const auto& parameter : parameters) {
        all.emplace_back(json::Object{{"name", parameter.name},
                                      {"value", parameter.value},
                                      {"verified", parameter.is_verified},
                                      {"meaning", both_json(parameter.meaning)},
                                      {"source", parameter.source}});
    }
    return all;
}

template <class Definition>
void print_head(const Definition& protocol, const Command& command) {
    command.terminal.out << protocol.id << ' ' << protocol.version << '\n'
                         << in_language(protocol.title, command.language()) << "\n\n"
                         << in_language(protocol.source, command.language()) << "\n\n";
}

void print_parameters(const std::vector<rules::Parameter>& parameters, const Command& command) {
    if (parameters.empty()) return;
    const auto language = command.language();
    auto& out = command.terminal.out;
    out << '\n' << text("protocols.parameters", language) << '\n';
    for (const auto& parameter : parameters) {
        out << "  " << parameter.name << " = " << parameter.value << ": "
            << in_language(parameter.meaning, language) << " ["
            << text(parameter.is_verified ? "protocols.verified" : "protocols.unverified", language)
            << "; " << parameter.source << "]\n";
    }
}

void print_protocol(const rules::Protocol& protocol, const Command& command) {
    const auto language = command.language();
    auto& out = command.terminal.out;
    print_head(protocol, command);
    out << text("protocols.series", language) << '\n';
    for (const auto& series : protocol.schedule.series) {
        out << "  " << series.id << ": " << in_language(series.title, language) << ", "
            << text(Message{"protocols.doses", {{"count", std::to_string(series.doses.size())}}},
                    language)
            << '\n';
    }
    print_parameters(protocol.parameters, command);
}

std::vector<const rules::Table*> tables_of(const rules::Pathway& pathway) {
    std::vector<const rules::Table*> tables{&pathway.at_visits, &pathway.on_day};
    for (const auto& table : pathway.tables) tables.push_back(&table);
    std::erase_if(tables, [](const rules::Table* table) { return table->rows.empty(); });
    return tables;
}

std::string heading_of(const rules::Pathway& pathway, const rules::Table& table,
                       Language language) {
    if (&table == &pathway.at_visits) return text("protocols.at_visits", language);
    if (&table == &pathway.on_day) return text("protocols.on_day", language);
    return table.id;
}

void print_pathway(const rules::Pathway& pathway, const Command& command) {
    print_head(pathway, command);
    for (const auto* table : tables_of(pathway)) {
        command.terminal.out << heading_of(pathway, *table, command.language()) << '\n';
        for (const auto& row : table->rows) {
            const auto said = row.table ? "→ " + pathway.tables[*row.table].id
                                        : in_language(row.text, command.language());
            command.terminal.out << "  " << row.id << ": " << said
                                 << (row.source.empty() ? "" : " [" + row.source + "]") << '\n';
        }
    }
    print_parameters(pathway.parameters, command);
}

json::Object pathway_json(const rules::Pathway& pathway) {
    json::Array tables;
    for (const auto* table : tables_of(pathway)) {
        json::Array rows;
        for (const auto& row : table->rows) {
            json::Object item{{"id", row.id}};
            if (row.outcome) item.set("action", to_string(row.outcome->action));
            if (row.table) item.set("go_to", pathway.tables[*row.table].id);
            if (!row.table) item.set("text", both_json(row.text));
            item.set("source", row.source);
            rows.emplace_back(std::move(item));
        }
        tables.emplace_back(json::Object{{"id", table->id}, {"rows", std::move(rows)}});
    }
    return {{"id", pathway.id},
            {"version", pathway.version},
            {"title", both_json(pathway.title)},
            {"source", both_json(pathway.source)},
            {"tables", std::move(tables)},
            {"parameters", parameters_json(pathway.parameters)}};
}

json::Object protocol_json(const rules::Protocol& protocol) {
    json::Array series;
    for (const auto& one : protocol.schedule.series) {
        series.emplace_back(json::Object{
            {"id", one.id}, {"title", both_json(one.title)}, {"doses", one.doses.size()}});
    }
    return {{"id", protocol.id},
            {"version", protocol.version},
            {"title", both_json(protocol.title)},
            {"source", both_json(protocol.source)},
            {"series", std::move(series)},
            {"parameters", parameters_json(protocol.parameters)}};
}

Outcome show_protocol(const Command& command) {
    const auto id = command.parsed.value("PROTOCOL");
    const auto pathway = rules::find_pathway(id);
    const auto protocol = rules::find_protocol(id);
    if (!pathway && !protocol) return protocol.error();
    if (command.terminal.json) {
        command.terminal.out << json::dump(pathway ? pathway_json(**pathway)
                                                   : protocol_json(**protocol))
                             << '\n';
    } else if (pathway) {
        print_pathway(**pathway, command);
    } else {
        print_protocol(**protocol, command);
    }
    return ExitStatus::done;
}

/// Who wrote the file finds the place by its path in it, not by the label of a record's member.
Outcome refused_file(const Command& command, const Error& error) {
    if (command.terminal.json || error.field.empty()) return error;
    const auto language = command.language();
    command.terminal.err << console::printable(error.field)
                         << (language == Language::zh ? "：" : ": ")
                         << console::printable(text(error.message, language)) << '\n';
    return ExitStatus::refused;
}

Outcome say_sound(const Command& command, const std::string& id, const std::string& version) {
    if (command.terminal.json) {
        command.terminal.out << json::dump(
                                    json::Object{{"ok", true}, {"id", id}, {"version", version}})
                             << '\n';
    } else {
        command.terminal.out << text(msg("protocols.sound", {{"id", id}, {"version", version}}),
                                     command.language())
                             << '\n';
    }
    return ExitStatus::done;
}

/// By its shape: a programme lists protocols, a protocol has series.
bool is_programme(const std::string& file) {
    const auto value = json::parse(file);
    return value && value->is_object() && value->find("protocols") && !value->find("series");
}

bool is_pathway(const std::string& file) {
    const auto value = json::parse(file);
    const auto* kind = value ? value->find("kind") : nullptr;
    return kind && kind->is_text() && kind->as_text() == "pathway";
}

Outcome check_protocol(const Command& command) {
    const auto file = read_text_file(command, command.parsed.value("FILE"), "FILE");
    if (!file) return file.error();
    if (is_programme(*file)) {
        const auto programme = rules::parse_programme(*file);
        if (!programme) return refused_file(command, programme.error());
        return say_sound(command, programme->id, programme->version);
    }
    if (is_pathway(*file)) {
        const auto pathway = rules::parse_pathway(*file);
        if (!pathway) return refused_file(command, pathway.error());
        return say_sound(command, pathway->id, pathway->version);
    }
    const auto protocol = rules::parse_protocol(*file);
    if (!protocol) return refused_file(command, protocol.error());
    return say_sound(command, protocol->id, protocol->version);
}

}  // namespace

void add_decide_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "decide", decide);
    add_action(handlers, machine, "protocols list", list_protocols);
    add_action(handlers, machine, "protocols show", show_protocol);
    add_action(handlers, machine, "protocols check", check_protocol);
}

}  // namespace egret::cli
