#pragma once

#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/domain/codes.h"
#include "registry/domain/follow_up_codes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What is done so that nothing which was found is forgotten. None of it closes by itself what a
/// result asks for. Included by fact.h, which says what facts are.
namespace egret {

/// An encounter with a health worker.
struct Visit {
    static constexpr std::uint16_t type = 65;
    static constexpr std::string_view name = "visit";
    friend bool operator==(const Visit&, const Visit&) = default;
};

struct ProcedureDone {
    static constexpr std::uint16_t type = 66;
    static constexpr std::string_view name = "procedure";
    std::string code;  // With its system's prefix.
    friend bool operator==(const ProcedureDone&, const ProcedureDone&) = default;
};

/// An attempt to reach her (or her guardian) about something that is due. `action` is the id of
/// what it was about, as worklists show it; a contact closes nothing by itself.
struct Contact {
    static constexpr std::uint16_t type = 70;
    static constexpr std::string_view name = "contact";
    std::string action;
    std::optional<ContactOutcome> outcome;
    std::optional<ContactMethod> method;
    std::optional<Date> appointment_on;
    friend bool operator==(const Contact&, const Contact&) = default;
};

/// She was sent to another facility (FHIR ServiceRequest). `action`: as of Contact.
struct Referral {
    static constexpr std::uint16_t type = 71;
    static constexpr std::string_view name = "referral";
    std::string action;
    std::string to_facility;
    std::string reason;  // In words.
    std::optional<Date> appointment_on;
    friend bool operator==(const Referral&, const Referral&) = default;
};

/// That facility answered: she came, and what was done. What it found are facts of their own.
struct ReferralFeedback {
    static constexpr std::uint16_t type = 72;
    static constexpr std::string_view name = "referral_feedback";
    EventUid referral;
    std::string from_facility;
    std::optional<Date> received_on;
    friend bool operator==(const ReferralFeedback&, const ReferralFeedback&) = default;
};

/// She was told the results `about`, facts of hers.
struct Informed {
    static constexpr std::uint16_t type = 73;
    static constexpr std::string_view name = "informed";
    std::vector<EventUid> about;
    std::optional<ContactMethod> method;
    friend bool operator==(const Informed&, const Informed&) = default;
};

/// Her screening is put off, up to and including `until`: it always has an end.
struct Deferral {
    static constexpr std::uint16_t type = 74;
    static constexpr std::string_view name = "deferral";
    std::optional<ScreenedSite> site;
    std::optional<Date> until;
    std::optional<DeferralReason> reason;
    friend bool operator==(const Deferral&, const Deferral&) = default;
};

/// She is taken out of the programme: proposed by one person, confirmed by another, and taken back
/// at any time. `about`: the ceasing of hers that is confirmed or taken back.
struct Ceasing {
    static constexpr std::uint16_t type = 75;
    static constexpr std::string_view name = "ceasing";
    std::optional<ScreenedSite> site;
    std::optional<CeasingStep> step;
    std::optional<CeasingReason> reason;
    EventUid about;
    friend bool operator==(const Ceasing&, const Ceasing&) = default;
};

/// An action that was still open is given up, with the reason; or, without `action`, her case at
/// the site is closed. `confirms`: the same closing by somebody else, which this one agrees to.
struct Closing {
    static constexpr std::uint16_t type = 76;
    static constexpr std::string_view name = "closing";
    std::optional<ScreenedSite> site;
    std::string action;  // As of Contact.
    std::optional<ClosingReason> reason;
    EventUid confirms;
    friend bool operator==(const Closing&, const Closing&) = default;
};

}  // namespace egret
