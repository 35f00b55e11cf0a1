#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/describe.h"
#include "cli/field_words.h"
#include "cli/handlers.h"
#include "cli/input_file.h"
#include "cli/next_answer.h"
#include "cli/recorded_answer.h"
#include "cli/stock_answer.h"
#include "cli/typed_ids.h"
#include "registry/codec/fact_json.h"
#include "registry/domain/entry_check.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "registry/service/recorder.h"

#include <algorithm>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::kind_label;
using console::text;

/// Says what was corrected or voided; of what holds lots, what holds of them now, too. `lots` are
/// those that it was about before.
void print_changed(const Command& command, service::Clinic& clinic,
                   const service::Recorded& changed, const Message& sentence,
                   std::vector<std::string> lots) {
    for (auto& lot : lots_held_by(clinic, changed.event)) {
        if (std::find(lots.begin(), lots.end(), lot) == lots.end()) lots.push_back(std::move(lot));
    }
    auto more = next_after(command, clinic, changed);
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
    if (type == Erase::name)
        return Error{ErrorCode::invalid_input, "TYPE", msg("erase.centre_only")};
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
/// laboratory found it, and who gives up alone does nothing wrong.
bool needs_reason(const std::vector<service::Warning>& warnings) {
    return std::any_of(warnings.begin(), warnings.end(), [](const service::Warning& warning) {
        return !warning.code.starts_with("clock_") && warning.code != "no_transformation_zone" &&
               warning.code != "second_person_needed";
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
    const auto caller = (*clinic)->caller();
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
                   next_after(command, **clinic, *recorded));
    return ExitStatus::done;
}

/// It is another woman's, and perhaps says something else of her.
Outcome move_fact(const Command& command, service::Clinic& clinic, const EventUid& event,
                  Fact replacement) {
    const auto woman = read_woman_id(clinic, command.parsed.value("woman"), "woman");
    if (!woman) return woman.error();
    const auto moved =
        service::Recorder(clinic).move(clinic.caller(), event, *woman, std::move(replacement),
                                       command.parsed.find("because").value_or(""));
    if (!moved) return moved.error();
    print_changed(command, clinic, *moved,
                  msg("correct.moved", {{"event", moved->event.to_string()}}), {});
    return ExitStatus::done;
}

Outcome correct_fact(const Command& command) {
    const auto event = parse_event_uid(command.parsed.value("EVENT"));
    if (!event) return event.error();
    if (command.parsed.fields().empty() && !command.parsed.has("woman"))
        return usage_error(
            command, {ErrorCode::invalid_input, "field=value…", msg("correct.needs_something")});
    if (const auto reason = check_reason(command); !reason)
        return usage_error(command, reason.error());
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto caller = (*clinic)->caller();
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
    if (command.parsed.has("woman"))
        return move_fact(command, **clinic, *event, *std::move(replacement));
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
    const auto voided = service::Recorder(**clinic).void_fact((*clinic)->caller(), *event,
                                                              command.parsed.value("because"));
    if (!voided) return voided.error();
    print_changed(command, **clinic, *voided,
                  msg("void.done", {{"event", voided->event.to_string()}}), lots);
    return ExitStatus::done;
}

}  // namespace

void add_record_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "record", record_fact);
    add_action(handlers, machine, "correct", correct_fact);
    add_action(handlers, machine, "void", void_fact);
}

}  // namespace egret::cli
