#pragma once

#include "registry/base/result.h"
#include "registry/rules/protocol.h"
#include "registry/rules/screening/codes.h"
#include "registry/rules/screening/condition.h"
#include "registry/rules/screening/state.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A screening guideline as data: decision tables in which the first row that holds is the answer.
namespace egret::rules {

/// From which day a row's action is counted.
enum class DueFrom : std::uint8_t {
    visit,           // Of the visit's samples and examinations; where there is none, `day`.
    day,             // The day of the question.
    birth,           // Her birth date: `after` is an age.
    last_report,     // The day of her last result.
    last_treatment,  // Of her cervix.
    reports,         // The latest day of the reports that are named.
    review_on,       // It is due on the day that the senior reviewer entered; else as `visit`.
};

/// When it is due: from `after` on, at the latest at `until`.
struct DueRule {
    DueFrom from = DueFrom::visit;
    std::vector<std::size_t> reports;  // Among Pathway::reports.
    Period after;
    /// From the same day; where the step is due at once, from the day on which the worst result of
    /// the visit was known.
    std::optional<Period> until;
    /// A normal test before this is too early to be the follow-up test that is asked for.
    std::optional<Period> not_before;

    friend bool operator==(const DueRule&, const DueRule&) = default;
};

struct Outcome {
    ScreeningAction action = ScreeningAction::none;
    std::optional<ScreeningStatus> status;  // Follows from the action, if absent.
    std::optional<DueRule> due;
    std::vector<ScreeningAction> choices;  // Among which a clinician decides.
    /// Cancer is suspected: this comes before everything that isn't.
    bool is_urgent = false;
    /// A person has decided, who may set aside what waited for a decision.
    bool is_decision = false;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// One row. It has an outcome, or leads to another table whose rows are tried in its place; where
/// none of these holds, the next row is tried.
struct Row {
    std::string id;
    std::vector<Condition> when;  // All of them must hold.
    std::optional<Outcome> outcome;
    std::optional<std::size_t> table;  // Among Pathway::tables.
    Codes step = 0;                    // What it leaves to be done, for the rows of later visits.
    bool is_what_is_owed = false;      // The answer is the action that is still owed.
    BothLanguages text;                // For the nurse: what, and why.
    std::string source;                // Where the guideline says so.

    friend bool operator==(const Row&, const Row&) = default;
};

struct Table {
    std::string id;
    std::vector<Row> rows;

    friend bool operator==(const Table&, const Table&) = default;
};

/// A screening guideline. At every visit, in the order of time, the rows of `at_visits` are tried:
/// the one that holds says what is owed next, and that is seen by the rows of the next visit as the
/// state `owed`. What is owed stays so, beside what else is, until a finding does it. At last
/// `on_day` is asked, on the day of the question.
struct Pathway {
    std::string id;
    std::string version;
    BothLanguages title;
    BothLanguages source;
    InForce valid;
    std::vector<Parameter> parameters;
    /// Each breast is followed by itself, and the more urgent answer stands first.
    ScreenedSite site = ScreenedSite::cervix;
    MissingDay missing_day = MissingDay::roll;
    LookBack look_back;
    Ranks ranks;
    std::vector<NamedReport> reports;
    std::vector<NamedCondition> conditions;
    std::vector<StateCall> states;
    Table at_visits;
    Table on_day;
    std::vector<Table> tables;
    bool has_via = false;  // A row asks for VIA: elsewhere it is no test, and does nothing.

    friend bool operator==(const Pathway&, const Pathway&) = default;
};

/// Reads a pathway file, with the choices in place of its own values.
/// Errors: invalid_input with the path of what is wrong ("at_visits[3].when.cytology"), "choices"
/// for one that is no parameter of the file.
Result<Pathway> parse_pathway(std::string_view text, const std::vector<Choice>& choices = {});

}  // namespace egret::rules
