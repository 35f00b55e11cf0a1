#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/wipe.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace egret::keys {

/// What stands on the recovery sheet, and opens the registry when a PIN or this machine's secret
/// is lost: 140 bits of chance in seven groups of four characters (Crockford's base 32), and an
/// eighth that tells most slips of the pen.
class RecoveryCode {
public:
    static constexpr std::size_t group_count = 8;
    static constexpr std::size_t group_characters = 4;

    static RecoveryCode make(Random& random);

    /// Takes lower case, O for 0, I and L for 1, characters of full width, and hyphens, dots and
    /// spaces wherever they are.
    /// Errors: invalid_input, field "code", if there are too many or too few characters or one that
    /// no code has, or the eighth group doesn't fit; names the group where one slip would explain
    /// it.
    static Result<RecoveryCode> parse(std::string_view typed);

    /// "K7QF-3MZD-…", for the sheet and for nothing else.
    std::string text() const;
    /// In two lines of groups, as it is printed, so that a finger keeps its place.
    std::string lines() const;
    /// One of the groups, from 0.
    std::string group(std::size_t number) const;
    /// Whether that group was typed, as forgivingly as parse() reads.
    bool is_group(std::size_t number, std::string_view typed) const;

    /// What the key that it opens is derived from.
    ByteView secret() const noexcept { return secret_.view(); }

private:
    explicit RecoveryCode(crypto::Secret secret) : secret_(std::move(secret)) {}

    crypto::Secret secret_;  // 18 bytes, of which the last four bits are 0.
};

}  // namespace egret::keys
