#pragma once

#include "registry/base/result.h"
#include "registry/rules/programme.h"
#include "registry/service/clinic.h"
#include "registry/service/warning.h"
#include "registry/service/worklist.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// A session of vaccination at a school: who is to be asked, vaccinated and looked after.
namespace egret::service {

enum class SessionKind : std::uint8_t {
    all,       // Everybody of the school whom the programme could take.
    first,     // Not begun, and not outside the free programme.
    second,    // Begun, and another dose is wanted, also if something speaks against it that day.
    catch_up,  // As first, of a class where the round's session was held without her; of every
               // class, once the days for the first dose are over of the round that is asked for,
               // or else of the last that would have taken her.
    drop_out,  // Begun, and overdue for what follows, or the round's days for it are over.
};

struct SessionQuestion {
    std::string school;
    std::string school_class;  // "" for all.
    std::string round;         // Of the campaign, "" if none is meant.
    std::string product;       // That will be given; "": the one that the protocol prefers.
    Date on;
    SessionKind kind = SessionKind::all;
};

/// What was said of a round's doses, as far as it counts on that day.
enum class SessionConsent : std::uint8_t { missing, given, refused };
std::string_view to_string(SessionConsent consent);

/// A dose that she had.
struct SessionDose {
    std::optional<PartialDate> date;
    std::string product;
    std::string round;
};

/// The days on which the next dose is given: those of the round, where it says some and she may
/// have the dose on one of them, else those of the protocol's intervals.
struct SessionWindow {
    Date from;
    std::optional<Date> to;
    bool is_of_round = false;
    bool is_over = false;  // The round's days lie before the day of the question.
};

/// One pupil on the list.
struct SessionLine {
    WomanId woman;
    std::string name;
    std::optional<PartialDate> birth_date;
    std::string school_class;
    std::string phone;  // Hers, else her guardian's.
    // Whether the free programme takes her; nothing, if no protocol with a free programme is hers.
    std::optional<rules::EligibilityAnswer> free;
    /// Whether it may take her for the first dose: where the round sets days for that, on the one
    /// of these that is nearest.
    bool may_be_free = false;
    /// No round is asked for that sets days, none takes her now, and the days are over of one that
    /// would have.
    bool was_passed_by = false;
    // What is wanted medically, if a dose is; else why not.
    std::optional<WorkItem> next;
    rules::VaccinationStatus status = rules::VaccinationStatus::not_recommended;
    std::optional<SessionWindow> window;
    SessionConsent consent = SessionConsent::missing;
    std::vector<Warning> warnings;          // As before a dose of that day is saved, consent aside.
    std::vector<SessionDose> doses;         // By day.
    bool is_done = false;                   // Vaccinated in this round.
    std::optional<DoseNotGiven> not_given;  // The last time in this round,
    std::string not_given_note;             // and what was written beside it.
};

struct SessionList {
    std::vector<SessionLine> lines;  // By class, and in it by the reading of the name.
    std::uint64_t boys = 0;          // Of the school, whom the list leaves out.
};

/// Errors: not_found "school", if nobody of such a school is here; not_found "--class", if nobody
/// of the class that is asked for is among them; not_found "", if no programme is in force at the
/// clinic's place. Walks over every woman of the registry.
Result<SessionList> list_session(Clinic& clinic, const Caller& caller,
                                 const SessionQuestion& question);

/// Equal but for case, width and white space.
bool is_same_school(const std::string& one, const std::string& other);

/// What would be warned of, if `fact` were recorded of her, apart from the clock.
std::vector<Warning> session_warnings(const rules::Programme* programme, const History& history,
                                      const Fact& fact);

}  // namespace egret::service
