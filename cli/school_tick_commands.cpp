#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/describe.h"
#include "cli/handlers.h"
#include "cli/input_file.h"
#include "cli/product_word.h"
#include "cli/typed_ids.h"
#include "registry/base/sheet_limits.h"
#include "registry/json/dump.h"
#include "registry/service/tick_off.h"

#include <algorithm>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;
using service::TickOutcome;
using Kind = TickOutcome::Kind;

std::vector<std::string> reason_codes() {
    std::vector<std::string> codes;
    codes.reserve(CodeList<NotGivenReason>::entries.size());
    for (const auto& entry : CodeList<NotGivenReason>::entries) codes.emplace_back(entry.second);
    return codes;
}

std::optional<NotGivenReason> find_reason(const std::string& words) {
    const auto code = console::find_meant_code("not_given_reason", reason_codes(), words);
    return code ? find_code<NotGivenReason>(*code) : std::nullopt;
}

/// What the whole list has in common.
Result<service::TickOff> read_list(const Command& command) {
    const auto& parsed = command.parsed;
    service::TickOff list;
    list.school = parsed.value("school");
    list.round = parsed.value("round");
    list.date = *parsed.find_day("date");
    return list;
}

Result<service::TickOff> read_tick_list(const Command& command) {
    auto list = read_list(command);
    if (!list) return list;
    const auto& parsed = command.parsed;
    list->because = parsed.find("because").value_or("");
    list->dose.product = parsed.value("product");
    if (auto known = check_product_word(list->dose.product, msg("product.unknown")); !known)
        return std::move(known).error().within("--product");
    list->dose.lot = parsed.value("lot");
    if (const auto expires = parsed.find("expires")) {
        const auto day = PartialDate::parse(*expires);
        if (!day) return Error{day.error()}.within("--expires");
        list->dose.expires_on = *day;
    }
    if (const auto funding = parsed.find("funding"))
        list->dose.funding = find_code<DoseFunding>(*funding);
    return list;
}

Result<std::vector<sheet::Sheet>> read_from(const Command& command, const std::string& path) {
    const auto bytes = read_whole_file(command, path, "--from", limits::sheet_file_bytes_max + 1);
    if (!bytes) return bytes.error();
    auto sheets = sheet::read_sheets(*bytes);
    if (!sheets) return std::move(sheets).error().within("--from");
    return sheets;
}

Error who_is_missing() { return {ErrorCode::invalid_input, "--from", msg("tick.nobody")}; }

/// What becomes of the rows, in their order.
struct Ticked {
    std::vector<TickOutcome> outcomes;
    std::uint64_t open = 0;

    std::uint64_t count(Kind kind) const {
        return static_cast<std::uint64_t>(
            std::count_if(outcomes.begin(), outcomes.end(),
                          [&](const TickOutcome& outcome) { return outcome.kind == kind; }));
    }

    std::uint64_t recorded(bool is_given) const {
        return static_cast<std::uint64_t>(
            std::count_if(outcomes.begin(), outcomes.end(), [&](const TickOutcome& outcome) {
                return outcome.kind == Kind::recorded && outcome.is_given == is_given;
            }));
    }

    ExitStatus status() const {
        if (count(Kind::refused) + count(Kind::held_back) == 0) return ExitStatus::done;
        return count(Kind::recorded) + count(Kind::known) > 0 ? ExitStatus::partly
                                                              : ExitStatus::refused;
    }
};

/// The row, and the id that stands there; of an id that was typed it alone.
std::string place_of(const TickOutcome& outcome, service::Clinic& clinic, Language language) {
    if (outcome.woman.is_nil())
        return text(Message{"import.line", {{"line", outcome.place}}}, language);
    const auto id = short_id(clinic, outcome.woman);
    if (outcome.is_typed) return text(Message{"tick.typed", {{"id", id}}}, language);
    return text(Message{"tick.line", {{"line", outcome.place}, {"id", id}}}, language);
}

void print_outcome(const TickOutcome& outcome, service::Clinic& clinic,
                   const console::Terminal& terminal) {
    const bool is_quiet = !outcome.error && outcome.warnings.empty();
    if (is_quiet) return;
    const auto place = place_of(outcome, clinic, terminal.language);
    if (outcome.error) {
        terminal.err << place;
        console::print(*outcome.error, terminal);
        return;
    }
    if (outcome.kind == Kind::held_back) {
        terminal.err << place << text(msg("tick.held_back"), terminal.language) << '\n';
        return;
    }
    for (const auto& warning : outcome.warnings) {
        terminal.err << place << text("cli.warning", terminal.language)
                     << console::printable(text(warning.text, terminal.language)) << '\n';
    }
}

std::string_view kind_code(Kind kind) {
    switch (kind) {
        case Kind::recorded: return "recorded";
        case Kind::known: return "known";
        case Kind::held_back: return "held_back";
        case Kind::refused: break;
    }
    return "refused";
}

json::Array outcomes_json(const Ticked& ticked, Language language) {
    json::Array all;
    for (const auto& outcome : ticked.outcomes) {
        json::Object one{{"line", outcome.place},
                         {"woman", outcome.woman.to_string()},
                         {"given", outcome.is_given},
                         {"outcome", kind_code(outcome.kind)},
                         {"event", outcome.event ? json::Value(outcome.event->to_string())
                                                 : json::Value(nullptr)},
                         {"warnings", to_json(outcome.warnings, language)}};
        if (outcome.error) {
            one.append("error", json::Object{{"code", to_string(outcome.error->code)},
                                             {"field", outcome.error->field},
                                             {"text", text(outcome.error->message, language)}});
        }
        all.emplace_back(std::move(one));
    }
    return all;
}

Outcome say_ticked(const Command& command, service::Clinic& clinic, const Ticked& ticked,
                   const Message& sentence) {
    const auto language = command.language();
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        out << json::dump(json::Object{{"given", ticked.recorded(true)},
                                       {"not_given", ticked.recorded(false)},
                                       {"known", ticked.count(Kind::known)},
                                       {"held_back", ticked.count(Kind::held_back)},
                                       {"refused", ticked.count(Kind::refused)},
                                       {"open", ticked.open},
                                       {"rows", outcomes_json(ticked, language)}})
            << '\n';
        return ticked.status();
    }
    for (const auto& outcome : ticked.outcomes) print_outcome(outcome, clinic, command.terminal);
    out << text(sentence, language) << '\n';
    if (ticked.open > 0) {
        out << text(msg("tick.open", {{"count", std::to_string(ticked.open)}}), language) << '\n';
    }
    return ticked.status();
}

/// The pupils whose ids were typed, and those after --not-given with a reason each.
Result<std::vector<service::Tick>> read_typed_ticks(const Command& command,
                                                    service::Clinic& clinic) {
    std::vector<service::Tick> ticks;
    const auto add = [&](const std::string& typed) -> Result<service::Tick*> {
        const auto woman = read_woman_id(clinic, typed, "ID");
        if (!woman) return woman.error();
        service::Tick tick;
        tick.place = std::to_string(ticks.size() + 1);
        tick.woman = *woman;
        tick.is_typed = true;
        ticks.push_back(std::move(tick));
        return &ticks.back();
    };
    for (const auto& typed : command.parsed.list("ID")) {
        const auto tick = add(typed);
        if (!tick) return tick.error();
        (*tick)->is_given = true;
    }
    for (const auto& word : command.parsed.list("not-given")) {
        const auto sign = word.find('=');
        if (sign == std::string::npos || sign + 1 == word.size())
            return Error{ErrorCode::invalid_input, "--not-given", msg("tick.not_given_form")};
        const auto tick = add(word.substr(0, sign));
        if (!tick) return tick.error();
        const auto reason = word.substr(sign + 1);
        (*tick)->reason = find_reason(reason);
        if (!(*tick)->reason) (*tick)->note = reason;
    }
    return ticks;
}

/// How the rows of a list are read, recorded and told of.
template <class T>
struct ListKind {
    std::string_view option;  // Names those who didn't, beside ID for those who did.
    /// Those who were typed in both.
    Result<std::vector<T>> (*read_typed)(const Command& command, service::Clinic& clinic) = nullptr;
    Result<service::ListRows<T>> (*read)(const std::vector<sheet::Sheet>& sheets) = nullptr;
    TickOutcome (service::TickOffRecorder::*record)(const service::TickOff& list,
                                                    const T& tick) = nullptr;
    Message (*sentence)(const Ticked& ticked) = nullptr;
};

/// Records the rows of the list's file, if there is one, and after them those that were typed.
template <class T>
Outcome record_list(const Command& command, const Result<service::TickOff>& list,
                    const ListKind<T>& kind) {
    if (!list) return usage_error(command, list.error());
    service::ListRows<T> rows;
    if (const auto path = command.parsed.find("from")) {
        const auto sheets = read_from(command, *path);
        if (!sheets) return sheets.error();
        auto filled = kind.read(*sheets);
        if (!filled) return Error{filled.error().code, "", filled.error().message};
        rows = *std::move(filled);
    } else if (!command.parsed.has("ID") && !command.parsed.has(kind.option)) {
        return usage_error(command, who_is_missing());
    }
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto typed = kind.read_typed(command, **clinic);
    if (!typed) return typed.error();
    rows.ticks.insert(rows.ticks.end(), typed->begin(), typed->end());
    if (const auto day = (*clinic)->recording_day(); !day) return day.error();
    service::TickOffRecorder recorder(**clinic, (*clinic)->caller());
    Ticked ticked{std::move(rows.refused), rows.open};
    for (const auto& tick : rows.ticks)
        ticked.outcomes.push_back((recorder.*kind.record)(*list, tick));
    recorder.note_shown();
    return say_ticked(command, **clinic, ticked, kind.sentence(ticked));
}

constexpr ListKind<service::Tick> dose_list = {
    "not-given", read_typed_ticks,
    [](const std::vector<sheet::Sheet>& sheets) {
        return service::read_filled_rows(sheets, find_reason);
    },
    &service::TickOffRecorder::tick,
    [](const Ticked& ticked) {
        return msg("tick.done", {{"given", std::to_string(ticked.recorded(true))},
                                 {"not_given", std::to_string(ticked.recorded(false))},
                                 {"known", std::to_string(ticked.count(Kind::known))},
                                 {"held_back", std::to_string(ticked.count(Kind::held_back))},
                                 {"refused", std::to_string(ticked.count(Kind::refused))}});
    }};

Outcome tick_school(const Command& command) {
    return record_list(command, read_tick_list(command), dose_list);
}

Result<std::vector<service::ConsentTick>> read_typed_consents(const Command& command,
                                                              service::Clinic& clinic) {
    std::vector<service::ConsentTick> ticks;
    const auto add = [&](const char* option, ConsentDecision decision) -> Result<Done> {
        for (const auto& typed : command.parsed.list(option)) {
            const auto woman = read_woman_id(clinic, typed, "ID");
            if (!woman) return woman.error();
            ticks.push_back({std::to_string(ticks.size() + 1), *woman, decision, "", "", true});
        }
        return Done{};
    };
    if (auto given = add("ID", ConsentDecision::given); !given) return given.error();
    if (auto refused = add("refused", ConsentDecision::refused); !refused) return refused.error();
    return ticks;
}

constexpr ListKind<service::ConsentTick> consent_list = {
    "refused", read_typed_consents, service::read_consent_rows, &service::TickOffRecorder::consent,
    [](const Ticked& ticked) {
        return msg("consent.done", {{"given", std::to_string(ticked.recorded(true))},
                                    {"refused_consents", std::to_string(ticked.recorded(false))},
                                    {"known", std::to_string(ticked.count(Kind::known))},
                                    {"refused", std::to_string(ticked.count(Kind::refused))}});
    }};

Outcome consent_school(const Command& command) {
    return record_list(command, read_list(command), consent_list);
}

}  // namespace

void add_school_tick_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "school tick", tick_school);
    add_action(handlers, machine, "school consent", consent_school);
}

}  // namespace egret::cli
