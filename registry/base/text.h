#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret {

/// Lower-case hexadecimal.
std::string to_hex(ByteView bytes);
/// Empty if `text` is not an even number of hexadecimal digits.
std::optional<Bytes> from_hex(std::string_view text);

/// Crockford's base 32, upper case, most significant bit first; the last digit is filled with
/// zero bits.
std::string to_crockford(ByteView bytes);
/// The first `bit_count` bits (a multiple of 8 or not; the rest of the last byte is 0). Takes
/// lower case, O for 0, I and L for 1; ignores hyphens and spaces.
/// Errors: invalid_input, if a character is none of the alphabet or the length is wrong.
Result<Bytes> from_crockford(std::string_view text, std::size_t bit_count);

/// Well-formed UTF-8: no overlong form, no surrogate, nothing past U+10FFFF.
bool is_utf8(std::string_view text);
/// The code points of well-formed UTF-8.
std::u32string to_code_points(std::string_view text);
std::string to_utf8(std::u32string_view code_points);

/// Without ASCII white space at both ends.
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
/// The parts are of the text, which must outlive them.
template <std::same_as<std::string> Temporary>
std::vector<std::string_view> split(Temporary&& text, char separator) = delete;
/// ASCII letters only.
std::string to_lower(std::string_view text);
bool is_digits(std::string_view text);

/// The candidate that `word` was probably meant to be, or nothing: the nearest
/// (Damerau-Levenshtein, at most a third of its length), else the only one that begins with its
/// three or more bytes.
std::optional<std::string> did_you_mean(std::string_view word,
                                        const std::vector<std::string>& candidates);

}  // namespace egret
