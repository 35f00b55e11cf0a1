#pragma once

#include "registry/base/hlc.h"
#include "registry/base/ids.h"
#include "registry/domain/adverse_event_codes.h"
#include "registry/domain/follow_up_facts.h"
#include "registry/domain/screening_facts.h"
#include "registry/domain/stock_codes.h"
#include "registry/domain/vaccination_codes.h"
#include "registry/domain/woman.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// All facts, as typed values. A fact says that something happened on a day; it is never changed,
/// only corrected or voided by another. Members and codes are those of person files
/// (registry/codec/person_file.h); the numbers that stand for them in the log are in
/// registry/codec/fact_fields.h.
namespace egret {

// ---- who she is ---------------------------------------------------------------------------------

/// She (or he) came into care. The first fact of everybody.
struct Register {
    static constexpr std::uint16_t type = 1;
    static constexpr std::string_view name = "register";
    Demographics who;
    friend bool operator==(const Register&, const Register&) = default;
};

/// Something of who she is changed, from the fact's date on.
struct DemographicsChange {
    static constexpr std::uint16_t type = 2;
    static constexpr std::string_view name = "demographics";
    Demographics who;
    friend bool operator==(const DemographicsChange&, const DemographicsChange&) = default;
};

/// What she, or who answers for her, agreed to or refused. With a `round` it is about that campaign
/// round's doses only.
struct Consent {
    static constexpr std::uint16_t type = 3;
    static constexpr std::string_view name = "consent";
    std::optional<ConsentScope> scope;
    std::optional<ConsentDecision> decision;
    std::optional<ConsentGiver> by;
    std::string guardian_name;
    std::optional<ConsentMode> mode{};
    std::string guardian_relation{};
    std::string round{};
    friend bool operator==(const Consent&, const Consent&) = default;
};

/// A condition that rules branch on, between two days, both inclusive; open where absent.
/// `code` is one of flag_codes() or a code of another system with its prefix ("icd10:…").
struct Flag {
    static constexpr std::uint16_t type = 4;
    static constexpr std::string_view name = "flag";
    std::string code;
    std::optional<PartialDate> from;
    std::optional<PartialDate> to;
    friend bool operator==(const Flag&, const Flag&) = default;
};

/// She is cared for elsewhere from the fact's date on.
struct Transfer {
    static constexpr std::uint16_t type = 5;
    static constexpr std::string_view name = "transfer";
    std::string to_facility;
    std::string reason;
    friend bool operator==(const Transfer&, const Transfer&) = default;
};

struct Death {
    static constexpr std::uint16_t type = 6;
    static constexpr std::string_view name = "death";
    std::string cause;  // A code with its prefix, "icd10:C53".
    friend bool operator==(const Death&, const Death&) = default;
};

// ---- vaccination --------------------------------------------------------------------------------

/// A vaccine dose. `product` is "cvx:165", "icd11:XM9QP0" or a product of the catalog
/// ("egret:cecolin"). `substandard`: expired, recalled or partial, so it does not count.
/// `dose_number` is what the nurse says; rules count for themselves which dose it is.
struct Dose {
    static constexpr std::uint16_t type = 16;
    static constexpr std::string_view name = "dose";
    std::string product;
    std::optional<bool> substandard;
    std::string lot;
    std::optional<std::int64_t> dose_number{};  // From 1.
    std::optional<PartialDate> expires_on{};    // The last day; of a month, its last day.
    std::optional<InjectionSite> site{};
    std::optional<VaccineRoute> route{};
    // A decimal number as text, "0.5": exact in every format, where a binary fraction is not.
    std::string volume_ml{};
    std::optional<DoseSession> session{};
    std::optional<DoseFunding> funding{};
    // Of the vaccine vial monitor, 1 to 4; from 3 on the vial must not be used (WHO).
    std::optional<std::int64_t> vvm_stage{};
    std::string round{};  // Of the campaign.
    friend bool operator==(const Dose&, const Dose&) = default;
};

/// A dose was due or offered, and not given.
struct DoseNotGiven {
    static constexpr std::uint16_t type = 17;
    static constexpr std::string_view name = "dose_not_given";
    std::optional<NotGivenReason> reason;
    std::string product;
    std::optional<std::int64_t> dose_number{};  // As of Dose.
    std::string round{};
    friend bool operator==(const DoseNotGiven&, const DoseNotGiven&) = default;
};

/// Who told of an adverse event first.
struct Reporter {
    std::string name;
    std::string role;
    std::string institution;
    std::string phone;
    std::string email;
    Extras extras;
    friend bool operator==(const Reporter&, const Reporter&) = default;
};

/// An adverse event following immunization (AEFI): what WHO's 25 core variables ask for and the
/// registry doesn't know anyhow. Who she is, what was given to her, from which lot and when comes
/// from her own facts.
struct AdverseEvent {
    static constexpr std::uint16_t type = 18;
    static constexpr std::string_view name = "adverse_event";
    std::vector<EventUid> doses;          // Suspected; facts of hers.
    std::optional<PartialDate> onset_on;  // The fact's date, if absent.
    std::string onset_time;               // "HH:MM" on the clinic's clock, as all times of day.
    std::vector<Manifestation> manifestations;
    std::string diagnosis;  // And signs that the list doesn't have.
    std::optional<bool> serious;
    std::vector<SeriousnessCriterion> seriousness;
    std::optional<AdverseOutcome> outcome;
    std::optional<Date> notified_on;  // When the reporter told of it.
    std::optional<Reporter> reporter;
    std::optional<bool> pregnant;  // When the dose was given; from her conditions, if absent.
    std::string medical_history;
    std::string narrative;
    std::string other_vaccines;       // Given just before, and not in the registry.
    std::string diluent_lot;          // HPV vaccines have none.
    std::string vaccination_time;     // Of the suspected dose.
    std::string case_number;          // As an authority gave it.
    std::optional<Date> received_on;  // At the national centre.
    friend bool operator==(const AdverseEvent&, const AdverseEvent&) = default;
};

/// The first day on which the event can have begun, as well as it is known.
inline std::optional<PartialDate> onset_of(const AdverseEvent& event,
                                           const std::optional<PartialDate>& fact_date) {
    return event.onset_on ? event.onset_on : fact_date;
}

/// What happened to the vaccine of a facility, or to how it was kept. Its subject is the facility
/// (domain/facility_id.h), never a woman. Quantities are doses. Which members an action has, and
/// which it needs, is held by check(); a correction never makes another action of it.
struct Stock {
    static constexpr std::uint16_t type = 80;
    static constexpr std::string_view name = "stock";
    std::optional<StockAction> action;
    std::string product;  // As of Dose.
    std::string lot;
    std::optional<std::int64_t> quantity;   // Moved; of a count: that are there.
    std::optional<PartialDate> expires_on;  // As of Dose.
    std::string from_facility;
    std::string to_facility;
    std::optional<DoseSession> session;  // To which it was issued, or from which it came back.
    std::optional<DiscardReason> reason;
    std::vector<std::string> lots;  // That an excursion, a recall or a decision is about.
    std::optional<Date> from;       // The day on which it began; doses of that day are affected.
    std::optional<Date> to;
    std::string min_celsius;  // Decimal numbers as text, "-0.5".
    std::string max_celsius;
    std::optional<LotDecision> decision;
    EventUid about;  // The excursion or recall that is decided on.
    friend bool operator==(const Stock&, const Stock&) = default;
};

// ---- about other facts, and about who is who
// ------------------------------------------------------

struct Fact;

/// What `target` should have said. The replacement is whole and of the same type.
struct Correct {
    static constexpr std::uint16_t type = 96;
    static constexpr std::string_view name = "correct";
    EventUid target;
    std::vector<Fact> replacement;  // Exactly one: a vector, since a Fact holds its own kind here.
    friend bool operator==(const Correct&, const Correct&) = default;
};

/// `target` was a mistake. Why stands in `because`.
struct VoidFact {
    static constexpr std::uint16_t type = 97;
    static constexpr std::string_view name = "void";
    EventUid target;
    friend bool operator==(const VoidFact&, const VoidFact&) = default;
};

/// The subject and `other` are the same woman.
struct Link {
    static constexpr std::uint16_t type = 98;
    static constexpr std::string_view name = "link";
    WomanId other;
    std::string evidence;
    friend bool operator==(const Link&, const Link&) = default;
};

/// They are not (any more).
struct Unlink {
    static constexpr std::uint16_t type = 99;
    static constexpr std::string_view name = "unlink";
    WomanId other;
    friend bool operator==(const Unlink&, const Unlink&) = default;
};

/// By law nothing may be kept of the subject. Only the centre orders it, and nothing takes it back.
/// `confirms`: the order that a clinic has carried out; nil in the order itself.
struct Erase {
    static constexpr std::uint16_t type = 100;
    static constexpr std::string_view name = "erase";
    EventUid confirms;
    friend bool operator==(const Erase&, const Erase&) = default;
};

/// A fact from a newer version of Egret: kept byte for byte, sent on, and shown as such.
struct NewerFact {
    std::uint16_t type_number = 0;
    std::uint16_t type_version = 0;
    Bytes payload;
    friend bool operator==(const NewerFact&, const NewerFact&) = default;
};

using Detail =
    std::variant<Register, DemographicsChange, Consent, Flag, Transfer, Death, Dose, DoseNotGiven,
                 AdverseEvent, Stock, HpvTest, Cytology, Via, GynExam, Colposcopy, Histology,
                 Specimen, BreastExam, BreastUltrasound, Mammogram, SeniorReview, Treatment, Visit,
                 ProcedureDone, Diagnosis, Contact, Referral, ReferralFeedback, Informed, Deferral,
                 Ceasing, Closing, Correct, VoidFact, Link, Unlink, Erase, NewerFact>;

/// What every fact says beside what it is about.
struct Circumstances {
    std::optional<PartialDate> date;  // When it happened, or from when it was true.
    std::string facility;             // Where, if not at the recording clinic.
    std::optional<Source> source;
    std::optional<EventStatus> status;
    std::optional<Date> reported_on;  // When the result was known.
    std::optional<Date> recorded_on;  // When it was written down, if not when recorded here.
    std::string note;
    std::string because;                // Why in spite of a warning, or why voided.
    std::optional<bool> clock_suspect;  // The machine's clock could not be trusted.
    // What its maker was: the machine says it of whoever records, whatever stood there. Absent, as
    // in what nobody recorded by hand: as of a lead.
    std::optional<MakerRole> role{};

    friend bool operator==(const Circumstances&, const Circumstances&) = default;
};

struct Fact {
    Circumstances at;
    Detail detail;
    Extras extras;

    friend bool operator==(const Fact&, const Fact&) = default;
};

/// The version of a type's members that this program writes, and the highest that it reads.
inline constexpr std::uint16_t fact_type_version = 1;

/// The type's number in the log.
std::uint16_t type_number(const Fact& fact);
/// Its name in person files and commands; "newer" for one from a newer version.
std::string_view type_name(const Fact& fact);

/// True unless the fact says of itself that it doesn't count (not done, entered in error).
bool is_completed(const Fact& fact);

/// True, if that may be said of that subject: stock of a facility, all else of a woman, corrections
/// and voids of both.
bool fits_subject(const Fact& fact, const WomanId& subject);

/// A fact with what its maker's log says of it.
struct Event {
    EventUid uid;
    Hlc hlc;
    WomanId subject;
    std::uint64_t scope = 0;  // The clinic's number at the centre; 0 before enrolment.
    UserId author;
    std::vector<EventUid> supersedes;  // What its maker saw and replaces.
    Fact fact;

    friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace egret
