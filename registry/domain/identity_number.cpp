#include "registry/domain/identity_number.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/domain/area.h"

#include <algorithm>
#include <array>

namespace egret {
namespace {

constexpr std::size_t resident_id_digits = 18;
constexpr std::size_t old_number_digits = 15;

// In place of a province, in the permits for residents of Taiwan, which are numbered alike.
constexpr std::string_view taiwan_permit = "83";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

std::string to_capitals(std::string_view text) {
    std::string capitals(text);
    for (auto& c : capitals) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return capitals;
}

/// 17 digits and a digit or X.
bool has_check_form(std::string_view text) {
    return text.size() == resident_id_digits && is_digits(text.substr(0, 17)) &&
           (is_digit(text[17]) || text[17] == 'X');
}

bool is_issuing_place(std::string_view number) {
    // A foreigner's permit has the province after the 9.
    const auto province = number.substr(number[0] == '9' ? 1 : 0, 2);
    return is_province_code(province) || province == taiwan_permit;
}

Result<Date> embedded_date(std::string_view number) {
    std::string iso(number.substr(6, 4));
    iso.append("-").append(number.substr(10, 2)).append("-").append(number.substr(12, 2));
    return Date::parse(iso);
}

bool is_passport(std::string_view text) {
    return text.size() >= 5 && text.size() <= 12 &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_digit(c) || is_capital(c); }) &&
           std::any_of(text.begin(), text.end(), is_digit);
}

bool is_printable_up_to(std::string_view text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool has_shape(IdentifierKind kind, std::string_view text) {
    switch (kind) {
        case IdentifierKind::resident_id: return has_check_form(text) && is_issuing_place(text);
        case IdentifierKind::passport: return is_passport(text);
        case IdentifierKind::birth_certificate:
            return text.size() == 10 && is_capital(text[0]) && is_digits(text.substr(1));
        case IdentifierKind::school_number:
            return !text.empty() && (text[0] == 'G' || text[0] == 'L' || text[0] == 'J') &&
                   has_check_form(text.substr(1));
        case IdentifierKind::programme_card: return is_printable_up_to(text, 32);
        case IdentifierKind::external: return is_printable_up_to(text, 64);
    }
    return false;
}

Error refused(Message message) { return {ErrorCode::invalid_input, "", std::move(message)}; }

}  // namespace

char resident_id_check(std::string_view digits) {
    EGRET_ENSURE(digits.size() == 17 && is_digits(digits));
    int sum = 0;
    for (const char c : digits) sum = (sum + (c - '0')) * 2 % 11;
    const int check = (12 - sum) % 11;
    return check == 10 ? 'X' : static_cast<char>('0' + check);
}

Result<IdentityNumber> IdentityNumber::parse(IdentifierKind kind, std::string_view text) {
    const bool kept_as_is =
        kind == IdentifierKind::programme_card || kind == IdentifierKind::external;
    auto number = kept_as_is ? std::string(trim(text)) : to_capitals(trim(text));

    const bool is_resident_id = kind == IdentifierKind::resident_id;
    if (is_resident_id && number.size() == old_number_digits && is_digits(number))
        return refused(msg("identity.old_number"));
    if (!has_shape(kind, number)) return refused(msg("identity.shape"));
    if (is_resident_id) {
        if (resident_id_check(std::string_view(number).substr(0, 17)) != number[17])
            return refused(msg("identity.check_digit"));
        if (!embedded_date(number)) return refused(msg("identity.birth_date"));
    }
    return IdentityNumber(kind, std::move(number));
}

std::optional<Date> IdentityNumber::birth_date() const {
    if (kind_ != IdentifierKind::resident_id) return std::nullopt;
    return *embedded_date(text_);
}

std::optional<Sex> IdentityNumber::sex() const {
    if (kind_ != IdentifierKind::resident_id) return std::nullopt;
    return (text_[16] - '0') % 2 == 1 ? Sex::male : Sex::female;
}

std::optional<std::string> IdentityNumber::area_code() const {
    if (kind_ != IdentifierKind::resident_id || text_[0] == '9') return std::nullopt;
    return text_.substr(0, 6);
}

}  // namespace egret
