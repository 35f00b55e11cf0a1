#pragma once

#include "registry/codec/fields.h"
#include "registry/domain/fact.h"

/// The numbers and names of all members of all facts. Frozen: a number is never given to another
/// member, and never changes its meaning; members are only added. Below 16: what every fact has.
/// Key 0 is kept for members known by name only (domain/extras.h).
namespace egret::codec {

template <>
struct Fields<PersonName> {
    static constexpr auto list = std::tuple{
        field(1, "use", &PersonName::use),
        field(2, "text", &PersonName::text, Presence::required),
    };
};

template <>
struct Fields<Identifier> {
    static constexpr auto list = std::tuple{
        field(1, "kind", &Identifier::kind, Presence::required),
        field(2, "value", &Identifier::value, Presence::required),
    };
};

template <>
struct Fields<Guardian> {
    static constexpr auto list = std::tuple{
        field(1, "name", &Guardian::name),
        field(2, "phone", &Guardian::phone),
        field(3, "relation", &Guardian::relation),
    };
};

template <>
struct Fields<BreastFinding> {
    static constexpr auto list = std::tuple{field(1, "birads", &BreastFinding::birads)};
};

template <>
struct Fields<Circumstances> {
    static constexpr auto list = std::tuple{
        field(1, "date", &Circumstances::date),
        field(2, "facility", &Circumstances::facility),
        field(3, "source", &Circumstances::source),
        field(4, "status", &Circumstances::status),
        field(5, "reported_on", &Circumstances::reported_on),
        field(6, "recorded_on", &Circumstances::recorded_on),
        field(7, "note", &Circumstances::note),
        field(8, "because", &Circumstances::because),
        field(9, "clock_suspect", &Circumstances::clock_suspect),
        field(10, "maker_role", &Circumstances::role),
    };
};

template <>
struct Fields<Demographics> {
    static constexpr auto list = std::tuple{
        field(16, "names", &Demographics::names),
        field(17, "birth_date", &Demographics::birth_date),
        field(18, "sex", &Demographics::sex),
        field(19, "identifiers", &Demographics::identifiers),
        field(20, "phones", &Demographics::phones),
        field(21, "address", &Demographics::address),
        field(22, "area", &Demographics::area),
        field(23, "household_area", &Demographics::household_area),
        field(24, "household_kind", &Demographics::household_kind),
        field(25, "income_category", &Demographics::income_category),
        field(26, "school", &Demographics::school),
        field(27, "school_class", &Demographics::school_class),
        field(28, "guardian", &Demographics::guardian),
        field(29, "language", &Demographics::language),
        field(30, "resident", &Demographics::resident),
        field(31, "school_area", &Demographics::school_area),
    };
};

template <>
struct Fields<Consent> {
    static constexpr auto list = std::tuple{
        field(16, "scope", &Consent::scope, Presence::required),
        field(17, "decision", &Consent::decision, Presence::required),
        field(18, "by", &Consent::by),
        field(19, "guardian_name", &Consent::guardian_name),
        field(20, "mode", &Consent::mode),
        field(21, "guardian_relation", &Consent::guardian_relation),
        field(22, "round", &Consent::round),
    };
};

template <>
struct Fields<Flag> {
    static constexpr auto list = std::tuple{
        field(16, "code", &Flag::code, Presence::required),
        field(17, "from", &Flag::from),
        field(18, "to", &Flag::to),
    };
};

template <>
struct Fields<Transfer> {
    static constexpr auto list = std::tuple{
        field(16, "to_facility", &Transfer::to_facility, Presence::required),
        field(17, "reason", &Transfer::reason),
    };
};

template <>
struct Fields<Death> {
    static constexpr auto list = std::tuple{field(16, "cause", &Death::cause)};
};

template <>
struct Fields<Dose> {
    static constexpr auto list = std::tuple{
        field(16, "product", &Dose::product),
        field(17, "substandard", &Dose::substandard),
        field(18, "lot", &Dose::lot),
        field(19, "dose_number", &Dose::dose_number),
        field(20, "expires_on", &Dose::expires_on),
        field(21, "site", &Dose::site),
        field(22, "route", &Dose::route),
        field(23, "volume_ml", &Dose::volume_ml),
        field(24, "session", &Dose::session),
        field(25, "funding", &Dose::funding),
        field(26, "vvm_stage", &Dose::vvm_stage),
        field(27, "round", &Dose::round),
    };
};

template <>
struct Fields<DoseNotGiven> {
    static constexpr auto list = std::tuple{
        field(16, "reason", &DoseNotGiven::reason, Presence::required),
        field(17, "product", &DoseNotGiven::product),
        field(18, "dose_number", &DoseNotGiven::dose_number),
        field(19, "round", &DoseNotGiven::round),
    };
};

template <>
struct Fields<Reporter> {
    static constexpr auto list = std::tuple{
        field(1, "name", &Reporter::name),
        field(2, "role", &Reporter::role),
        field(3, "institution", &Reporter::institution),
        field(4, "phone", &Reporter::phone),
        field(5, "email", &Reporter::email),
    };
};

template <>
struct Fields<AdverseEvent> {
    static constexpr auto list = std::tuple{
        field(16, "doses", &AdverseEvent::doses),
        field(17, "onset_on", &AdverseEvent::onset_on),
        field(18, "onset_time", &AdverseEvent::onset_time),
        field(19, "manifestations", &AdverseEvent::manifestations),
        field(20, "diagnosis", &AdverseEvent::diagnosis),
        field(21, "serious", &AdverseEvent::serious),
        field(22, "seriousness", &AdverseEvent::seriousness),
        field(23, "outcome", &AdverseEvent::outcome),
        field(24, "notified_on", &AdverseEvent::notified_on),
        field(25, "reporter", &AdverseEvent::reporter),
        field(26, "pregnant", &AdverseEvent::pregnant),
        field(27, "medical_history", &AdverseEvent::medical_history),
        field(28, "narrative", &AdverseEvent::narrative),
        field(29, "other_vaccines", &AdverseEvent::other_vaccines),
        field(30, "diluent_lot", &AdverseEvent::diluent_lot),
        field(31, "vaccination_time", &AdverseEvent::vaccination_time),
        field(32, "case_number", &AdverseEvent::case_number),
        field(33, "received_on", &AdverseEvent::received_on),
    };
};

template <>
struct Fields<Stock> {
    static constexpr auto list = std::tuple{
        field(16, "action", &Stock::action, Presence::required),
        field(17, "product", &Stock::product),
        field(18, "lot", &Stock::lot),
        field(19, "quantity", &Stock::quantity),
        field(20, "expires_on", &Stock::expires_on),
        field(21, "from_facility", &Stock::from_facility),
        field(22, "to_facility", &Stock::to_facility),
        field(23, "session", &Stock::session),
        field(24, "reason", &Stock::reason),
        field(25, "lots", &Stock::lots),
        field(26, "from", &Stock::from),
        field(27, "to", &Stock::to),
        field(28, "min_celsius", &Stock::min_celsius),
        field(29, "max_celsius", &Stock::max_celsius),
        field(30, "decision", &Stock::decision),
        field(31, "about", &Stock::about),
    };
};

template <>
struct Fields<HpvTest> {
    static constexpr auto list = std::tuple{
        field(16, "result", &HpvTest::result, Presence::required),
        field(17, "types", &HpvTest::types),
        field(18, "sample", &HpvTest::sample),
        field(19, "specimen", &HpvTest::specimen),
        field(20, "laboratory", &HpvTest::laboratory),
        field(21, "kit", &HpvTest::kit),
    };
};

template <>
struct Fields<Cytology> {
    static constexpr auto list = std::tuple{
        field(16, "results", &Cytology::results, Presence::listed),
        field(17, "specimen", &Cytology::specimen),
        field(18, "laboratory", &Cytology::laboratory),
    };
};

template <>
struct Fields<Via> {
    static constexpr auto list = std::tuple{field(16, "result", &Via::result, Presence::required)};
};

template <>
struct Fields<GynExam> {
    static constexpr auto list =
        std::tuple{field(16, "result", &GynExam::result, Presence::required)};
};

template <>
struct Fields<Colposcopy> {
    static constexpr auto list = std::tuple{
        field(16, "impression", &Colposcopy::impression),
        field(17, "adequate", &Colposcopy::adequate),
        field(18, "tz_type", &Colposcopy::tz_type),
        field(19, "indication", &Colposcopy::indication),
        field(20, "biopsies", &Colposcopy::biopsies),
        field(21, "swede", &Colposcopy::swede),
    };
};

template <>
struct Fields<Histology> {
    static constexpr auto list = std::tuple{
        field(16, "site", &Histology::site),
        field(17, "results", &Histology::results, Presence::listed),
        field(18, "specimen", &Histology::specimen),
        field(19, "laboratory", &Histology::laboratory),
        field(20, "taken_by", &Histology::taken_by),
        field(21, "p16", &Histology::p16),
    };
};

template <>
struct Fields<Specimen> {
    static constexpr auto list = std::tuple{
        field(16, "barcode", &Specimen::barcode),
        field(17, "tests", &Specimen::tests, Presence::required),
        field(18, "sample", &Specimen::sample),
        field(19, "laboratory", &Specimen::laboratory),
        field(20, "sent_on", &Specimen::sent_on),
        field(21, "received_on", &Specimen::received_on),
        field(22, "unusable", &Specimen::unusable),
    };
};

template <>
struct Fields<BreastExam> {
    static constexpr auto list = std::tuple{
        field(16, "result", &BreastExam::result, Presence::required),
        field(17, "left", &BreastExam::left),
        field(18, "right", &BreastExam::right),
    };
};

template <>
struct Fields<BreastUltrasound> {
    static constexpr auto list = std::tuple{
        field(16, "left", &BreastUltrasound::left),
        field(17, "right", &BreastUltrasound::right),
    };
};

template <>
struct Fields<Mammogram> {
    static constexpr auto list = std::tuple{
        field(16, "left", &Mammogram::left),
        field(17, "right", &Mammogram::right),
        field(18, "density", &Mammogram::density),
    };
};

template <>
struct Fields<SeniorReview> {
    static constexpr auto list = std::tuple{
        field(16, "decision", &SeniorReview::decision, Presence::required),
        field(17, "review_on", &SeniorReview::review_on),
        field(18, "reviewer", &SeniorReview::reviewer),
        field(19, "rank", &SeniorReview::rank),
    };
};

template <>
struct Fields<Treatment> {
    static constexpr auto list = std::tuple{
        field(16, "procedure", &Treatment::procedure, Presence::required),
        field(17, "reason", &Treatment::reason),
        field(18, "code", &Treatment::code),
        field(19, "site", &Treatment::site),
        field(20, "postponed_until", &Treatment::postponed_until),
    };
};

template <>
struct Fields<Visit> {
    static constexpr auto list = std::tuple{};
};

template <>
struct Fields<Contact> {
    static constexpr auto list = std::tuple{
        field(16, "action", &Contact::action),
        field(17, "outcome", &Contact::outcome, Presence::required),
        field(18, "method", &Contact::method),
        field(19, "appointment_on", &Contact::appointment_on),
    };
};

template <>
struct Fields<Diagnosis> {
    static constexpr auto list = std::tuple{
        field(16, "site", &Diagnosis::site, Presence::required),
        field(17, "code", &Diagnosis::code),
        field(18, "figo", &Diagnosis::figo),
        field(19, "t", &Diagnosis::t),
        field(20, "n", &Diagnosis::n),
        field(21, "m", &Diagnosis::m),
        field(22, "stage", &Diagnosis::stage),
        field(23, "hospital_level", &Diagnosis::hospital_level),
        field(24, "found_by", &Diagnosis::found_by),
    };
};

template <>
struct Fields<Referral> {
    static constexpr auto list = std::tuple{
        field(16, "action", &Referral::action),
        field(17, "to_facility", &Referral::to_facility, Presence::required),
        field(18, "reason", &Referral::reason),
        field(19, "appointment_on", &Referral::appointment_on),
    };
};

template <>
struct Fields<ReferralFeedback> {
    static constexpr auto list = std::tuple{
        field(16, "referral", &ReferralFeedback::referral, Presence::required),
        field(17, "from_facility", &ReferralFeedback::from_facility),
        field(18, "received_on", &ReferralFeedback::received_on),
    };
};

template <>
struct Fields<Informed> {
    static constexpr auto list = std::tuple{
        field(16, "about", &Informed::about, Presence::required),
        field(17, "method", &Informed::method),
    };
};

template <>
struct Fields<Deferral> {
    static constexpr auto list = std::tuple{
        field(16, "site", &Deferral::site, Presence::required),
        field(17, "until", &Deferral::until, Presence::required),
        field(18, "reason", &Deferral::reason, Presence::required),
    };
};

template <>
struct Fields<Ceasing> {
    static constexpr auto list = std::tuple{
        field(16, "site", &Ceasing::site, Presence::required),
        field(17, "step", &Ceasing::step, Presence::required),
        field(18, "reason", &Ceasing::reason),
        field(19, "about", &Ceasing::about),
    };
};

template <>
struct Fields<Closing> {
    static constexpr auto list = std::tuple{
        field(16, "site", &Closing::site),
        field(17, "action", &Closing::action),
        field(18, "reason", &Closing::reason, Presence::required),
        field(19, "confirms", &Closing::confirms),
    };
};

template <>
struct Fields<ProcedureDone> {
    static constexpr auto list =
        std::tuple{field(16, "code", &ProcedureDone::code, Presence::required)};
};

template <>
struct Fields<Correct> {
    static constexpr auto list = std::tuple{
        field(16, "target", &Correct::target, Presence::required),
        field(17, "replacement", &Correct::replacement, Presence::required),
    };
};

template <>
struct Fields<VoidFact> {
    static constexpr auto list =
        std::tuple{field(16, "target", &VoidFact::target, Presence::required)};
};

template <>
struct Fields<Link> {
    static constexpr auto list = std::tuple{
        field(16, "other", &Link::other, Presence::required),
        field(17, "evidence", &Link::evidence),
    };
};

template <>
struct Fields<Unlink> {
    static constexpr auto list = std::tuple{field(16, "other", &Unlink::other, Presence::required)};
};

template <>
struct Fields<Erase> {
    static constexpr auto list = std::tuple{field(16, "confirms", &Erase::confirms)};
};

/// The members that are written for a fact's detail: those of `who` for the two that say who she
/// is, its own for all others.
template <class T>
struct DetailFields {
    using Owner = T;
    static T& of(T& detail) { return detail; }
    static const T& of(const T& detail) { return detail; }
};

template <>
struct DetailFields<Register> {
    using Owner = Demographics;
    static Demographics& of(Register& detail) { return detail.who; }
    static const Demographics& of(const Register& detail) { return detail.who; }
};

template <>
struct DetailFields<DemographicsChange> {
    using Owner = Demographics;
    static Demographics& of(DemographicsChange& detail) { return detail.who; }
    static const Demographics& of(const DemographicsChange& detail) { return detail.who; }
};

}  // namespace egret::codec
