#pragma once

#include "registry/json/parse.h"
#include "registry/json/value.h"

#include <string>
#include <string_view>

namespace egret::tests {

/// Holds values to a JSON Schema (2020-12): as much of it as our schemas use. A keyword that it
/// doesn't know fails the test, so that none is passed over.
class JsonSchema {
public:
    explicit JsonSchema(std::string_view text) : root_(*json::parse(text)) {}

    /// Where the value first breaks the schema ("$.series[0].doses"), with the keyword that it
    /// breaks; "" if it doesn't.
    std::string find_breach(const json::Value& value) const { return breach(value, root_, "$"); }

private:
    using Value = json::Value;

    const Value& resolve(std::string_view ref) const;
    std::string breach(const Value& value, const Value& schema, const std::string& path) const;
    std::string breach_of(const json::Member& keyword, const Value& value, const Value& schema,
                          const std::string& path) const;
    std::string breach_of_members(const json::Member& keyword, const Value& value,
                                  const Value& schema, const std::string& path) const;
    std::string breach_of_items(const json::Member& keyword, const Value& value,
                                const Value& schema, const std::string& path) const;
    /// What looks at the value itself. A keyword for values of another kind holds.
    bool holds(const json::Member& keyword, const Value& value, const std::string& path) const;

    Value root_;
};

}  // namespace egret::tests
