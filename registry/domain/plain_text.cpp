#include "registry/domain/plain_text.h"

#include "registry/base/text.h"

#include <algorithm>
#include <array>

namespace egret {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t c) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

/// Unicode's categories Cc, Zl and Zp, and those of Cf and Default_Ignorable_Code_Point that no
/// name needs: bidirectional controls, zero-width spaces, fillers, noncharacters.
constexpr auto unseen = std::to_array<Range>({
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},  // Soft hyphen.
    {0x034F, 0x034F},                                          // Combining grapheme joiner.
    {0x061C, 0x061C},                                          // Arabic letter mark.
    {0x115F, 0x1160},                                          // Hangul fillers.
    {0x17B4, 0x17B5},   {0x200B, 0x200B},                      // Zero-width space.
    {0x200E, 0x200F},                                          // Marks of direction.
    {0x2028, 0x202E},  // Line and paragraph separators, embeddings and overrides.
    {0x2060, 0x206F},  // Word joiner, invisible operators, isolates.
    {0x3164, 0x3164},  // Hangul filler.
    {0xFEFF, 0xFEFF},  // Zero-width no-break space, or a byte order mark.
    {0xFFA0, 0xFFA0},  // Hangul filler.
    {0xFFF0, 0xFFFB},  // Among them the marks of annotations.
    {0xFFFE, 0xFFFF},   {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE001F}, {0xE0080, 0xE00FF}, {0xE01F0, 0xE0FFF},
});

/// Scripts whose letters a joiner or a non-joiner shapes.
constexpr auto joined_scripts = std::to_array<Range>({
    {0x0600, 0x08FF},  // Arabic with Uyghur and Kazakh, Syriac.
    {0x0900, 0x109F},  // Indic scripts, Thai, Tibetan, Myanmar.
    {0x1780, 0x18AF},  // Khmer, Mongolian.
    {0xA840, 0xA87F},  // Phags-pa.
    {0xFB50, 0xFDFF},
    {0xFE70, 0xFEFC},
});

constexpr auto emoji = std::to_array<Range>({
    {0x2190, 0x2BFF},
    {0x1F000, 0x1FAFF},
});

constexpr auto selectors = std::to_array<Range>({
    {0xFE00, 0xFE0F},
    {0xE0100, 0xE01EF},
});

constexpr auto mongolian_selectors = std::to_array<Range>({{0x180B, 0x180F}});
constexpr auto mongolian = std::to_array<Range>({{0x1800, 0x18AF}});
constexpr auto tags = std::to_array<Range>({{0xE0020, 0xE007F}});

constexpr char32_t non_joiner = 0x200C;
constexpr char32_t joiner = 0x200D;
constexpr char32_t black_flag = 0x1F3F4;
constexpr char32_t emoji_selector = 0xFE0F;

bool is_space(char32_t c) { return c == ' ' || c == 0x00A0 || c == 0x3000 || c == '\n'; }

/// Whether a joiner, a selector or a tag stands where it has something to do.
bool is_at_its_place(char32_t c, char32_t before, char32_t after) {
    const bool is_between_letters = is_in(joined_scripts, before) && is_in(joined_scripts, after);
    if (c == non_joiner) return is_between_letters;
    if (c == joiner) {
        const bool follows_emoji = is_in(emoji, before) || before == emoji_selector;
        return is_between_letters || (follows_emoji && is_in(emoji, after));
    }
    if (is_in(mongolian_selectors, c)) return is_in(mongolian, before);
    if (is_in(tags, c)) return before == black_flag || is_in(tags, before);
    return before != 0 && !is_space(before) && !is_in(selectors, before);
}

bool depends_on_place(char32_t c) {
    return c == joiner || c == non_joiner || is_in(selectors, c) || is_in(mongolian_selectors, c) ||
           is_in(tags, c);
}

bool is_plain(std::u32string_view text, Lines lines) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = text[i];
        if (c == '\n' && lines == Lines::many) continue;
        if (is_in(unseen, c)) return false;
        const auto before = i > 0 ? text[i - 1] : 0;
        const auto after = i + 1 < text.size() ? text[i + 1] : 0;
        if (depends_on_place(c) && !is_at_its_place(c, before, after)) return false;
    }
    return true;
}

}  // namespace

Result<Done> check_plain_text(std::string_view text, Lines lines) {
    if (is_utf8(text) && is_plain(to_code_points(text), lines)) return Done{};
    return Error{
        ErrorCode::invalid_input, "",
        lines == Lines::one ? msg("plain_text.one_line") : msg("plain_text.hidden_character")};
}

}  // namespace egret
