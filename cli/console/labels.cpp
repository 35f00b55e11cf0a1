#include "cli/console/labels.h"

#include "cli/console/catalog.h"
#include "registry/base/text.h"

#include <algorithm>
#include <iterator>

namespace egret::console {
namespace {

// Sorted. The texts are in schemas/messages/labels.json.
constexpr std::string_view label_ids[] = {
    "code.consent_decision.given",
    "code.consent_decision.refused",
    "code.consent_decision.withdrawn",
    "code.consent_giver.guardian",
    "code.consent_giver.self",
    "code.consent_scope.data_sharing",
    "code.consent_scope.registry",
    "code.consent_scope.screening",
    "code.consent_scope.vaccination",
    "code.contact_method.home_visit",
    "code.contact_method.in_person",
    "code.contact_method.letter",
    "code.contact_method.message",
    "code.contact_method.phone",
    "code.contact_method.school",
    "code.contact_outcome.appointment_made",
    "code.contact_outcome.done_elsewhere",
    "code.contact_outcome.moved_away",
    "code.contact_outcome.not_reached",
    "code.contact_outcome.other",
    "code.contact_outcome.reached",
    "code.contact_outcome.refused",
    "code.contact_outcome.wrong_number",
    "code.exam_result.abnormal",
    "code.exam_result.normal",
    "code.flag.abnormal_bleeding",
    "code.flag.allergy_component",
    "code.flag.allergy_hpv_vaccine",
    "code.flag.allergy_yeast",
    "code.flag.breast_high_risk",
    "code.flag.des_exposure",
    "code.flag.future_pregnancy_concern",
    "code.flag.hiv",
    "code.flag.hospice",
    "code.flag.immunocompromised",
    "code.flag.mastectomy_left",
    "code.flag.mastectomy_right",
    "code.flag.no_cervix",
    "code.flag.palliative_care",
    "code.flag.postmenopausal",
    "code.flag.precancer_history",
    "code.flag.pregnant",
    "code.flag.premenopausal",
    "code.flag.sexual_abuse_history",
    "code.flag.visible_lesion",
    "code.funding.insurance",
    "code.funding.other",
    "code.funding.programme",
    "code.funding.self_paid",
    "code.histology_result.benign",
    "code.histology_result.cancer",
    "code.histology_result.insufficient",
    "code.histology_result.invasive",
    "code.histology_result.microinvasive",
    "code.household_kind.rural",
    "code.household_kind.urban",
    "code.hpv_result.invalid",
    "code.hpv_result.negative",
    "code.hpv_result.positive",
    "code.hpv_result.unknown",
    "code.hpv_type.other_hr",
    "code.identifier_kind.birth_certificate",
    "code.identifier_kind.external",
    "code.identifier_kind.passport",
    "code.identifier_kind.programme_card",
    "code.identifier_kind.resident_id",
    "code.identifier_kind.school_number",
    "code.impression.high_grade",
    "code.impression.low_grade",
    "code.impression.normal",
    "code.impression.other",
    "code.impression.suspected_cancer",
    "code.income_category.dibao",
    "code.income_category.low_income",
    "code.income_category.none",
    "code.injection_site.left_deltoid",
    "code.injection_site.left_thigh",
    "code.injection_site.other",
    "code.injection_site.right_deltoid",
    "code.injection_site.right_thigh",
    "code.language.en",
    "code.language.zh",
    "code.name_use.alias",
    "code.name_use.official",
    "code.name_use.romanised",
    "code.not_given_reason.acute_illness",
    "code.not_given_reason.allergy",
    "code.not_given_reason.caregiver_refusal",
    "code.not_given_reason.client_objection",
    "code.not_given_reason.immunity",
    "code.not_given_reason.immunocompromised",
    "code.not_given_reason.medical_precaution",
    "code.not_given_reason.other",
    "code.not_given_reason.out_of_stock",
    "code.procedure.ablation",
    "code.procedure.cautery",
    "code.procedure.chemotherapy",
    "code.procedure.cone",
    "code.procedure.cryotherapy",
    "code.procedure.endocrine_therapy",
    "code.procedure.excision",
    "code.procedure.hysterectomy",
    "code.procedure.laser",
    "code.procedure.leep",
    "code.procedure.lumpectomy",
    "code.procedure.mastectomy",
    "code.procedure.other",
    "code.procedure.radiotherapy",
    "code.procedure.targeted_therapy",
    "code.procedure.thermal_ablation",
    "code.procedure.trachelectomy",
    "code.review_decision.biopsy",
    "code.review_decision.other",
    "code.review_decision.short_follow_up",
    "code.route.intradermal",
    "code.route.intramuscular",
    "code.route.other",
    "code.route.subcutaneous",
    "code.sample.clinician",
    "code.sample.self",
    "code.session.campaign",
    "code.session.outreach",
    "code.session.routine",
    "code.session.school",
    "code.sex.female",
    "code.sex.male",
    "code.sex.other",
    "code.sex.unknown",
    "code.site.breast_left",
    "code.site.breast_right",
    "code.site.cervix",
    "code.site.endometrium",
    "code.site.ovary",
    "code.source.card_seen",
    "code.source.given_here",
    "code.source.imported",
    "code.source.told",
    "code.status.completed",
    "code.status.entered_in_error",
    "code.status.not_done",
    "code.truth.false",
    "code.truth.true",
    "code.via_result.invalid",
    "code.via_result.negative",
    "code.via_result.positive",
    "code.via_result.suspected_cancer",
    "kind.breast_exam",
    "kind.breast_ultrasound",
    "kind.colposcopy",
    "kind.consent",
    "kind.contact",
    "kind.correct",
    "kind.cytology",
    "kind.death",
    "kind.demographics",
    "kind.dose",
    "kind.dose_not_given",
    "kind.flag",
    "kind.gyn_exam",
    "kind.histology",
    "kind.hpv_test",
    "kind.link",
    "kind.mammogram",
    "kind.newer",
    "kind.procedure",
    "kind.register",
    "kind.senior_review",
    "kind.transfer",
    "kind.treatment",
    "kind.unlink",
    "kind.via",
    "kind.visit",
    "kind.void",
    "member.action",
    "member.address",
    "member.adequate",
    "member.alias",
    "member.appointment_on",
    "member.area",
    "member.because",
    "member.birads",
    "member.birth_date",
    "member.by",
    "member.cause",
    "member.clinic",
    "member.clock_suspect",
    "member.code",
    "member.date",
    "member.decision",
    "member.density",
    "member.died_on",
    "member.dose_number",
    "member.event",
    "member.events",
    "member.evidence",
    "member.expires_on",
    "member.facility",
    "member.from",
    "member.funding",
    "member.guardian",
    "member.guardian_name",
    "member.household_area",
    "member.household_kind",
    "member.id",
    "member.identifiers",
    "member.impression",
    "member.income_category",
    "member.kind",
    "member.language",
    "member.left",
    "member.lot",
    "member.method",
    "member.name",
    "member.names",
    "member.note",
    "member.other",
    "member.outcome",
    "member.phone",
    "member.phones",
    "member.procedure",
    "member.product",
    "member.reason",
    "member.recorded_on",
    "member.registered_on",
    "member.relation",
    "member.replacement",
    "member.reported_on",
    "member.resident",
    "member.result",
    "member.results",
    "member.review_on",
    "member.right",
    "member.romanised",
    "member.round",
    "member.route",
    "member.sample",
    "member.school",
    "member.school_class",
    "member.scope",
    "member.session",
    "member.sex",
    "member.site",
    "member.source",
    "member.status",
    "member.substandard",
    "member.target",
    "member.text",
    "member.to",
    "member.to_facility",
    "member.today",
    "member.type",
    "member.types",
    "member.tz_type",
    "member.use",
    "member.user",
    "member.value",
    "member.volume_ml",
    "member.vvm_stage",
    "member.what",
    "member.where",
};

bool is_label(const std::string& id) {
    return std::binary_search(std::begin(label_ids), std::end(label_ids), id);
}

std::string label(const std::string& id, std::string_view otherwise, Language language) {
    return is_label(id) ? text(id, language) : std::string(otherwise);
}

std::string code_id(std::string_view list, std::string_view code) {
    return std::string("code.").append(list).append(".").append(code);
}

}  // namespace

std::string kind_label(std::string_view type, Language language) {
    return label(std::string("kind.").append(type), type, language);
}

std::string member_label(std::string_view member, Language language) {
    return label(std::string("member.").append(member), member, language);
}

std::optional<std::string> find_field_label(std::string_view name, Language language) {
    for (const auto& id : {std::string("member.").append(name), code_id("identifier_kind", name)}) {
        if (is_label(id)) return text(id, language);
    }
    return std::nullopt;
}

std::string code_label(std::string_view list, std::string_view code, Language language) {
    return label(code_id(list, code), code, language);
}

std::optional<std::string> find_meant_code(std::string_view list,
                                           const std::vector<std::string>& codes,
                                           std::string_view typed) {
    const auto lower = to_lower(typed);
    for (const auto& code : codes) {
        if (code == typed) return code;
    }
    for (const auto& code : codes) {
        if (to_lower(code) == lower) return code;
    }
    for (const auto& code : codes) {
        for (const auto language : {Language::zh, Language::en}) {
            if (to_lower(code_label(list, code, language)) == lower) return code;
        }
    }
    return std::nullopt;
}

}  // namespace egret::console
