#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace egret::icu {

/// How many columns of a terminal a text takes: two for a wide or full-width character (王), none
/// for a combining mark or a control character, one for any other. A byte that is not UTF-8 takes
/// one.
std::size_t display_width(std::string_view text);

/// The text and as many spaces as fill `columns`; never cut.
std::string pad_to(std::string_view text, std::size_t columns);

/// The text, or as much of it as fits `columns` with a "…" at its end.
std::string cut_to(std::string_view text, std::size_t columns);

}  // namespace egret::icu
