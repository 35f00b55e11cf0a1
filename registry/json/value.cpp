#include "registry/json/value.h"

#include <algorithm>

namespace egret::json {

Object::Object() noexcept = default;
Object::Object(const Object& other) = default;
Object::Object(Object&& other) noexcept = default;
Object& Object::operator=(const Object& other) = default;
Object& Object::operator=(Object&& other) noexcept = default;
Object::~Object() = default;

Object::Object(std::initializer_list<Member> members) {
    members_.reserve(members.size());
    for (const auto& member : members) {
        EGRET_ENSURE(find(member.name) == nullptr);
        members_.push_back(member);
    }
}

const Value* Object::find(std::string_view name) const {
    const auto at = std::find_if(members_.begin(), members_.end(),
                                 [&](const Member& member) { return member.name == name; });
    return at == members_.end() ? nullptr : &at->value;
}

Object& Object::set(std::string name, Value value) {
    const auto at = std::find_if(members_.begin(), members_.end(),
                                 [&](const Member& member) { return member.name == name; });
    if (at == members_.end()) {
        append(std::move(name), std::move(value));
    } else {
        at->value = std::move(value);
    }
    return *this;
}

void Object::append(std::string name, Value value) {
    members_.push_back({std::move(name), std::move(value)});
}

bool operator==(const Object& a, const Object& b) { return a.members_ == b.members_; }

Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

Value::Value(Array items) : state_(std::move(items)) {}

Value::Value(Object members) : state_(std::move(members)) {}

bool operator==(const Value& a, const Value& b) { return a.state_ == b.state_; }

const Value* Value::find(std::string_view name) const {
    return is_object() ? as_object().find(name) : nullptr;
}

}  // namespace egret::json
