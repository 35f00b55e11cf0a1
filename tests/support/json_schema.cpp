#include "tests/support/json_schema.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex.h>
#include <set>
#include <utility>

namespace egret::tests {
namespace {

using json::Value;

std::int64_t size_of(const Value& value) {
    return static_cast<std::int64_t>(value.as_array().size());
}

bool is_of_type(const Value& value, const std::string& type) {
    static const std::map<std::string, bool (Value::*)() const noexcept> kinds{
        {"object", &Value::is_object}, {"array", &Value::is_array},     {"string", &Value::is_text},
        {"boolean", &Value::is_bool},  {"integer", &Value::is_integer}, {"null", &Value::is_null}};
    const auto kind = kinds.find(type);
    REQUIRE(kind != kinds.end());
    return (value.*kind->second)();
}

/// Our patterns are within what POSIX and JSON Schema (ECMA-262) both know.
bool matches(const std::string& text, const std::string& pattern) {
    regex_t compiled{};
    REQUIRE(regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) == 0);
    const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
    regfree(&compiled);
    return found;
}

}  // namespace

const json::Value& JsonSchema::resolve(std::string_view ref) const {
    const auto* found = &root_;
    REQUIRE(ref.starts_with("#/"));
    for (std::size_t at = 2; at <= ref.size();) {
        const auto end = std::min(ref.find('/', at), ref.size());
        found = found->find(ref.substr(at, end - at));
        REQUIRE(found);
        at = end + 1;
    }
    return *found;
}

std::string JsonSchema::breach(const Value& value, const Value& schema,
                               const std::string& path) const {
    for (const auto& keyword : schema.as_object()) {
        auto found = breach_of(keyword, value, schema, path);
        if (!found.empty()) return found;
    }
    return "";
}

std::string JsonSchema::breach_of(const json::Member& keyword, const Value& value,
                                  const Value& schema, const std::string& path) const {
    static const std::set<std::string, std::less<>> silent{
        "$schema", "$id", "$defs", "title", "description", "then", "else", "prefixItems"};
    const auto& name = keyword.name;
    const auto& rule = keyword.value;
    if (silent.contains(name)) return "";
    if (name == "$ref") return breach(value, resolve(rule.as_text()), path);
    if (name == "allOf") {
        for (const auto& one : rule.as_array()) {
            if (auto found = breach(value, one, path); !found.empty()) return found;
        }
        return "";
    }
    if (name == "if") {
        const auto* branch = schema.find(breach(value, rule, path).empty() ? "then" : "else");
        return branch ? breach(value, *branch, path) : "";
    }
    if (value.is_object()) {
        if (auto found = breach_of_members(keyword, value, schema, path); !found.empty())
            return found;
    }
    if (value.is_array()) {
        if (auto found = breach_of_items(keyword, value, schema, path); !found.empty())
            return found;
    }
    return holds(keyword, value, path) ? "" : path + " " + name;
}

std::string JsonSchema::breach_of_members(const json::Member& keyword, const Value& value,
                                          const Value& schema, const std::string& path) const {
    const auto& name = keyword.name;
    const auto* known = schema.find("properties");
    for (const auto& member : value.as_object()) {
        const auto below = path + "." + member.name;
        const auto* own = known ? known->find(member.name) : nullptr;
        if (name == "properties" && own) {
            if (auto found = breach(member.value, *own, below); !found.empty()) return found;
        }
        if (name == "additionalProperties" && !own) {
            if (!keyword.value.is_object()) return below + " " + name;
            if (auto found = breach(member.value, keyword.value, below); !found.empty())
                return found;
        }
        if (name == "propertyNames" && !breach(member.name, keyword.value, below).empty())
            return below + " " + name;
    }
    return "";
}

std::string JsonSchema::breach_of_items(const json::Member& keyword, const Value& value,
                                        const Value& schema, const std::string& path) const {
    if (keyword.name != "items") return "";
    const auto* prefix = schema.find("prefixItems");
    for (std::size_t i = 0; i < value.as_array().size(); ++i) {
        const bool is_first = prefix && i < prefix->as_array().size();
        auto found = breach(value.as_array()[i], is_first ? prefix->as_array()[i] : keyword.value,
                            path + "[" + std::to_string(i) + "]");
        if (!found.empty()) return found;
    }
    return "";
}

bool JsonSchema::holds(const json::Member& keyword, const Value& value,
                       const std::string& path) const {
    const auto& name = keyword.name;
    const auto& rule = keyword.value;
    const auto has_all = [&](const Value& names) {
        return std::all_of(names.as_array().begin(), names.as_array().end(),
                           [&](const Value& one) { return value.find(one.as_text()); });
    };
    if (name == "type") return is_of_type(value, rule.as_text());
    if (name == "const") return value == rule;
    if (name == "enum")
        return std::count(rule.as_array().begin(), rule.as_array().end(), value) > 0;
    if (name == "anyOf")
        return std::any_of(rule.as_array().begin(), rule.as_array().end(),
                           [&](const Value& one) { return breach(value, one, path).empty(); });
    if (name == "required") return !value.is_object() || has_all(rule);
    if (name == "dependentRequired") {
        return std::all_of(
            rule.as_object().begin(), rule.as_object().end(),
            [&](const json::Member& one) { return !value.find(one.name) || has_all(one.value); });
    }
    if (name == "minProperties")
        return !value.is_object() ||
               std::cmp_greater_equal(value.as_object().size(), rule.as_integer());
    if (name == "minItems") return !value.is_array() || size_of(value) >= rule.as_integer();
    if (name == "maxItems") return !value.is_array() || size_of(value) <= rule.as_integer();
    if (name == "minLength") {
        REQUIRE(rule.as_integer() == 1);  // Greater ones would have to count characters.
        return !value.is_text() || !value.as_text().empty();
    }
    if (name == "minimum") return !value.is_integer() || value.as_integer() >= rule.as_integer();
    if (name == "maximum") return !value.is_integer() || value.as_integer() <= rule.as_integer();
    if (name == "pattern") return !value.is_text() || matches(value.as_text(), rule.as_text());
    if (name == "additionalProperties") {
        REQUIRE((rule == Value(false) || rule.is_object()));
        return true;
    }
    CAPTURE(name);
    REQUIRE((name == "properties" || name == "items" || name == "propertyNames"));
    return true;
}

}  // namespace egret::tests
