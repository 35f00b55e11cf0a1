#pragma once

#include "registry/base/result.h"
#include "registry/rules/decision.h"
#include "registry/rules/protocol.h"
#include "registry/rules/screening/decision.h"
#include "registry/rules/screening/pathway.h"
#include "registry/rules/subject.h"

#include <string>
#include <string_view>
#include <vector>

namespace egret::rules {

/// A protocol that a programme follows: for whom, and on which days.
struct Assignment {
    std::string protocol;  // "cn-nip-hpv-2025", or with "@" and its version.
    InForce in_force;
    std::vector<Sex> sexes;  // Any, if empty.
    std::optional<Date> born_from;
    std::optional<Date> born_to;
    std::vector<std::string> flags;  // Only with one of them in force. Any, if empty.
    /// Only for those whose first dose was one of these products. Any, if empty.
    std::vector<std::string> begun_with;
    /// Not for those whose first dose was one of these.
    std::vector<std::string> not_begun_with;
    /// Only for those who were of that age at their first dose, or may have been.
    std::optional<Period> begun_from_age;
    bool only_without_dose = false;
    std::optional<Period> until_age;  // On the day of the question.
    int tier = 0;                     // Only if no assignment of a smaller tier takes her.
    std::vector<Choice> choices;

    friend bool operator==(const Assignment&, const Assignment&) = default;
};

/// A screening pathway that a programme follows, and on which days.
struct ScreeningAssignment {
    std::string protocol;  // As of Assignment.
    InForce in_force;
    std::vector<Choice> choices;

    friend bool operator==(const ScreeningAssignment&, const ScreeningAssignment&) = default;
};

/// From when on stock is warned of. No source gives these: the programme chooses.
struct StockLevels {
    std::optional<int> low_doses;    // Of a product at a facility: so many, or fewer.
    std::optional<int> expiry_days;  // Before a lot's last day.

    friend bool operator==(const StockLevels&, const StockLevels&) = default;
};

/// Within what time what is owed to a woman is done, where the pathways don't say. Times that no
/// source gives are the programme's choice.
struct FollowUpTimes {
    std::string calendar;         // Of working days: an id of known_work_calendars().
    int inform_working_days = 0;  // She is told a result, after the clinic has it.
    int feedback_working_days =
        0;                        // The clinic that referred her is told, after a result is there.
    int result_days = 0;          // A laboratory's result, after the specimen arrived.
    int referral_days = 0;        // She is seen where she was referred to.
    int act_within_days = 0;      // An action without a latest day, after it is due.
    int confirm_within_days = 0;  // A second person looks at a result that was taken back.
    int overdue_after_days = 0;   // She answers a call to routine screening.
    int ask_again_days = 0;       // What she refused, or could not do, is asked for once more.
    int deferral_days = 0;        // A deferral that is longer is warned of.

    friend bool operator==(const FollowUpTimes&, const FollowUpTimes&) = default;
};

/// Which protocols are in force where, for whom, from when.
struct Programme {
    std::string id;
    std::string version;
    BothLanguages title;
    BothLanguages source;
    std::string area;  // A code of GB/T 2260; "" for anywhere.
    InForce valid;
    StockLevels stock;
    std::vector<Assignment> assignments;
    std::vector<Protocol> protocols;  // Of the assignments, in their order, with the choices made.
    std::vector<ScreeningAssignment> screening;
    std::vector<Pathway> pathways;  // The same of these.
    FollowUpTimes follow_up;        // Given, if it follows any pathway.

    friend bool operator==(const Programme&, const Programme&) = default;
};

/// Reads a programme file. Its protocols must be among known_protocols().
/// Errors: invalid_input with the path of what is wrong.
Result<Programme> parse_programme(std::string_view text);

/// The programmes that the program carries (schemas/programmes), by id.
const std::vector<Programme>& known_programmes();

/// Errors: not_found.
Result<const Programme*> find_programme(std::string_view id);

/// The programme in force at a place on a day: that of the smallest area around it. Null if there
/// is none.
const Programme* programme_at(std::string_view area, Date on);

/// The labels of what was given: of a product the protocols that are followed for whoever began
/// with its own code; of a code that leaves the product open, those of all that it may be. Empty,
/// if no label is here of the product, or of one of these.
std::vector<const Protocol*> labels_of(const Programme& programme, std::string_view product);

/// True if no label of what was given has a series for that sex. False, if the sex or a label isn't
/// known.
bool is_for_other_sex(const Programme& programme, std::string_view product, Sex sex);

/// As an ordinary schedule sees her on that day: without the doses that no label has for her sex.
/// One of these counts for nothing, and decides on no label that is followed.
Subject without_doses_for_other_sex(const Programme& programme, const Subject& subject, Date on);

/// True for a protocol of the programme that is followed for a risk group alone.
bool is_of_risk_group(const Programme& programme, const Protocol& protocol);

/// The decisions of all protocols that the programme follows for her on that day, those for a risk
/// group first. Beside one of these no other asks for a dose. Doses that no label has for her sex
/// are `inadvertent` but for a risk group; where a dose of a vaccine that the protocol doesn't take
/// lies beside those that it does, the clinician decides on the next.
std::vector<Decision> decide_all(const Programme& programme, const Subject& subject, Date on);

/// The protocols that it follows for her, as above: none that isn't in force on that day.
std::vector<const Protocol*> protocols_for(const Programme& programme, const Subject& subject,
                                           Date on);

/// The decisions of all screening pathways that the programme follows on that day, in its order.
std::vector<ScreeningDecision> decide_screening(const Programme& programme,
                                                const ScreeningSubject& subject, Date on);

}  // namespace egret::rules
