#include "registry/service/vaccination.h"

#include "registry/rules/vaccination.h"
#include "registry/rules/vaccine.h"
#include "registry/service/dose_course.h"

#include <algorithm>

namespace egret::service {
namespace {

using rules::DoseReason;
using rules::DoseStatus;

/// One warning of a kind, with the latest of the days from which it would be fine.
void warn(std::vector<Warning>& warnings, Warning warning) {
    const auto same = std::find_if(warnings.begin(), warnings.end(), [&](const Warning& other) {
        return other.code == warning.code;
    });
    if (same == warnings.end()) return warnings.push_back(std::move(warning));
    if (same->from < warning.from) *same = std::move(warning);
}

Warning early(const char* code, Message without_day, const char* with_day,
              const std::optional<Date>& from) {
    if (!from) return {code, std::move(without_day)};
    return {code, Message{with_day, {{"from", from->to_string()}}}, from};
}

bool has_code(const std::vector<Warning>& warnings, std::string_view code) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [&](const Warning& warning) { return warning.code == code; });
}

Warning wrong_product(const std::string& product) {
    return {"wrong_product", msg("warning.wrong_product", {{"product", product}})};
}

Message not_for_her(const std::string& product) {
    return msg("warning.not_for_her", {{"product", product}});
}

Warning too_young(const std::optional<Date>& from) {
    return early("too_young", msg("warning.too_young"), "warning.too_young_from", from);
}

Warning too_soon(const std::optional<Date>& from) {
    return early("too_soon", msg("warning.too_soon"), "warning.too_soon_from", from);
}

void warn_of_dose(const rules::EvaluatedDose& dose, std::vector<Warning>& warnings) {
    if (dose.is_same_day) return;  // The recorder warns of it, under any protocol.
    switch (dose.reason) {
        case DoseReason::too_young: return warn(warnings, too_young(dose.in_time_from));
        case DoseReason::interval_too_short: return warn(warnings, too_soon(dose.in_time_from));
        case DoseReason::too_old: return warn(warnings, {"too_old", msg("warning.too_old")});
        case DoseReason::product_not_allowed:
            if (dose.is_never_taken)
                return warn(warnings, {"wrong_product", msg("warning.vaccine_not_used")});
            return warn(warnings, wrong_product(dose.product));
        case DoseReason::inadvertent: return warn(warnings, wrong_product(dose.product));
        case DoseReason::substandard: return;
        case DoseReason::none: break;
    }
    if (dose.status == DoseStatus::extraneous)
        return warn(warnings, {"already_complete", msg("warning.already_complete")});
    if (dose.is_too_old) warn(warnings, {"too_old", msg("warning.too_old_counts")});
    if (!dose.in_time_from) return;
    // Counted as recorded, all the same.
    warn(warnings, dose.early_by == DoseReason::too_young ? too_young(dose.in_time_from)
                                                          : too_soon(dose.in_time_from));
}

void warn_of_flags(const rules::Protocol& protocol, const rules::Subject& subject, Date day,
                   std::vector<Warning>& warnings) {
    for (const auto& rule : protocol.schedule.contraindications) {
        for (const auto& flag : subject.flags) {
            const bool is_meant =
                flag.holds_on(day) &&
                std::find(rule.flags.begin(), rule.flags.end(), flag.code) != rule.flags.end();
            if (!is_meant) continue;
            if (flag.code == "pregnant")
                warn(warnings, {"pregnant", msg("warning.pregnant")});
            else
                warn(warnings, {"allergy", msg("warning.allergy")});
        }
    }
}

/// Labels differ in doses and days: a code that leaves the product open leaves them open, too.
void warn_of_unnamed_product(const rules::Vaccine& vaccine, std::vector<Warning>& warnings) {
    std::string codes;
    for (const auto* product : rules::products_behind(vaccine))
        codes += (codes.empty() ? "" : ", ") + product->code;
    if (codes.empty()) return;
    warn(warnings,
         {"product_not_exact", msg("warning.product_not_exact", {{"codes", std::move(codes)}})});
}

/// What an assigned protocol says of the dose at hand.
void warn_by_protocol(const rules::Protocol& protocol, const rules::Subject& before,
                      const rules::GivenDose& given, std::vector<Warning>& warnings) {
    const auto day = given.date.latest();
    auto subject = before;
    subject.doses.push_back(given);
    const auto decision = rules::decide(protocol, subject, day);
    if (decision.series.empty() && subject.birth_date) {
        warn(warnings, {"not_for_her", subject.sex == Sex::unknown ? msg("warning.sex_unknown")
                                                                   : not_for_her(given.product)});
        return;
    }
    // Of equal doses on a day the last is the new one.
    const auto found = std::find_if(
        decision.doses.rbegin(), decision.doses.rend(), [&](const rules::EvaluatedDose& one) {
            return one.date == given.date && one.product == given.product;
        });
    if (found != decision.doses.rend()) warn_of_dose(*found, warnings);
    if (auto longer = longer_course_warning(protocol, before, given))
        warn(warnings, *std::move(longer));
}

/// What the labels of the product itself forbid, whichever schedule is followed.
void warn_by_labels(const rules::Programme& programme, const rules::Subject& subject,
                    const rules::GivenDose& given, std::vector<Warning>& warnings) {
    for (const auto* label : rules::labels_of(programme, given.product))
        warn_of_flags(*label, subject, given.date.latest(), warnings);
    if (rules::is_for_other_sex(programme, given.product, subject.sex))
        warn(warnings, {"not_for_her", not_for_her(given.product)});
}

/// What the protocols in force say of a dose beside those that were given before it.
void warn_by_protocols(const rules::Programme& programme, const rules::Subject& before,
                       const rules::GivenDose& given, std::vector<Warning>& warnings) {
    const auto day = given.date.latest();
    auto subject = before;
    subject.doses.push_back(given);
    const bool is_for_other = rules::is_for_other_sex(programme, given.product, subject.sex);
    const auto own = rules::without_doses_for_other_sex(programme, before, day);
    for (const auto* protocol : rules::protocols_for(programme, subject, day)) {
        const bool is_risk = rules::is_of_risk_group(programme, *protocol);
        warn_of_flags(*protocol, subject, day, warnings);
        if (is_risk || !is_for_other)
            warn_by_protocol(*protocol, is_risk ? before : own, given, warnings);
        // What an ordinary schedule makes of the dose is then beside the point.
        if (is_risk) break;
    }
    warn_by_labels(programme, subject, given, warnings);
}

/// No day is promised on which the dose would not be for this age any more.
void withdraw_promises(const rules::Programme& programme, const rules::Subject& before,
                       rules::GivenDose given, std::vector<Warning>& warnings) {
    const bool is_wrong_now = has_code(warnings, "wrong_product");
    for (auto& warning : warnings) {
        if (warning.code != "too_soon" || !warning.from) continue;
        given.date = PartialDate(*warning.from);
        std::vector<Warning> then;
        warn_by_protocols(programme, before, given, then);
        const bool is_wrong_then = !is_wrong_now && has_code(then, "wrong_product");
        if (!has_code(then, "too_old") && !is_wrong_then) continue;
        warning = {"too_soon_then_too_old",
                   msg("warning.too_soon_then_too_old", {{"from", warning.from->to_string()}})};
    }
}

/// Of dates that aren't known to the day the last days: then she is youngest, and the doses before
/// this one are nearest. Nothing if all are known.
std::optional<rules::Subject> latest_case(rules::Subject subject, const rules::GivenDose& given) {
    bool has_inexact = false;
    if (subject.birth_date && !subject.birth_date->is_exact()) {
        subject.birth_date = PartialDate(subject.birth_date->latest());
        has_inexact = true;
    }
    const auto day_before = given.date.earliest().plus_days(-1);
    for (auto& dose : subject.doses) {
        if (dose.date.is_exact() || day_before < dose.date.earliest()) continue;
        dose.date = PartialDate(std::min(dose.date.latest(), day_before));
        has_inexact = true;
    }
    if (!has_inexact) return std::nullopt;
    return subject;
}

/// The rules judge by the first days; by others the dose may be too early.
void warn_of_inexact(const rules::Programme& programme, const rules::Subject& before,
                     const rules::GivenDose& given, std::vector<Warning>& warnings) {
    const auto is_early = [](const std::vector<Warning>& all) {
        return has_code(all, "too_young") || has_code(all, "too_soon") ||
               has_code(all, "too_soon_then_too_old") || has_code(all, "longer_course");
    };
    const auto subject = latest_case(before, given);
    if (!subject || is_early(warnings)) return;
    std::vector<Warning> then;
    warn_by_protocols(programme, *subject, given, then);
    if (is_early(then)) warnings.push_back({"date_not_exact", msg("warning.date_not_exact")});
}

/// A dose of which nobody recorded the day may be this one, or come before it.
void warn_of_undated(const History& history, std::vector<Warning>& warnings) {
    for (const auto& live : history.facts) {
        const auto* other = std::get_if<Dose>(&live.fact.detail);
        if (!other || live.fact.at.date || !is_completed(live.fact)) continue;
        warnings.push_back(
            {"undated_dose", msg("warning.undated_dose", {{"event", live.uid.to_string()}})});
    }
}

}  // namespace

std::vector<Warning> dose_warnings(const rules::Programme& programme, const History& history,
                                   const Fact& dose) {
    std::vector<Warning> warnings;
    const auto* details = std::get_if<Dose>(&dose.detail);
    if (!details || !dose.at.date || !is_completed(dose)) return warnings;
    warn_of_undated(history, warnings);
    const auto* vaccine = rules::find_vaccine(details->product);
    if (!vaccine) {
        warn(warnings, {"product_missing", msg("warning.product_missing")});
        return warnings;
    }
    warn_of_unnamed_product(*vaccine, warnings);
    const auto before = rules::subject_of(history);
    const rules::GivenDose given{*dose.at.date, details->product,
                                 details->substandard.value_or(false), details->funding,
                                 details->lot};
    warn_by_protocols(programme, before, given, warnings);
    withdraw_promises(programme, before, given, warnings);
    warn_of_inexact(programme, before, given, warnings);
    const auto day = dose.at.date->latest();
    if (auto open = pregnancy_question(history, day)) warn(warnings, *std::move(open));
    return warnings;
}

std::optional<Warning> pregnancy_question(const History& history, Date day) {
    constexpr int days_a_week = 7;
    for (const auto& live : history.facts) {
        const auto* flag = std::get_if<Flag>(&live.fact.detail);
        if (!flag || flag->code != "pregnant" || flag->to || !is_completed(live.fact)) continue;
        const auto& from = flag->from ? flag->from : live.fact.at.date;
        if (!from || day <= from->latest().plus_days(pregnancy_weeks_max * days_a_week)) continue;
        return Warning{"pregnancy_open", msg("warning.pregnancy_open",
                                             {{"from", from->to_string()},
                                              {"weeks", std::to_string(pregnancy_weeks_max)},
                                              {"event", live.uid.to_string()}})};
    }
    return std::nullopt;
}

}  // namespace egret::service
