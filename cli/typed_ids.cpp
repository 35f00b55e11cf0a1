#include "cli/typed_ids.h"

#include "registry/service/look_up.h"

#include <algorithm>
#include <string_view>

namespace egret::cli {
namespace {

// As many as say, in the ids made here, within a minute when she was registered.
constexpr std::size_t digits_min = 8;
constexpr std::size_t digits_of_id = 32;

/// The digits of an id or of its beginning. Empty if it is neither.
std::string digits_typed(std::string_view typed) {
    std::string digits;
    for (const char c : typed) {
        if (c == '-') continue;
        const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        if (std::string_view("0123456789abcdef").find(lower) == std::string_view::npos) return {};
        digits += lower;
    }
    return digits.size() < digits_min || digits.size() > digits_of_id ? "" : digits;
}

}  // namespace

Result<WomanId> read_woman_id(service::Clinic& clinic, const std::string& typed,
                              const char* field) {
    const auto digits = digits_typed(typed);
    if (digits.size() == digits_of_id) {
        if (const auto id = WomanId::parse(digits); id && !id->is_nil()) return *id;
    }
    if (digits.empty() || digits.size() == digits_of_id)
        return Error{ErrorCode::invalid_input, field, msg("woman.bad_id")};
    const auto found = clinic.women().with_beginning(digits, 2);
    if (found.empty()) return Error{ErrorCode::not_found, field, msg("woman.unknown")};
    if (found.size() > 1) return Error{ErrorCode::conflict, field, msg("woman.id_of_several")};
    return found.front();
}

Result<History> view_woman(service::Clinic& clinic, const std::string& typed, const char* field,
                           audit::Shown shown) {
    const auto id = read_woman_id(clinic, typed, field);
    if (!id) return id.error();
    auto history = service::view_woman(clinic, clinic.caller(), *id, shown);
    if (!history) return std::move(history).error().within(field);
    return history;
}

std::string short_id(service::Clinic& clinic, const WomanId& woman) {
    const auto digits = std::max(digits_min, clinic.women().telling_digits(woman));
    const auto whole = woman.to_string();
    std::size_t shown = 0;
    for (std::size_t taken = 0; taken < digits && shown < whole.size(); ++shown) {
        if (whole[shown] != '-') ++taken;
    }
    return whole.substr(0, shown);
}

Result<EventUid> parse_event_uid(const std::string& typed) {
    const auto uid = EventUid::parse(typed);
    if (!uid || uid->is_nil()) return Error{ErrorCode::invalid_input, "EVENT", msg("event.bad_id")};
    return *uid;
}

}  // namespace egret::cli
