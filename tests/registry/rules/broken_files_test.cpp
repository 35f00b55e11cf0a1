// Every member of every definition that the program carries, broken by hand: it is refused, and
// the path says where; or the member is one of those that may be missing or may say anything.

#include "embedded/calendars.h"
#include "embedded/pathways.h"
#include "embedded/programmes.h"
#include "embedded/protocols.h"
#include "embedded/vaccine_catalog.h"
#include "registry/calendar/work_calendar.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "registry/rules/programme.h"
#include "registry/rules/protocol.h"
#include "registry/rules/screening/pathway.h"
#include "registry/rules/vaccine.h"
#include "tests/registry/rules/file_freedom.h"
#include "tests/support/json_schema.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace egret::rules {
namespace {

using json::Array;
using json::Object;
using json::Value;

/// Where a value stands: names of members and numbers of items.
struct Step {
    std::string name;  // "" for an item.
    std::size_t item = 0;
};

using Path = std::vector<Step>;

std::string to_text(const Path& path) {
    std::string text;
    for (const auto& step : path) {
        if (step.name.empty())
            text += "[" + std::to_string(step.item) + "]";
        else
            text += (text.empty() ? "" : ".") + step.name;
    }
    return text;
}

/// Below these stand members with names of their own.
const std::set<std::string> with_own_names{"when",    "given",      "groups", "state",
                                           "reports", "conditions", "ranks",  "look_back"};

/// The path without the numbers of items, "series[].doses[].ages[].minimum", and with a star for a
/// name of the file's own: "at_visits[].when.*".
std::string shape_of(const std::string& path) {
    std::string shape;
    std::string name;
    bool is_own = false;
    const auto end_name = [&] {
        shape += is_own && !name.empty() ? "*" : name;
        is_own = with_own_names.contains(name);
        name.clear();
    };
    for (const char c : path) {
        const bool is_number = c >= '0' && c <= '9' && name.empty() && shape.ends_with('[');
        if (is_number) continue;
        if (c != '.' && c != '[') {
            name += c;
            continue;
        }
        if (!name.empty()) end_name();
        shape += c;
    }
    end_name();
    return shape;
}

void collect(const Value& value, const Path& path, std::vector<Path>& all) {
    if (!path.empty()) all.push_back(path);
    auto below = path;
    below.emplace_back();
    if (value.is_object()) {
        for (const auto& member : value.as_object()) {
            below.back() = {member.name, 0};
            collect(member.value, below, all);
        }
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.as_array().size(); ++i) {
            below.back() = {"", i};
            collect(value.as_array()[i], below, all);
        }
    }
}

/// The first and the last path of each shape: what is read by the same lines needs no more.
std::vector<Path> paths_of(const Value& document) {
    std::vector<Path> all;
    collect(document, {}, all);
    std::map<std::string, std::vector<Path>> by_shape;
    for (const auto& path : all) {
        auto& kept = by_shape[shape_of(to_text(path))];
        if (kept.size() == 2) kept.pop_back();
        kept.push_back(path);
    }
    std::vector<Path> chosen;
    for (const auto& [shape, kept] : by_shape)
        chosen.insert(chosen.end(), kept.begin(), kept.end());
    return chosen;
}

const Value& value_at(const Value& document, const Path& path) {
    const auto* value = &document;
    for (const auto& step : path)
        value = step.name.empty() ? &value->as_array()[step.item] : value->find(step.name);
    return *value;
}

/// The document with another value at the path, or without it.
Value changed(const Value& value, const Path& path, const std::optional<Value>& replacement,
              std::size_t depth = 0) {
    const auto& step = path[depth];
    const bool is_last = depth + 1 == path.size();
    const auto below = [&](const Value& old) -> std::optional<Value> {
        if (is_last) return replacement;
        return changed(old, path, replacement, depth + 1);
    };
    if (step.name.empty()) {
        auto items = value.as_array();
        items[step.item] = *below(items[step.item]);
        return items;
    }
    Object members;
    for (const auto& member : value.as_object()) {
        const auto kept = member.name == step.name ? below(member.value) : member.value;
        if (kept) members.append(member.name, *kept);
    }
    return members;
}

/// A value of a kind that doesn't belong there.
Value of_wrong_kind(const Value& value) {
    if (value.is_text()) return 12;
    if (value.is_array()) return Object{{"a", 1}};
    if (value.is_object()) return Array{"a"};
    return "12";
}

/// A value of the right kind that means nothing there; nothing for a truth value.
std::optional<Value> nonsense(const Value& value) {
    if (value.is_text()) return "nonsense!";
    if (value.is_integer()) return 4711;
    if (value.is_array()) return Array{};
    if (value.is_object()) return Object{};
    return std::nullopt;
}

Object with_unknown_member(const Object& object) {
    auto members = object;
    members.set("nonsense", "nonsense!");
    return members;
}
using Parse = std::function<std::optional<Error>(const std::string& text)>;

/// What only the reader sees: it looks at several places of a file at once.
const std::set<std::string> beyond_schema{
    "rules.group_needs_default",  "rules.no_vaccine",   "rules.parameter_unknown",
    "rules.parameter_unused",     "rules.rows_overlap", "rules.no_shortest_interval",
    "rules.no_preferred_vaccine", "rules.two_defaults",
};

const std::set<std::string> beyond_pathway_schema{
    "rules.parameter_unknown", "rules.parameter_unused",    "pathway.unknown_group",
    "pathway.unknown_report",  "pathway.unknown_state",     "pathway.unknown_table",
    "rules.expects_span",      "definition.expects_object", "definition.unknown_code",
    "rules.empty_ages",
};

const std::set<std::string> beyond_programme_schema{"calendar.unknown",
                                                    "definition.expects_object"};

/// The schema must agree with the reader about whatever is broken.
class SchemaWitness {
public:
    explicit SchemaWitness(std::string_view text,
                           const std::set<std::string>& beyond = beyond_schema)
        : schema_(text), beyond_(beyond) {}

    void hold(const Value& file, const std::optional<Error>& error) {
        const auto breach = schema_.find_breach(file);
        CAPTURE(breach);
        if (!error) CHECK(breach.empty());
        if (!error || !breach.empty()) return;
        const auto& reason = error->message.id;
        CAPTURE(reason);
        CHECK(beyond_.contains(reason));
        met_.insert(reason);
    }

    /// The reasons that the schema was silent about.
    const std::set<std::string>& met() const { return met_; }

private:
    tests::JsonSchema schema_;
    const std::set<std::string>& beyond_;
    std::set<std::string> met_;
};

/// Breaks definitions of one kind in every way, each shape in the first few that have it.
class Breaker {
public:
    Breaker(Parse parse, const Freedom& freedom, SchemaWitness* witness = nullptr)
        : parse_(std::move(parse)), freedom_(freedom), witness_(witness) {}

    void run(std::string_view text) {
        document_ = *json::parse(text);
        REQUIRE_FALSE(parse_(json::dump(document_)));
        if (witness_) witness_->hold(document_, std::nullopt);
        for (const auto& path : paths_of(document_)) {
            if (++broken_[shape_of(to_text(path))] > times_max) continue;
            const auto& value = value_at(document_, path);
            if (!path.back().name.empty()) hold(path, "delete", std::nullopt, &freedom_.optional);
            hold(path, "null", Value(nullptr), nullptr);
            hold(path, "kind", of_wrong_kind(value), nullptr);
            if (const auto other = nonsense(value)) hold(path, "nonsense", other, &freedom_.free);
            if (value.is_object())
                hold(path, "unknown member", with_unknown_member(value.as_object()), nullptr);
        }
    }

private:
    void hold(const Path& path, const std::string& how, const std::optional<Value>& replacement,
              const std::set<std::string>* allowed) const {
        const auto where = to_text(path);
        const auto shape = shape_of(where);
        CAPTURE(how);
        CAPTURE(where);
        const auto broken = changed(document_, path, replacement);
        const auto error = parse_(json::dump(broken));
        if (witness_) witness_->hold(broken, error);
        if (!error) {
            CHECK((allowed && allowed->contains(shape)));
            return;
        }
        const auto& field = error->field;
        CAPTURE(field);
        const auto other = freedom_.elsewhere.find(shape);
        const bool is_elsewhere =
            allowed && other != freedom_.elsewhere.end() && other->second.contains(shape_of(field));
        CHECK((where.starts_with(field) || field.starts_with(where) || is_elsewhere));
        CHECK_FALSE(field.empty());
    }

    static constexpr int times_max = 8;
    Parse parse_;
    const Freedom& freedom_;
    SchemaWitness* witness_;
    Value document_;
    std::map<std::string, int> broken_;
};

template <class T>
std::optional<Error> error_of(const Result<T>& result) {
    if (result) return std::nullopt;
    return result.error();
}

std::string read_source(std::string_view path) {
    std::ostringstream text;
    text << std::ifstream(std::filesystem::path(EGRET_SOURCE_DIR) / path, std::ios::binary).rdbuf();
    return text.str();
}

std::string read_schema() { return read_source("schemas/protocol.schema.json"); }

std::string read_pathway_schema() { return read_source("schemas/pathway.schema.json"); }

/// The names of all members that a schema knows, at any depth.
void collect_members(const Value& schema, std::set<std::string>& names) {
    if (schema.is_array()) {
        for (const auto& item : schema.as_array()) collect_members(item, names);
    } else if (schema.is_object()) {
        for (const auto& member : schema.as_object()) {
            if (member.name == "properties" && member.value.is_object()) {
                for (const auto& one : member.value.as_object()) names.insert(one.name);
            }
            collect_members(member.value, names);
        }
    }
}

void check_named(const std::set<std::string>& names, const std::string& guide) {
    for (const auto& name : names) {
        CAPTURE(name);
        const bool is_named = guide.find("`" + name + "`") != std::string::npos ||
                              guide.find("\"" + name + "\":") != std::string::npos;
        CHECK(is_named);
    }
}

/// Larger packs would take minutes. What they have beside the others stands in `with_reports`.
constexpr std::size_t broken_bytes_max = 100'000;

/// A pathway with all that is told of reports.
constexpr auto with_reports = R"({
    "id": "p", "version": "1", "kind": "pathway",
    "title": {"zh": "一", "en": "a"}, "source": {"zh": "一", "en": "a"}, "site": "cervix",
    "missing_day": "clamp", "look_back": {"cytology": "10 years"},
    "ranks": {"cytology": [{"value": "HSIL", "codes": ["SCC"]}, {"value": "NILM"}]},
    "reports": {
        "h1": {"kind": "hpv", "chain": "66 months"},
        "c1": {"kind": "cytology", "value": ["NILM"], "order": "newest",
               "days": {"of": "h1", "from": "-1 day", "to": "1 day"},
               "beside": [{"kind": "hpv", "contains": ["negative"], "days": 1}],
               "without": [{"kind": "histology", "value": ["CIN3"], "days": 30}]},
        "b2": {"kind": "histology", "contains": ["CIN1"], "lacks": ["CIN3"], "nth": 2,
               "days": [{"of": "day", "after": "-25 years"}, {"of": "birth", "before": "90 years"}]}
    },
    "conditions": {
        "normal": {"any": [{"h1": {"value": ["negative"]}}, {"c1": {"contains": ["NILM"]}}]},
        "alone": {"none": [{"c1": {"exists": true}}], "holds_not": ["normal"]}
    },
    "tables": [{"id": "t", "rows": [
        {"id": "a", "when": {"counts": [{"kind": "hpv", "value": ["negative"], "min": 1, "max": 2,
                                         "days": {"of": "b2", "after": "0 days"}}]},
         "action": "cytology", "due": {"from": ["h1", "b2"], "after": "1 year"},
         "text": {"zh": "一", "en": "a"}}]}],
    "on_day": [
        {"id": "a", "when": {"holds": ["alone"], "b2": {"lacks": ["CIN3"]}}, "go_to": "t"},
        {"id": "b", "action": "none", "status": "excluded", "text": {"zh": "一", "en": "a"}}
    ]
})";

TEST_SUITE("registry/rules/broken_files") {
    TEST_CASE("a protocol that is broken anywhere is refused, and the path says where") {
        SchemaWitness witness(read_schema());
        Breaker breaker([](const auto& text) { return error_of(parse_protocol(text)); },
                        protocol_freedom, &witness);
        for (const auto& file : embedded::protocols()) {
            const std::string name(file.name);
            CAPTURE(name);
            breaker.run(file.content);
        }
        CHECK(witness.met() == beyond_schema);
    }

    TEST_CASE("a programme that is broken anywhere is refused, and the path says where") {
        SchemaWitness witness(read_schema(), beyond_programme_schema);
        Breaker breaker([](const auto& text) { return error_of(parse_programme(text)); },
                        programme_freedom, &witness);
        for (const auto& file : embedded::programmes()) {
            const std::string name(file.name);
            CAPTURE(name);
            breaker.run(file.content);
        }
        CHECK(witness.met() == beyond_programme_schema);
    }

    TEST_CASE("a pathway that is broken anywhere is refused, and the path says where") {
        SchemaWitness witness(read_pathway_schema(), beyond_pathway_schema);
        Breaker breaker([](const auto& text) { return error_of(parse_pathway(text)); },
                        pathway_freedom, &witness);
        for (const auto& file : embedded::pathways()) {
            if (file.content.size() > broken_bytes_max) continue;
            const std::string name(file.name);
            CAPTURE(name);
            breaker.run(file.content);
        }
        breaker.run(with_reports);
        for (const auto& reason : beyond_pathway_schema) {
            CAPTURE(reason);
            CHECK(witness.met().contains(reason));
        }
    }

    TEST_CASE("a work calendar that is broken anywhere is refused, and the path says where") {
        SchemaWitness witness(read_source("schemas/calendar.schema.json"));
        Breaker breaker([](const auto& text) { return error_of(parse_work_calendar(text)); },
                        calendar_freedom, &witness);
        for (const auto& file : embedded::calendars()) {
            const std::string name(file.name);
            CAPTURE(name);
            breaker.run(file.content);
        }
        CHECK(witness.met().empty());
    }

    TEST_CASE("the guide explains every member, in both languages") {
        std::set<std::string> names;
        collect_members(*json::parse(read_schema()), names);
        CHECK(names.size() > 60);
        collect_members(*json::parse(read_pathway_schema()), names);
        std::set<std::string> of_calendars;
        collect_members(*json::parse(read_source("schemas/calendar.schema.json")), of_calendars);
        for (const std::string language : {".md", ".zh.md"}) {
            const auto text =
                read_source("docs/protocols" + language) + read_source("docs/pathways" + language);
            CAPTURE(language);
            check_named(names, text);
            check_named(of_calendars, read_source("docs/calendars" + language));
        }
    }

    TEST_CASE("the schema refuses what no pack shows") {
        const tests::JsonSchema schema(read_schema());
        const auto known = *json::parse(embedded::protocols().front().content);
        REQUIRE(schema.find_breach(known).empty());
        const auto with = [&](const std::string& name, const std::string& value) {
            auto file = known.as_object();
            file.set(name, *json::parse(value));
            return schema.find_breach(file);
        };
        CHECK(with("valid", R"({"from":"2025-11"})") == "$.valid.from pattern");
        CHECK(with("valid", R"({"since":"2025-11-10"})") == "$.valid.since additionalProperties");
        CHECK(with("counts", R"("all")") == "$.counts enum");
        CHECK(with("version", R"("1 a")") == "$.version pattern");
        CHECK(with("series", "[]") == "$.series minItems");
        CHECK(with("parameters", R"([{"name":"a"}])").ends_with("required"));
        CHECK(with("eligibility", R"({"rounds":[{"id":"a","title":{"zh":"一","en":"a"},
            "source":"a","basis":["residence"]}]})") ==
              "$.eligibility.rounds[0] dependentRequired");
        CHECK_FALSE(schema.find_breach(*json::parse("12")).empty());
    }

    TEST_CASE("a vaccine catalog that is broken anywhere is refused, and the path says where") {
        Breaker breaker([](const auto& text) { return error_of(parse_vaccines(text)); },
                        catalog_freedom);
        breaker.run(embedded::vaccine_catalog().front().content);
    }
}

}  // namespace
}  // namespace egret::rules
