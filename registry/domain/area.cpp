#include "registry/domain/area.h"

#include "registry/base/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace egret {
namespace {

/// How many digits of a code say a level, and how many its canonical form has.
struct AreaForm {
    std::size_t digits;
    std::size_t digits_canonical;
};

constexpr std::array<AreaForm, 5> area_forms = {{{2, 6}, {4, 6}, {6, 6}, {9, 9}, {12, 12}}};

constexpr auto province_codes = std::to_array<std::string_view>(
    {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34",
     "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52",
     "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"});

const AreaForm& form_of(AreaLevel level) { return area_forms[static_cast<std::size_t>(level)]; }

bool is_open(std::string_view digits) { return digits.find_first_not_of('0') == digits.npos; }

std::string canonical_form(std::string_view text, AreaLevel level) {
    std::string canonical(text.substr(0, form_of(level).digits));
    canonical.resize(form_of(level).digits_canonical, '0');
    return canonical;
}

AreaLevel level_of(std::string_view text) {
    auto level = AreaLevel::village;
    while (level != AreaLevel::province) {
        const auto wider = static_cast<AreaLevel>(static_cast<std::uint8_t>(level) - 1);
        const auto from = form_of(wider).digits;
        if (text.size() >= form_of(level).digits &&
            !is_open(text.substr(from, form_of(level).digits - from)))
            return level;
        level = wider;
    }
    return level;
}

}  // namespace

bool is_province_code(std::string_view digits) {
    return std::find(province_codes.begin(), province_codes.end(), digits) != province_codes.end();
}

std::string_view to_string(AreaLevel level) {
    switch (level) {
        case AreaLevel::province: return "province";
        case AreaLevel::city: return "city";
        case AreaLevel::district: return "district";
        case AreaLevel::town: return "town";
        case AreaLevel::village: return "village";
    }
    return {};
}

Result<AreaCode> AreaCode::parse(std::string_view text) {
    const Error wrong_shape{ErrorCode::invalid_input, "", msg("area.shape")};
    bool known_length = false;
    for (const auto& form : area_forms) known_length = known_length || text.size() == form.digits;
    if (!known_length || !is_digits(text) || text[0] == '0') return wrong_shape;

    // A district needs its city and a village its town. A town needs no district: some cities
    // have none.
    const auto level = level_of(text);
    if (level > AreaLevel::city && is_open(text.substr(2, 2))) return wrong_shape;
    if (level == AreaLevel::village && is_open(text.substr(6, 3))) return wrong_shape;
    return AreaCode(canonical_form(text, level));
}

Result<AreaCode> AreaCode::parse_known(std::string_view text) {
    auto area = parse(text);
    if (!area) return area;
    if (text.size() < form_of(AreaLevel::district).digits || !is_province_code(text.substr(0, 2)))
        return Error{ErrorCode::invalid_input, "", msg("area.unknown")};
    return area;
}

AreaLevel AreaCode::level() const noexcept { return level_of(text_); }

std::optional<AreaCode> AreaCode::at_level(AreaLevel wanted) const {
    if (wanted > level()) return std::nullopt;
    return AreaCode(canonical_form(text_, wanted));
}

bool AreaCode::within(const AreaCode& wider) const { return at_level(wider.level()) == wider; }

bool lies_in(std::string_view area, std::string_view wider) {
    const auto inner = AreaCode::parse(area);
    const auto outer = AreaCode::parse(wider);
    return inner && outer && inner->within(*outer);
}

}  // namespace egret
