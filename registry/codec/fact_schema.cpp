#include "registry/codec/fact_schema.h"

#include "registry/base/ensure.h"
#include "registry/codec/fact_shape.h"
#include "registry/domain/fact.h"

namespace egret::codec {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr const char* dialect = "https://json-schema.org/draft/2020-12/schema";

Object object_schema(const std::vector<MemberShape>& members);

Object one_schema(const MemberShape& shape) {
    Object schema;
    switch (shape.kind) {
        case MemberShape::Kind::text:
            schema.set("type", "string");
            schema.set("minLength", 1);
            break;
        case MemberShape::Kind::integer: schema.set("type", "integer"); break;
        case MemberShape::Kind::truth: schema.set("type", "boolean"); break;
        case MemberShape::Kind::date:
            schema.set("type", "string");
            schema.set("format", "date");
            break;
        case MemberShape::Kind::partial_date:
            schema.set("type", "string");
            schema.set("description", "YYYY, YYYY-MM or YYYY-MM-DD, as well as it is known.");
            break;
        case MemberShape::Kind::code: {
            Array codes;
            for (const auto& code : shape.codes) codes.emplace_back(code);
            schema.set("enum", std::move(codes));
            break;
        }
        case MemberShape::Kind::id:
            schema.set("type", "string");
            schema.set("description", "32 hexadecimal digits, or a UUID.");
            break;
        case MemberShape::Kind::object: schema = object_schema(shape.members); break;
        case MemberShape::Kind::fact:
            schema.set("type", "object");
            schema.set("description", "A fact of any kind but a correction.");
            break;
    }
    return schema;
}

/// One breast's finding may stand as its BI-RADS alone.
bool has_short_form(const MemberShape& shape) {
    return shape.kind == MemberShape::Kind::object && shape.members.size() == 1;
}

Object member_schema(const MemberShape& shape) {
    Object schema = one_schema(shape);
    if (has_short_form(shape)) {
        schema = Object{{"anyOf", Array{one_schema(shape.members.front()), std::move(schema)}}};
    }
    if (!shape.is_list || shape.kind == MemberShape::Kind::fact) return schema;
    return Object{{"type", "array"}, {"items", std::move(schema)}};
}

Object object_schema(const std::vector<MemberShape>& members) {
    Object properties;
    Array required;
    for (const auto& member : members) {
        properties.set(member.name, member_schema(member));
        if (member.is_required) required.emplace_back(member.name);
    }
    Object schema;
    schema.set("type", "object");
    schema.set("properties", std::move(properties));
    if (!required.empty()) schema.set("required", std::move(required));
    return schema;
}

}  // namespace

Value fact_schema(std::string_view type_name) {
    const auto shape = fact_shape(type_name);
    EGRET_ENSURE(shape.has_value());
    auto body = object_schema(*shape);
    Object properties{{"type", Object{{"const", type_name}}}};
    for (const auto& member : body.find("properties")->as_object())
        properties.append(member.name, member.value);
    Array required{"type"};
    if (const auto* own = body.find("required")) {
        for (const auto& name : own->as_array()) required.push_back(name);
    }
    return Object{{"$schema", dialect},
                  {"title", type_name},
                  {"type", "object"},
                  {"properties", std::move(properties)},
                  {"required", std::move(required)}};
}

Value person_schema() {
    const auto members = fact_shape("register");
    EGRET_ENSURE(members.has_value());
    Object area{
        {"anyOf",
         Array{Object{{"type", "string"}},
               Object{{"type", "array"},
                      {"items", Object{{"type", "object"},
                                       {"properties", Object{{"code", Object{{"type", "string"}}},
                                                             {"from", Object{{"type", "string"},
                                                                             {"format", "date"}}}}},
                                       {"required", Array{"code"}}}}}}}};
    Object properties{{"id", Object{{"type", "string"}, {"minLength", 1}}},
                      {"on", Object{{"type", "string"}, {"format", "date"}}},
                      {"facility", Object{{"type", "string"}}},
                      {"area", std::move(area)}};
    bool is_own = false;
    for (const auto& member : *members) {
        is_own = is_own || member.name == "names";  // Before it: what every fact has.
        if (is_own && member.name != "area") properties.set(member.name, member_schema(member));
    }
    Array kinds;
    for (const auto& name : fact_type_names()) {
        if (name == Stock::name) continue;  // A facility's.
        kinds.push_back(Object{{"$ref", "events/" + name + ".schema.json"}});
    }
    Object flag{{"type", "object"},
                {"properties", Object{{"code", Object{{"type", "string"}}},
                                      {"from", Object{{"type", "string"}}},
                                      {"to", Object{{"type", "string"}}}}},
                {"required", Array{"code"}}};
    properties.set("flags", Object{{"type", "array"}, {"items", std::move(flag)}});
    properties.set("events",
                   Object{{"type", "array"}, {"items", Object{{"anyOf", std::move(kinds)}}}});
    return Object{{"$schema", dialect},
                  {"title", "person"},
                  {"type", "object"},
                  {"properties", std::move(properties)},
                  {"required", Array{"id", "birth_date", "sex"}}};
}

}  // namespace egret::codec
