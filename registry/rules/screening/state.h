#pragma once

#include "registry/base/date.h"
#include "registry/rules/screening/reports.h"
#include "registry/rules/screening/visits.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a decision table can ask about a woman: named functions of her history, each with the list
/// of the codes that it can answer.
namespace egret::rules {

enum class StateKind : std::uint8_t {
    codes,   // One or more of a list.
    number,  // A count.
    day,     // Of the past; unknown, if there was none.
    age,     // Of the woman.
};

struct StateValue {
    Codes codes = 0;
    int number = 0;
    std::optional<Date> day;
};

/// What an earlier visit left to be done.
struct OwedStep {
    Codes step = 0;  // Its label, among the labels of the pathway's rows.
    Date opened_on;
};

/// When a row is tried: at a visit, with what is known by then, or on the day of the question.
struct Moment {
    const ScreeningCase& woman;
    Date day;                        // Of the visit, or of the question.
    const Visit* visit = nullptr;    // Null on the day of the question.
    std::size_t known = 0;           // So many findings, the oldest first.
    const OwedStep* owed = nullptr;  // Null, if nothing is.
};

struct StateCall;

struct StateFunction {
    std::string_view name;
    StateKind kind = StateKind::codes;
    /// The list of its codes; of the functions whose list depends on the file: empty.
    std::vector<std::string_view> codes;
    std::vector<std::string_view> spans;  // The names of its arguments, each a span of time.
    StateValue (*value)(const Moment& moment, const StateCall& call) = nullptr;
};

/// A function with its arguments, as a pathway calls it.
struct StateCall {
    std::string name;  // As its rows do.
    const StateFunction* function = nullptr;
    std::vector<Period> spans;       // As many as the function has.
    std::vector<std::string> codes;  // The list: the function's, or that of the file.

    friend bool operator==(const StateCall&, const StateCall&) = default;
};

/// The place of a code in a list; nothing, if it isn't in it.
std::optional<Codes> find_code_in(const std::vector<std::string>& list, std::string_view code);

/// All functions, by name.
std::span<const StateFunction> state_functions();
const StateFunction* find_state_function(std::string_view name);

}  // namespace egret::rules
