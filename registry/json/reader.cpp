#include "registry/json/reader.h"

#include <algorithm>

namespace egret::json {
namespace {

Error missing(std::string_view name) {
    return {ErrorCode::invalid_input, std::string(name), msg("json.missing")};
}

Error wrong_kind(std::string_view name, Message message) {
    return {ErrorCode::invalid_input, std::string(name), std::move(message)};
}

template <class T>
Result<T> required(Result<std::optional<T>> found, std::string_view name) {
    if (!found) return std::move(found).error();
    if (!*found) return missing(name);
    return **std::move(found);
}

}  // namespace

Result<Reader> Reader::open(const Value& value) {
    if (!value.is_object()) return wrong_kind("", msg("json.not_object"));
    return Reader(value.as_object());
}

const Value* Reader::find(std::string_view name) const {
    const auto* value = object_->find(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

Result<std::optional<std::string>> Reader::optional_text(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::optional<std::string>();
    if (!value->is_text()) return wrong_kind(name, msg("json.not_text"));
    return std::optional(value->as_text());
}

Result<std::string> Reader::text(std::string_view name) const {
    return required(optional_text(name), name);
}

Result<std::optional<std::int64_t>> Reader::optional_integer(std::string_view name,
                                                             std::int64_t least,
                                                             std::int64_t most) const {
    const auto* value = find(name);
    if (value == nullptr) return std::optional<std::int64_t>();
    if (!value->is_integer()) return wrong_kind(name, msg("json.not_integer"));
    const auto number = value->as_integer();
    if (number < least || number > most) {
        return wrong_kind(name, msg("json.out_of_range", {{"least", std::to_string(least)},
                                                          {"most", std::to_string(most)}}));
    }
    return std::optional(number);
}

Result<std::int64_t> Reader::integer(std::string_view name, std::int64_t least,
                                     std::int64_t most) const {
    return required(optional_integer(name, least, most), name);
}

Result<std::optional<bool>> Reader::optional_boolean(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::optional<bool>();
    if (!value->is_bool()) return wrong_kind(name, msg("json.not_boolean"));
    return std::optional(value->as_bool());
}

Result<bool> Reader::boolean(std::string_view name) const {
    return required(optional_boolean(name), name);
}

Result<const Array*> Reader::optional_array(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) return wrong_kind(name, msg("json.not_array"));
    return &value->as_array();
}

Result<const Array*> Reader::array(std::string_view name) const {
    auto found = optional_array(name);
    if (found && *found == nullptr) return missing(name);
    return found;
}

Result<std::optional<Reader>> Reader::optional_object(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::optional<Reader>();
    if (!value->is_object()) return wrong_kind(name, msg("json.not_object"));
    return std::optional(Reader(value->as_object()));
}

Result<Reader> Reader::object(std::string_view name) const {
    return required(optional_object(name), name);
}

Result<std::vector<std::string>> Reader::texts(std::string_view name) const {
    const auto items = array(name);
    if (!items) return items.error();
    std::vector<std::string> texts;
    texts.reserve((*items)->size());
    for (const auto& item : **items) {
        if (!item.is_text()) {
            const auto index = "[" + std::to_string(texts.size()) + "]";
            return wrong_kind(std::string(name) + index, msg("json.not_text"));
        }
        texts.push_back(item.as_text());
    }
    return texts;
}

Result<const Value*> Reader::any(std::string_view name) const {
    const auto* value = object_->find(name);
    if (value == nullptr) return missing(name);
    return value;
}

Result<Done> Reader::only(std::initializer_list<std::string_view> names) const {
    for (const auto& member : *object_) {
        if (std::find(names.begin(), names.end(), member.name) == names.end())
            return wrong_kind("", msg("json.unknown_member"));
    }
    return Done{};
}

}  // namespace egret::json
