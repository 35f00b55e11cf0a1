#include "registry/json/parse.h"

#include "registry/base/limits.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace egret::json {
namespace {

constexpr std::size_t shown_name_max = 80;  // Bytes.

/// Of a file with lines the line and the character in it, as editors count them; else the byte.
/// `position` is the number of the byte, from 1.
Error malformed_at(std::string_view text, std::size_t position) {
    if (text.find('\n') == std::string_view::npos) {
        return {ErrorCode::invalid_input, "",
                msg("json.malformed", {{"position", std::to_string(position)}})};
    }
    const auto before = text.substr(0, position > 0 ? position - 1 : 0);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const auto begin = lines == 0 ? 0 : before.rfind('\n') + 1;
    const auto column = std::count_if(
        before.begin() + static_cast<std::ptrdiff_t>(begin), before.end(),
        [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });  // No UTF-8 tail.
    return {ErrorCode::invalid_input, "",
            msg("json.malformed_at_line",
                {{"line", std::to_string(lines + 1)}, {"column", std::to_string(column + 1)}})};
}

std::optional<std::string_view> find_duplicate(const Object& object) {
    std::vector<std::string_view> names;
    names.reserve(object.size());
    for (const auto& member : object) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    const auto found = std::adjacent_find(names.begin(), names.end());
    if (found == names.end()) return std::nullopt;
    return *found;
}

/// Takes nlohmann's events and builds our values on a stack of its own, so that the depth of the
/// text is a count and never a depth of calls. Returning false ends the parse.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit Builder(std::string_view text) : text_(text) {}

    bool null() override { return add(nullptr); }

    bool boolean(bool truth) override { return add(truth); }

    bool number_integer(number_integer_t number) override { return add(number); }

    bool number_unsigned(number_unsigned_t number) override {
        if (std::in_range<std::int64_t>(number)) return add(number);
        return add(Decimal{std::to_string(number)});
    }

    bool number_float(number_float_t, const string_t& raw) override {
        // The lexer writes the point of the C locale of the day into its copy of the digits.
        std::string digits = raw;
        for (auto& c : digits) {
            const bool kept =
                (c >= '0' && c <= '9') || c == 'e' || c == 'E' || c == '+' || c == '-';
            if (!kept) c = '.';
        }
        return add(Decimal{std::move(digits)});
    }

    bool string(string_t& text) override { return add(std::move(text)); }

    bool binary(binary_t&) override { return false; }  // Text has none.

    bool start_object(std::size_t) override { return open(Object{}); }

    bool key(string_t& name) override {
        if (!count()) return false;
        open_.back().key = std::move(name);
        return true;
    }

    bool end_object() override {
        const auto twice = find_duplicate(open_.back().value.as_object());
        if (!twice) return close();
        error_ = Error{ErrorCode::invalid_input, path_to(*twice), msg("json.duplicate_name")};
        return false;
    }

    bool start_array(std::size_t) override { return open(Array{}); }

    bool end_array() override { return close(); }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception&) override {
        error_ = malformed_at(text_, position);
        return false;
    }

    Result<Value> finish(bool complete) && {
        if (error_) return *std::move(error_);
        if (!complete) return malformed_at(text_, 0);
        return std::move(root_);
    }

private:
    struct Open {
        Value value;
        std::string key;  // The name that waits for its value, in an object.
    };

    bool refuse(ErrorCode code, Message message) {
        error_ = Error{code, "", std::move(message)};
        return false;
    }

    /// Where a member of the innermost object stands: "series[0].doses". Of a name that no person
    /// can read only its object.
    std::string path_to(std::string_view name) const {
        std::string path;
        for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
            const auto& outer = open_[i];
            if (outer.value.is_array())
                path += "[" + std::to_string(outer.value.as_array().size()) + "]";
            else
                path += (path.empty() ? "" : ".") + outer.key;
        }
        if (name.size() > shown_name_max) return path;
        return path + (path.empty() ? "" : ".") + std::string(name);
    }

    bool count() {
        if (++nodes_ <= limits::json_nodes_max) return true;
        return refuse(ErrorCode::too_large,
                      msg("json.too_many", {{"limit", std::to_string(limits::json_nodes_max)}}));
    }

    bool add(Value value) {
        if (!count()) return false;
        place(std::move(value));
        return true;
    }

    void place(Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (auto& outer = open_.back(); outer.value.is_array()) {
            outer.value.as_array().push_back(std::move(value));
        } else {
            outer.value.as_object().append(std::move(outer.key), std::move(value));
        }
    }

    bool open(Value container) {
        if (!count()) return false;
        if (open_.size() == limits::json_nesting_max) {
            return refuse(
                ErrorCode::too_large,
                msg("json.too_deep", {{"limit", std::to_string(limits::json_nesting_max)}}));
        }
        open_.push_back({std::move(container), {}});
        return true;
    }

    bool close() {
        auto done = std::move(open_.back().value);
        open_.pop_back();
        place(std::move(done));
        return true;
    }

    std::string_view text_;
    std::vector<Open> open_;
    Value root_;
    std::optional<Error> error_;
    std::size_t nodes_ = 0;
};

}  // namespace

Result<Value> parse(std::string_view text) {
    if (text.size() > limits::json_bytes_max) {
        return Error{ErrorCode::too_large, "",
                     msg("json.too_long", {{"limit", std::to_string(limits::json_bytes_max)}})};
    }
    // The lexer would skip a byte order mark, and take a NUL for the end of the text.
    if (text.starts_with("\xef\xbb\xbf")) return malformed_at(text, 0);
    if (const auto nul = text.find('\0'); nul != text.npos) return malformed_at(text, nul + 1);

    Builder builder(text);
    const bool complete = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
    return std::move(builder).finish(complete);
}

}  // namespace egret::json
