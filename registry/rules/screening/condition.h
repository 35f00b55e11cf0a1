#pragma once

#include "registry/rules/screening/reports.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a row of a decision table asks for. An answer can be yes, no or unknown: of a report that
/// there is not nothing is known but that it isn't there. Only yes makes a row hold, and what is
/// unknown stays so when it is negated.
namespace egret::rules {

/// Of a state function (screening/state.h). Which members mean something depends on its kind.
struct StateTest {
    std::size_t state = 0;    // Among Pathway::states.
    Codes codes = 0;          // One of them, at least...
    bool is_negated = false;  // ...or none of them.
    std::optional<int> min;   // Of a number.
    std::optional<int> max;
    std::optional<Period> from;    // Of an age: she has it. Of a day: it is at least so long ago.
    std::optional<Period> until;   // Of an age: not yet. Of a day: it is not so long ago.
    std::optional<bool> is_known;  // Of a day.

    friend bool operator==(const StateTest&, const StateTest&) = default;
};

/// Of a named report.
struct ReportTest {
    std::size_t report = 0;  // Among Pathway::reports.
    std::optional<bool> exists;
    Saying saying;
    std::vector<DayWindow> days;

    friend bool operator==(const ReportTest&, const ReportTest&) = default;
};

/// Of how many reports there are.
struct CountTest {
    ReportQuery query;
    std::optional<int> min;
    std::optional<int> max;

    friend bool operator==(const CountTest&, const CountTest&) = default;
};

/// Of a condition that has a name.
struct NamedTest {
    std::size_t condition = 0;  // Among Pathway::conditions.

    friend bool operator==(const NamedTest&, const NamedTest&) = default;
};

struct Condition;

/// All of the conditions of one branch at least.
struct AnyOf {
    std::vector<std::vector<Condition>> branches;
};

/// Not all of them.
struct NotAll {
    std::vector<Condition> conditions;
};

bool operator==(const AnyOf& a, const AnyOf& b);
bool operator==(const NotAll& a, const NotAll& b);

struct Condition {
    std::variant<StateTest, ReportTest, CountTest, NamedTest, AnyOf, NotAll> test;

    friend bool operator==(const Condition& a, const Condition& b) { return a.test == b.test; }
};

struct NamedCondition {
    std::string name;
    std::vector<Condition> all;

    friend bool operator==(const NamedCondition&, const NamedCondition&) = default;
};

}  // namespace egret::rules
