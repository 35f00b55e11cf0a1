#include "registry/rules/detail/uncounted_dose.h"

#include "registry/rules/vaccine.h"

#include <algorithm>

namespace egret::rules::detail {
namespace {

/// With the day from which it would have counted, where there is one.
Message too_early(const std::optional<Date>& from, Message without_day, std::string_view with_day) {
    if (!from) return without_day;
    return {std::string(with_day), {{"from", from->to_string()}}};
}

/// A code that leaves the product open, of which one that this dose may be of would have counted.
bool may_be_allowed(const TargetDose& target, const std::string& code) {
    const auto* vaccine = find_vaccine(code);
    if (!vaccine) return false;
    const auto products = products_behind(*vaccine);
    return std::any_of(products.begin(), products.end(), [&](const Vaccine* product) {
        return std::any_of(target.vaccines.begin(), target.vaccines.end(),
                           [&](const VaccineRule& rule) { return product->is_a(rule.vaccine); });
    });
}

}  // namespace

Why why_not_counted(const std::string& protocol, const Series& series, const DoseEvaluation& dose,
                    const GivenDose& given) {
    const auto rules = protocol + "/" + series.id;
    const auto target = rules + "/dose-" + std::to_string(dose.held_against + 1);
    if (dose.is_same_day) return {rules + "/same-day", msg("rules.counted_once")};
    switch (dose.reason) {
        case DoseReason::too_young:
            return {target + "/age",
                    too_early(dose.in_time_from, msg("rules.not_counted_too_young"),
                              "rules.not_counted_too_young_from")};
        case DoseReason::too_old: return {target + "/age", msg("rules.not_counted_too_old")};
        case DoseReason::interval_too_short:
            return {target + "/interval",
                    too_early(dose.in_time_from, msg("rules.not_counted_too_soon"),
                              "rules.not_counted_too_soon_from")};
        case DoseReason::product_not_allowed:
            if (dose.is_never_taken &&
                may_be_allowed(series.doses[dose.held_against], given.product))
                return {target + "/vaccine", msg("rules.not_counted_open_product")};
            return {target + "/vaccine",
                    msg(dose.is_never_taken ? "rules.not_counted_vaccine"
                                            : "rules.not_counted_vaccine_age")};
        case DoseReason::inadvertent:
            return {target + "/inadvertent", msg("rules.not_counted_inadvertent")};
        case DoseReason::substandard:
            return {rules + "/substandard", given.is_by_lot ? msg("rules.not_counted_spoilt_lot")
                                                            : msg("rules.not_counted_substandard")};
        case DoseReason::none: break;
    }
    return {rules + "/complete", msg("rules.not_counted_complete")};
}

Why why_passed_over(const std::string& protocol, const std::string& product) {
    const auto rule = protocol + "/vaccines";
    if (!find_vaccine(product)) return {rule, msg("rules.unknown_vaccine")};
    return {rule, msg("rules.not_counted_other_vaccine")};
}

}  // namespace egret::rules::detail
