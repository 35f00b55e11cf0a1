#include "registry/icu/width.h"

#include "registry/base/text.h"

#include <unicode/uchar.h>

namespace egret::icu {
namespace {

std::size_t character_width(char32_t character) {
    const auto c = static_cast<UChar32>(character);
    switch (u_charType(c)) {
        case U_NON_SPACING_MARK:
        case U_ENCLOSING_MARK:
        case U_FORMAT_CHAR:
        case U_CONTROL_CHAR: return 0;
        default: break;
    }
    switch (u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE)) {
        case U_HST_VOWEL_JAMO:
        case U_HST_TRAILING_JAMO: return 0;  // Drawn into the block of the letter before.
        default: break;
    }
    switch (u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH)) {
        case U_EA_WIDE:
        case U_EA_FULLWIDTH: return 2;
        default: return 1;
    }
}

}  // namespace

std::size_t display_width(std::string_view text) {
    if (!is_utf8(text)) return text.size();
    std::size_t width = 0;
    for (const auto c : to_code_points(text)) width += character_width(c);
    return width;
}

std::string pad_to(std::string_view text, std::size_t columns) {
    std::string padded(text);
    const auto width = display_width(text);
    if (width < columns) padded.append(columns - width, ' ');
    return padded;
}

std::string cut_to(std::string_view text, std::size_t columns) {
    if (display_width(text) <= columns) return std::string(text);
    if (columns == 0) return {};
    if (!is_utf8(text)) return std::string(text.substr(0, columns));
    std::u32string kept;
    std::size_t width = 1;  // The ellipsis.
    for (const auto c : to_code_points(text)) {
        width += character_width(c);
        if (width > columns) break;
        kept += c;
    }
    return to_utf8(kept + U'…');
}

}  // namespace egret::icu
