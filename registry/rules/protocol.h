#pragma once

#include "registry/base/result.h"
#include "registry/rules/eligibility.h"
#include "registry/rules/schedule.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::rules {

/// A number (a span, a day) that the source leaves open, or that could not be read in it.
struct Parameter {
    std::string name;
    std::string value;
    bool is_verified = false;  // Read in the source itself.
    BothLanguages meaning;
    std::string source;

    friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// What a programme says where the source leaves a parameter open.
struct Choice {
    std::string parameter;
    std::string value;

    friend bool operator==(const Choice&, const Choice&) = default;
};

/// A protocol: what a source says should be done for whom and when.
struct Protocol {
    std::string id;
    std::string version;
    BothLanguages title;
    BothLanguages source;
    InForce valid;
    std::vector<Parameter> parameters;
    Schedule schedule;
    std::optional<Eligibility> eligibility;  // Of a free programme: a question of its own.

    friend bool operator==(const Protocol&, const Protocol&) = default;
};

/// Reads a protocol file, with the choices in place of its own values.
/// Errors: invalid_input with the path of what is wrong
/// ("series[0].doses[1].intervals[0].minimum"), "choices"
/// for one that is no parameter of the file.
Result<Protocol> parse_protocol(std::string_view text, const std::vector<Choice>& choices = {});

}  // namespace egret::rules
