#pragma once

#include "registry/domain/codes.h"
#include "registry/domain/follow_up_codes.h"

/// What a screening pathway can say of a woman.
namespace egret::rules {

enum class ScreeningStatus : std::uint8_t {
    due,                // The next routine test is due.
    up_to_date,         // It isn't yet.
    in_follow_up,       // A result asks for more than routine.
    exited,             // She has left the programme by its rules.
    excluded,           // It isn't for her.
    clinician_decides,  // The source leaves it to a person, or a fact is missing.
    no_rule,            // The source says nothing of it.
};

}  // namespace egret::rules

namespace egret {

template <>
struct CodeList<rules::ScreeningStatus> {
    static constexpr std::string_view name = "screening_status";
    static constexpr auto entries = std::to_array<CodeEntry<rules::ScreeningStatus>>({
        {rules::ScreeningStatus::due, "due"},
        {rules::ScreeningStatus::up_to_date, "up_to_date"},
        {rules::ScreeningStatus::in_follow_up, "in_follow_up"},
        {rules::ScreeningStatus::exited, "exited"},
        {rules::ScreeningStatus::excluded, "excluded"},
        {rules::ScreeningStatus::clinician_decides, "clinician_decides"},
        {rules::ScreeningStatus::no_rule, "no_rule"},
    });
};

}  // namespace egret

namespace egret::rules {

/// What has to be done next, the most urgent last. What an action makes needless, and what it takes
/// the place of, is in detail/owed.h.
enum class ScreeningAction : std::uint8_t {
    none,
    screening,     // The routine test of the programme.
    review,        // Somebody looks at what is known: it waits beside what a rule asks for.
    surveillance,  // A follow-up test of the protocol's kind.
    hpv_test,
    cytology,
    cotest,
    via,
    breast_ultrasound,
    mammography,
    senior_review,
    clinician_decides,
    endometrial_assessment,
    endometrial_and_endocervical_sampling,
    referral,
    colposcopy,
    colposcopy_and_cytology,
    surveillance_or_treatment,
    colposcopy_or_treatment,
    biopsy,
    histology,
    treatment,
    excision,
    repeat_excision,
    hysterectomy,
    cancer_care,
};

/// Nothing but the ordinary tests of the programme.
constexpr bool is_routine(ScreeningAction action) { return action <= ScreeningAction::screening; }

}  // namespace egret::rules

namespace egret {

template <>
struct CodeList<rules::ScreeningAction> {
    static constexpr std::string_view name = "screening_action";
    static constexpr auto entries = std::to_array<CodeEntry<rules::ScreeningAction>>({
        {rules::ScreeningAction::none, "none"},
        {rules::ScreeningAction::screening, "screening"},
        {rules::ScreeningAction::surveillance, "surveillance"},
        {rules::ScreeningAction::hpv_test, "hpv_test"},
        {rules::ScreeningAction::cytology, "cytology"},
        {rules::ScreeningAction::cotest, "cotest"},
        {rules::ScreeningAction::via, "via"},
        {rules::ScreeningAction::breast_ultrasound, "breast_ultrasound"},
        {rules::ScreeningAction::mammography, "mammography"},
        {rules::ScreeningAction::review, "review"},
        {rules::ScreeningAction::senior_review, "senior_review"},
        {rules::ScreeningAction::clinician_decides, "clinician_decides"},
        {rules::ScreeningAction::endometrial_assessment, "endometrial_assessment"},
        {rules::ScreeningAction::endometrial_and_endocervical_sampling,
         "endometrial_and_endocervical_sampling"},
        {rules::ScreeningAction::referral, "referral"},
        {rules::ScreeningAction::colposcopy, "colposcopy"},
        {rules::ScreeningAction::colposcopy_and_cytology, "colposcopy_and_cytology"},
        {rules::ScreeningAction::surveillance_or_treatment, "surveillance_or_treatment"},
        {rules::ScreeningAction::colposcopy_or_treatment, "colposcopy_or_treatment"},
        {rules::ScreeningAction::biopsy, "biopsy"},
        {rules::ScreeningAction::histology, "histology"},
        {rules::ScreeningAction::treatment, "treatment"},
        {rules::ScreeningAction::excision, "excision"},
        {rules::ScreeningAction::repeat_excision, "repeat_excision"},
        {rules::ScreeningAction::hysterectomy, "hysterectomy"},
        {rules::ScreeningAction::cancer_care, "cancer_care"},
    });
};

}  // namespace egret
