#pragma once

#include "registry/base/date.h"
#include "registry/base/result.h"
#include "registry/domain/codes.h"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace egret {

/// A number that an authority gave a person. Well-formed for its kind, and in one spelling, so that
/// equal numbers are equal:
///
///   resident_id        GB 11643: area (6 digits), birth date (8), order (3, odd for men) and a
///   check
///                      character by ISO 7064 MOD 11-2, which may be X. Residence permits of people
///                      from Hong Kong, Macao and Taiwan (81, 82, 83) and of foreigners (9) are
///                      such.
///   passport           5 to 12 letters and digits, one digit at least
///   birth_certificate  a letter and 9 digits
///   school_number      G, L or J, then 17 digits and a digit or X
///   programme_card     up to 32 printable ASCII characters
///   external           up to 64 printable ASCII characters
///
/// Small letters become capitals, except in the last two, which are kept as they are. Full-width
/// characters are the caller's to fold.
class IdentityNumber {
public:
    /// Errors: invalid_input: "identity.shape"; and for a resident_id "identity.old_number" for the
    /// 15 digits of before 1999, "identity.check_digit", and "identity.birth_date" for a day that
    /// doesn't exist. None quotes `text`.
    static Result<IdentityNumber> parse(IdentifierKind kind, std::string_view text);

    IdentifierKind kind() const noexcept { return kind_; }

    const std::string& text() const noexcept { return text_; }

    /// What a resident_id says of its owner; nothing for the other kinds. The area is that of the
    /// first registration, six digits, and nothing for a foreigner's permit.
    std::optional<Date> birth_date() const;
    std::optional<Sex> sex() const;
    std::optional<std::string> area_code() const;

    friend auto operator<=>(const IdentityNumber&, const IdentityNumber&) = default;

private:
    IdentityNumber(IdentifierKind kind, std::string text) : kind_(kind), text_(std::move(text)) {}

    IdentifierKind kind_;
    std::string text_;
};

/// The check character of ISO 7064 MOD 11-2 for 17 digits: '0' to '9' or 'X'.
char resident_id_check(std::string_view digits);

}  // namespace egret
