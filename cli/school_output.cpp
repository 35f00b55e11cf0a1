#include "cli/school_output.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/decision_output.h"
#include "cli/describe.h"
#include "cli/typed_ids.h"
#include "registry/rules/vaccine.h"

#include <array>

namespace egret::cli {
namespace {

using console::code_label;
using console::text;
using service::SessionConsent;
using service::SessionLine;
using service::Standing;
using Verdict = rules::EligibilityAnswer::Verdict;

struct ShortWarning {
    std::string_view code;
    std::string_view label;  // Id of a few words.
};

constexpr std::array<ShortWarning, 14> short_warnings = {{
    {"pregnant", "session.warning.pregnant"},
    {"allergy", "session.warning.allergy"},
    {"too_young", "session.warning.too_young"},
    {"too_soon", "session.warning.too_soon"},
    {"too_soon_then_too_old", "session.warning.too_soon_then_too_old"},
    {"longer_course", "session.warning.longer_course"},
    {"pregnancy_open", "session.warning.pregnancy_open"},
    {"too_old", "session.warning.too_old"},
    {"wrong_product", "session.warning.wrong_product"},
    {"already_complete", "session.warning.already_complete"},
    {"not_for_her", "session.warning.not_for_her"},
    {"same_day", "session.warning.same_day"},
    {"undated_dose", "session.warning.undated_dose"},
    {"date_not_exact", "session.warning.date_not_exact"},
}};

std::string warning_text(const service::Warning& warning, Language language) {
    for (const auto& known : short_warnings) {
        if (known.code != warning.code) continue;
        auto words = text(known.label, language);
        if (!warning.from) return words;
        return text(Message{"session.warning.from",
                            {{"warning", words}, {"day", warning.from->to_string()}}},
                    language);
    }
    return text(warning.text, language);
}

std::string_view status_id(rules::VaccinationStatus status) {
    switch (status) {
        case rules::VaccinationStatus::complete: return "session.next.complete";
        case rules::VaccinationStatus::immune: return "session.next.immune";
        case rules::VaccinationStatus::contraindicated: return "session.next.contraindicated";
        case rules::VaccinationStatus::aged_out: return "session.next.aged_out";
        case rules::VaccinationStatus::not_recommended: return "session.next.not_recommended";
        case rules::VaccinationStatus::not_complete: break;
    }
    return "session.next.clinician_decides";
}

std::string_view standing_id(Standing standing) {
    switch (standing) {
        case Standing::later: return "session.standing.later";
        case Standing::possible: return "session.standing.possible";
        case Standing::due: return "session.standing.due";
        case Standing::overdue: break;
    }
    return "session.standing.overdue";
}

std::string product_text(const std::string& product, Language language) {
    const auto* vaccine = rules::find_vaccine(product);
    return vaccine ? in_language(vaccine->title, language) : product;
}

const char* separator(Language language) { return language == Language::zh ? "；" : "; "; }

json::Value session_day(const std::optional<Date>& day) {
    return day ? json::Value(day->to_string()) : json::Value(nullptr);
}

json::Value next_json(const SessionLine& line) {
    if (!line.next) return nullptr;
    const auto& next = *line.next;
    return json::Object{
        {"action", next.id},
        {"protocol", next.protocol},
        {"dose_number", next.dose_number ? json::Value(*next.dose_number) : json::Value()},
        {"earliest", session_day(next.earliest)},
        {"due", session_day(next.due)},
        {"status", service::to_string(next.standing)}};
}

json::Value window_json(const SessionLine& line) {
    if (!line.window) return nullptr;
    return json::Object{{"from", line.window->from.to_string()},
                        {"to", session_day(line.window->to)},
                        {"of_round", line.window->is_of_round},
                        {"over", line.window->is_over}};
}

json::Value free_json(const SessionLine& line, Language language) {
    if (!line.free) return nullptr;
    json::Array why;
    for (const auto& reason : line.free->why) {
        const auto* message = std::get_if<Message>(&reason.text);
        why.emplace_back(json::Object{
            {"rule", reason.rule},
            {"text", message ? text(*message, language)
                             : in_language(std::get<BothLanguages>(reason.text), language)}});
    }
    return json::Object{{"verdict", rules::to_string(line.free->verdict)},
                        {"round", line.free->round},
                        {"why", std::move(why)}};
}

}  // namespace

std::string free_text(const SessionLine& line, Language language) {
    if (!line.free) return text("session.free.none", language);
    switch (line.free->verdict) {
        case Verdict::yes: return text("session.free.yes", language);
        case Verdict::no: return text("session.free.no", language);
        case Verdict::unknown: break;
    }
    return text("session.free.unknown", language);
}

std::string next_text(const SessionLine& line, Language language) {
    if (!line.next) return text(status_id(line.status), language);
    const auto number = std::to_string(line.next->dose_number.value_or(1));
    return text(Message{"due.dose", {{"number", number}}}, language) +
           (language == Language::zh ? "，" : ", ") +
           text(standing_id(line.next->standing), language);
}

std::string window_text(const SessionLine& line, Language language) {
    if (!line.window) return {};
    const auto from = line.window->from.to_string();
    if (!line.window->to) return text(Message{"session.window_from", {{"from", from}}}, language);
    const auto* id =
        line.window->is_of_round && line.window->is_over ? "session.window_over" : "session.window";
    return text(Message{id, {{"from", from}, {"to", line.window->to->to_string()}}}, language);
}

std::string consent_text(const SessionLine& line, Language language) {
    switch (line.consent) {
        case SessionConsent::given: return text("session.consent.given", language);
        case SessionConsent::refused: return text("session.consent.refused", language);
        case SessionConsent::missing: break;
    }
    return text("session.consent.missing", language);
}

std::string doses_text(const SessionLine& line, Language language) {
    std::string all;
    const auto add = [&](const std::string& part) {
        if (!all.empty()) all += separator(language);
        all += part;
    };
    for (const auto& dose : line.doses) {
        add((dose.date ? dose.date->to_string() + " " : "") + product_text(dose.product, language));
    }
    if (line.not_given && !line.is_done) {
        const auto reason = line.not_given->reason.value_or(NotGivenReason::other);
        const auto words = line.not_given_note.empty()
                               ? code_label("not_given_reason", to_string(reason), language)
                               : line.not_given_note;
        add(text(Message{"session.not_given", {{"reason", words}}}, language));
    }
    return all;
}

std::string warnings_text(const SessionLine& line, Language language) {
    std::string all;
    for (const auto& warning : line.warnings) {
        if (!all.empty()) all += separator(language);
        all += warning_text(warning, language);
    }
    return all;
}

console::Table session_table(service::Clinic& clinic, const std::vector<SessionLine>& lines,
                             Language language) {
    console::Table table({{"class", "session.column.class"},
                          {"name", "due.column.name"},
                          {"birth_date", "due.column.birth_date"},
                          {"free", "session.column.free"},
                          {"next", "session.column.next"},
                          {"window", "session.column.window"},
                          {"consent", "session.column.consent"},
                          {"doses", "session.column.doses"},
                          {"warnings", "session.column.warnings"},
                          {"id", "due.column.id"}});
    for (const auto& line : lines) {
        table.add_row(
            {line.school_class, line.name, line.birth_date ? line.birth_date->to_string() : "",
             free_text(line, language), next_text(line, language), window_text(line, language),
             consent_text(line, language), doses_text(line, language),
             warnings_text(line, language), short_id(clinic, line.woman)});
    }
    return table;
}

console::Table session_form(const std::vector<SessionLine>& lines, Language language) {
    console::Table table({{"id", "due.column.id"},
                          {"class", "session.column.class"},
                          {"name", "due.column.name"},
                          {"birth_date", "due.column.birth_date"},
                          {"phone", "due.column.phone"},
                          {"free", "session.column.free"},
                          {"next", "session.column.next"},
                          {"window", "session.column.window"},
                          {"consent", "session.column.consent"},
                          {"doses", "session.column.doses"},
                          {"warnings", "session.column.warnings"},
                          {"given", "session.column.given"},
                          {"reason", "session.column.reason"},
                          {"lot", "session.column.lot"},
                          {"because", "session.column.because"}});
    for (const auto& line : lines) {
        // The codes of consent, which can be read again.
        table.add_row({line.woman.to_string(), line.school_class, line.name,
                       line.birth_date ? line.birth_date->to_string() : "", line.phone,
                       free_text(line, language), next_text(line, language),
                       window_text(line, language), std::string(to_string(line.consent)),
                       doses_text(line, language), warnings_text(line, language), "", "", "", ""});
    }
    return table;
}

json::Object session_json(const SessionLine& line, Language language) {
    json::Array doses;
    for (const auto& dose : line.doses) {
        doses.emplace_back(
            json::Object{{"date", dose.date ? json::Value(dose.date->to_string()) : json::Value()},
                         {"product", dose.product},
                         {"round", dose.round}});
    }
    json::Value not_given;
    if (line.not_given) {
        not_given = json::Object{
            {"reason", to_string(line.not_given->reason.value_or(NotGivenReason::other))},
            {"note", line.not_given_note}};
    }
    return {
        {"woman", line.woman.to_string()},
        {"name", line.name},
        {"birth_date", line.birth_date ? json::Value(line.birth_date->to_string()) : json::Value()},
        {"class", line.school_class},
        {"phone", line.phone},
        {"free", free_json(line, language)},
        {"next", next_json(line)},
        {"window", window_json(line)},
        {"consent", to_string(line.consent)},
        {"doses", std::move(doses)},
        {"done", line.is_done},
        {"not_given", std::move(not_given)},
        {"warnings", to_json(line.warnings, language)}};
}

}  // namespace egret::cli
