#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/decision_output.h"
#include "cli/describe.h"
#include "cli/field_words.h"
#include "cli/handlers.h"
#include "cli/input_file.h"
#include "cli/recorded_answer.h"
#include "cli/screening_output.h"
#include "cli/stock_answer.h"
#include "cli/typed_ids.h"
#include "registry/codec/fact_json.h"
#include "registry/domain/entry_check.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "registry/rules/protocol_catalog.h"
#include "registry/rules/screening/catalog.h"
#include "registry/rules/screening/screening.h"
#include "registry/rules/vaccination.h"
#include "registry/service/recorder.h"
#include "registry/service/vaccination.h"

#include <algorithm>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::kind_label;
using console::text;

/// Without rules yet there is nothing to decide after a record.
json::Object nothing_next() { return {{"next", json::Array{}}}; }

/// Says what was corrected or voided; of what holds lots, what holds of them now, too. `lots` are
/// those that it was about before.
void print_changed(const Command& command, service::Clinic& clinic,
                   const service::Recorded& changed, const Message& sentence,
                   std::vector<std::string> lots) {
    for (auto& lot : lots_held_by(clinic, changed.event)) {
        if (std::find(lots.begin(), lots.end(), lot) == lots.end()) lots.push_back(std::move(lot));
    }
    auto more = nothing_next();
    if (!lots.empty()) {
        for (const auto& member : lots_now_json(clinic, lots))
            more.append(member.name, member.value);
    }
    print_recorded(command, changed, sentence, more);
    if (!lots.empty() && !command.terminal.json) {
        const auto now = lots_now(clinic, lots, command.language());
        command.terminal.out << text(now, command.language()) << '\n';
    }
}

/// The fact that the file of --file holds.
Result<json::Object> read_fact_file(const Command& command, const std::string& path) {
    const auto content = read_text_file(command, path, "file");
    if (!content) return content.error();
    auto value = json::parse(*content);
    if (!value) return std::move(value).error().within("file");
    if (!value->is_object())
        return Error{ErrorCode::invalid_input, "file", msg("fact.expects_object")};
    return std::move(value->as_object());
}

/// The examination of both breasts is abnormal, if that of one is.
void add_result_of_sides(json::Object& exam) {
    const auto* left = exam.find("left");
    const auto* right = exam.find("right");
    if (exam.find("result") || (!left && !right)) return;
    const auto is_abnormal = [](const json::Value* side) {
        return side && side->is_text() && side->as_text() == to_string(ExamResult::abnormal);
    };
    exam.set("result", to_string(is_abnormal(left) || is_abnormal(right) ? ExamResult::abnormal
                                                                         : ExamResult::normal));
}

/// What is to be recorded, of the file and the words together: words say it better.
Result<Fact> read_fact(const Command& command) {
    const auto& parsed = command.parsed;
    json::Object start;
    if (const auto path = parsed.find("file")) {
        auto object = read_fact_file(command, *path);
        if (!object) return std::move(object).error();
        start = *std::move(object);
    }
    auto type = parsed.find("TYPE").value_or("");
    if (const auto* of_file = start.find("type"); of_file && of_file->is_text()) {
        if (!type.empty() && type != of_file->as_text())
            return Error{ErrorCode::invalid_input, "TYPE", msg("record.other_type_in_file")};
        type = of_file->as_text();
    }
    if (has_own_command(type))
        return Error{ErrorCode::invalid_input, "TYPE", msg("fact.has_own_command")};
    auto words = parsed.fields();
    if (const auto date = parsed.find("date")) words.push_back({"date", *date});
    if (const auto because = parsed.find("because")) words.push_back({"because", *because});
    // A condition holds from the day that is given.
    const bool is_condition = type == Flag::name;
    auto object = put_words(type, std::move(start), words, EmptyValue::refused);
    if (!object) return std::move(object).error();
    if (const auto* date = object->find("date"); is_condition && date && !object->find("from"))
        object->set("from", *date);
    if (type == BreastExam::name) add_result_of_sides(*object);
    auto fact = codec::fact_from_json(*object);
    if (!fact) return fact;
    if (auto checked = check_typed(*fact); !checked) return std::move(checked).error();
    return fact;
}

/// Holds the text of --because to what can be read.
Result<Done> check_reason(const Command& command) {
    Fact fact;
    fact.at.because = command.parsed.find("because").value_or("");
    return check_texts(fact);
}

/// A clock that is wrong was asked about already; no reason makes it right. A sample is as the
/// laboratory found it.
bool needs_reason(const std::vector<service::Warning>& warnings) {
    return std::any_of(warnings.begin(), warnings.end(), [](const service::Warning& warning) {
        return !warning.code.starts_with("clock_") && warning.code != "no_transformation_zone";
    });
}

Outcome record_fact(const Command& command) {
    if (!command.parsed.has("TYPE") && !command.parsed.has("file"))
        return usage_error(command, {ErrorCode::invalid_input, "TYPE", msg("fact.type_unknown")});
    auto fact = read_fact(command);
    if (!fact) {
        return refused_words(command, fact.error(),
                             command.parsed.has("file") ? PutInto::something : PutInto::nothing);
    }
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto woman = read_woman_id(**clinic, command.parsed.value("woman"), "woman");
    if (!woman) return woman.error();
    const auto caller = (*clinic)->first_user();
    service::Recorder recorder(**clinic);
    bool has_seen_warnings = false;
    if (command.may_ask() && fact->at.because.empty()) {
        const auto warnings = recorder.preview(caller, *woman, *fact);
        if (!warnings) return warnings.error();
        if (needs_reason(*warnings)) {
            auto why = ask_why(command, *warnings);
            if (!why) return std::move(why).error();
            if (why->empty()) return Error{ErrorCode::conflict, "", msg("record.not_recorded")};
            fact->at.because = *std::move(why);
            has_seen_warnings = true;
        }
    }
    const std::string kind(type_name(*fact));
    auto recorded = recorder.record(caller, *woman, *std::move(fact));
    if (!recorded) return recorded.error();
    if (has_seen_warnings) recorded->warnings.clear();
    print_recorded(command, *recorded,
                   msg("record.done", {{"kind", kind_label(kind, command.language())},
                                       {"event", recorded->event.to_string()}}),
                   nothing_next());
    return ExitStatus::done;
}

Outcome correct_fact(const Command& command) {
    const auto event = parse_event_uid(command.parsed.value("EVENT"));
    if (!event) return event.error();
    if (const auto reason = check_reason(command); !reason)
        return usage_error(command, reason.error());
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto caller = (*clinic)->first_user();
    service::Recorder recorder(**clinic);
    const auto found = recorder.find_live(caller, *event);
    if (!found) return found.error();
    auto start = codec::to_json(found->live.fact);
    const auto object = put_words(type_name(found->live.fact), std::move(start.as_object()),
                                  command.parsed.fields(), EmptyValue::removes);
    if (!object) return refused_words(command, object.error(), PutInto::something);
    auto replacement = codec::fact_from_json(*object);
    if (!replacement) return refused_words(command, replacement.error(), PutInto::something);
    if (const auto checked = check_typed(*replacement); !checked)
        return refused_words(command, checked.error(), PutInto::something);
    const auto lots = lots_held_by(**clinic, *event);
    const auto corrected = recorder.correct(caller, *event, *std::move(replacement),
                                            command.parsed.find("because").value_or(""));
    if (!corrected) return corrected.error();
    print_changed(command, **clinic, *corrected,
                  msg("correct.done", {{"event", corrected->event.to_string()}}), lots);
    return ExitStatus::done;
}

Outcome void_fact(const Command& command) {
    const auto event = parse_event_uid(command.parsed.value("EVENT"));
    if (!event) return event.error();
    if (const auto reason = check_reason(command); !reason)
        return usage_error(command, reason.error());
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto lots = lots_held_by(**clinic, *event);
    const auto voided = service::Recorder(**clinic).void_fact((*clinic)->first_user(), *event,
                                                              command.parsed.value("because"));
    if (!voided) return voided.error();
    print_changed(command, **clinic, *voided,
                  msg("void.done", {{"event", voided->event.to_string()}}), lots);
    return ExitStatus::done;
}

bool is_dead(const Command& command, service::Clinic& clinic, const History& history) {
    return history.died_on &&
           *history.died_on <= command.parsed.find_day("on").value_or(clinic.today());
}

/// The programme's protocols, or the one that is asked for. None after her death.
Result<std::vector<rules::Decision>> decide_next(const Command& command, service::Clinic& clinic,
                                                 const History& history) {
    const auto on = command.parsed.find_day("on").value_or(clinic.today());
    if (is_dead(command, clinic, history)) return std::vector<rules::Decision>();
    const auto subject = rules::subject_of(history);
    if (const auto id = command.parsed.find("protocol")) {
        if (rules::find_pathway(*id)) return std::vector<rules::Decision>();
        const auto protocol = rules::find_protocol(*id);
        if (!protocol) return Error{protocol.error()};
        return std::vector{rules::decide(**protocol, subject, on)};
    }
    const auto* programme = clinic.programme_on(on);
    if (!programme) return std::vector<rules::Decision>();
    return rules::decide_all(*programme, subject, on);
}

/// What the programme's screening pathways say, or the one that is asked for.
std::vector<rules::ScreeningDecision> decide_next_screening(const Command& command,
                                                            service::Clinic& clinic,
                                                            const History& history) {
    const auto on = command.parsed.find_day("on").value_or(clinic.today());
    if (is_dead(command, clinic, history)) return {};
    const auto subject = rules::screening_subject_of(history);
    if (const auto id = command.parsed.find("protocol")) {
        const auto pathway = rules::find_pathway(*id);
        if (!pathway) return {};
        return {rules::decide(**pathway, subject, on)};
    }
    const auto* programme = clinic.programme_on(on);
    if (!programme) return {};
    return rules::decide_screening(*programme, subject, on);
}

/// The free protocols of the programme that aren't among what is followed, and why.
std::vector<rules::FreeAside> free_asides(const Command& command, service::Clinic& clinic,
                                          const History& history,
                                          const std::vector<rules::Decision>& decisions) {
    const auto on = command.parsed.find_day("on").value_or(clinic.today());
    const auto* programme = clinic.programme_on(on);
    if (!programme || command.parsed.has("protocol")) return {};
    return rules::free_asides(*programme, rules::subject_of(history), decisions, on);
}

/// What is to be asked before anything is decided.
std::vector<service::Warning> questions(const Command& command, service::Clinic& clinic,
                                        const History& history) {
    std::vector<service::Warning> all;
    if (is_dead(command, clinic, history)) return all;
    const auto on = command.parsed.find_day("on").value_or(clinic.today());
    if (auto open = service::pregnancy_question(history, on)) all.push_back(*std::move(open));
    return all;
}

/// All that `next` answers with.
struct Next {
    std::vector<rules::Decision> vaccination;
    std::vector<rules::ScreeningDecision> screening;
};

json::Array decisions_json(const WomanId& woman, const Next& next, Language language) {
    json::Array all;
    for (const auto& decision : next.vaccination)
        all.push_back(decision_json(woman.to_string(), decision, language));
    for (const auto& decision : next.screening)
        all.push_back(decision_json(woman.to_string(), decision, language));
    return all;
}

std::string describe_next(const Command& command, service::Clinic& clinic, const History& history,
                          const Next& next) {
    const auto language = command.language();
    if (is_dead(command, clinic, history)) return text(msg("next.died"), language) + "\n";
    const auto on = command.parsed.find_day("on").value_or(clinic.today());
    const auto* programme = clinic.programme_on(on);
    std::string blocks;
    if (programme && !command.parsed.has("protocol"))
        blocks = describe(*programme, next.vaccination,
                          free_asides(command, clinic, history, next.vaccination), language);
    else
        for (const auto& decision : next.vaccination) blocks += describe(decision, language);
    for (const auto& decision : next.screening) blocks += describe(decision, language);
    return blocks.empty() ? text(msg("next.no_protocol"), language) + "\n" : blocks;
}

Outcome show_next(const Command& command) {
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto history = load_woman(**clinic, command.parsed.value("ID"), "ID");
    if (!history) return history.error();
    auto vaccination = decide_next(command, **clinic, *history);
    if (!vaccination) return vaccination.error();
    const Next next{*std::move(vaccination), decide_next_screening(command, **clinic, *history)};
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        json::Object answer{{"decisions", decisions_json(history->woman, next, command.language())},
                            {"loops", loops_json(next.screening, command.language())}};
        const auto asides = free_asides(command, **clinic, *history, next.vaccination);
        if (!asides.empty()) answer.set("not_free", to_json(asides, command.language()));
        const auto asked = questions(command, **clinic, *history);
        if (!asked.empty()) answer.set("warnings", to_json(asked, command.language()));
        if (is_dead(command, **clinic, *history)) answer.set("is_dead", true);
        out << json::dump(std::move(answer)) << '\n';
        return ExitStatus::done;
    }
    out << describe_all(**clinic, *history, command.language()) << '\n'
        << describe_next(command, **clinic, *history, next);
    for (const auto& question : questions(command, **clinic, *history))
        out << console::printable(text(question.text, command.language())) << '\n';
    return ExitStatus::done;
}

}  // namespace

void add_record_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "record", record_fact);
    add_action(handlers, machine, "correct", correct_fact);
    add_action(handlers, machine, "void", void_fact);
    add_action(handlers, machine, "next", show_next);
}

}  // namespace egret::cli
