#include "registry/rules/decision.h"

namespace egret::rules {

std::string_view to_string(VaccinationStatus status) {
    switch (status) {
        case VaccinationStatus::not_complete: return "not_complete";
        case VaccinationStatus::complete: return "complete";
        case VaccinationStatus::immune: return "immune";
        case VaccinationStatus::contraindicated: return "contraindicated";
        case VaccinationStatus::aged_out: return "aged_out";
        case VaccinationStatus::not_recommended: return "not_recommended";
    }
    return {};
}

std::string_view to_string(DoseStatus status) {
    switch (status) {
        case DoseStatus::valid: return "valid";
        case DoseStatus::not_valid: return "not_valid";
        case DoseStatus::extraneous: return "extraneous";
        case DoseStatus::substandard: return "substandard";
        case DoseStatus::inadvertent: return "inadvertent";
    }
    return {};
}

std::string_view to_string(DoseReason reason) {
    switch (reason) {
        case DoseReason::none: return "";
        case DoseReason::too_young: return "too_young";
        case DoseReason::too_old: return "too_old";
        case DoseReason::interval_too_short: return "interval_too_short";
        case DoseReason::product_not_allowed: return "product_not_allowed";
        case DoseReason::substandard: return "substandard";
        case DoseReason::inadvertent: return "inadvertent";
    }
    return {};
}

std::string_view to_string(ActionCode code) {
    switch (code) {
        case ActionCode::dose: return "dose";
        case ActionCode::clinician_decides: return "clinician_decides";
        case ActionCode::none: return "none";
    }
    return {};
}

std::string_view to_string(EligibilityAnswer::Verdict verdict) {
    switch (verdict) {
        case EligibilityAnswer::Verdict::yes: return "yes";
        case EligibilityAnswer::Verdict::no: return "no";
        case EligibilityAnswer::Verdict::unknown: return "unknown";
    }
    return {};
}

}  // namespace egret::rules
