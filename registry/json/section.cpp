#include "registry/json/section.h"

#include <algorithm>

namespace egret::json {

Section::Section(const Value* value, std::string path, std::optional<Error>& error)
    : value_(value), path_(std::move(path)), error_(&error) {
    if (!value_ || !value_->is_object()) refuse("", msg("definition.expects_object"));
}

void Section::only(std::initializer_list<std::string_view> names) {
    if (failed()) return;
    for (const auto& member : value_->as_object()) {
        if (std::find(names.begin(), names.end(), member.name) == names.end())
            return refuse(member.name, msg("definition.unknown_member"));
    }
}

std::vector<std::string> Section::names() const {
    std::vector<std::string> names;
    if (failed()) return names;
    for (const auto& member : value_->as_object()) names.push_back(member.name);
    return names;
}

const Value* Section::find(std::string_view name) const {
    const auto* found = find_any(name);
    return found && !found->is_null() ? found : nullptr;
}

const Value* Section::find_any(std::string_view name) const {
    return failed() ? nullptr : value_->find(name);
}

bool Section::has(std::string_view name) const { return find_any(name) != nullptr; }

std::string Section::text(std::string_view name) {
    if (!find(name)) refuse(name, msg("definition.expects_text"));
    return optional_text(name).value_or("");
}

std::optional<std::string> Section::optional_text(std::string_view name) {
    const auto* found = find_any(name);
    if (!found) return std::nullopt;
    if (found->is_text() && !found->as_text().empty()) return found->as_text();
    refuse(name, msg("definition.expects_text"));
    return std::nullopt;
}

std::optional<bool> Section::optional_truth(std::string_view name) {
    const auto* found = find_any(name);
    if (!found) return std::nullopt;
    if (found->is_bool()) return found->as_bool();
    refuse(name, msg("definition.expects_truth"));
    return std::nullopt;
}

std::optional<int> Section::optional_count(std::string_view name, int most) {
    const auto* found = find_any(name);
    if (!found) return std::nullopt;
    if (found->is_integer() && found->as_integer() >= 0 && found->as_integer() <= most)
        return static_cast<int>(found->as_integer());
    refuse(name, msg("definition.expects_count"));
    return std::nullopt;
}

int Section::count(std::string_view name, int most) {
    if (!find(name)) refuse(name, msg("definition.expects_count"));
    return optional_count(name, most).value_or(0);
}

std::vector<std::string> Section::codes(std::string_view name,
                                        const std::function<bool(std::string_view)>& is_code) {
    std::vector<std::string> all;
    const auto* found = find(name);
    if (!found || !found->is_array() || found->as_array().empty()) {
        refuse(name, msg("definition.expects_codes"));
        return all;
    }
    for (const auto& item : found->as_array()) {
        if (!item.is_text() || !is_code(item.as_text())) {
            refuse(std::string(name) + "[" + std::to_string(all.size()) + "]",
                   msg("definition.unknown_code"));
            return {};
        }
        all.push_back(item.as_text());
    }
    return all;
}

Section Section::section(std::string_view name) { return {find_any(name), path_to(name), *error_}; }

std::vector<Section> Section::sections(std::string_view name) {
    std::vector<Section> all;
    const auto* found = find_any(name);
    if (!found) return all;
    if (!found->is_array()) {
        refuse(name, msg("definition.expects_list"));
        return all;
    }
    for (const auto& item : found->as_array())
        all.emplace_back(&item, path_to(name) + "[" + std::to_string(all.size()) + "]", *error_);
    return all;
}

void Section::refuse(std::string_view name, Message message) {
    if (!failed()) *error_ = Error{ErrorCode::invalid_input, path_to(name), std::move(message)};
}

std::string Section::path_to(std::string_view name) const {
    if (path_.empty() || name.empty()) return path_ + std::string(name);
    return path_ + "." + std::string(name);
}

}  // namespace egret::json
