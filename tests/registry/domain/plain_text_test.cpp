#include "registry/domain/plain_text.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

bool is_line(std::string_view text) {
    return static_cast<bool>(check_plain_text(text, Lines::one));
}

bool is_note(std::string_view text) {
    return static_cast<bool>(check_plain_text(text, Lines::many));
}

TEST_SUITE("registry/domain/plain_text") {
    TEST_CASE("names of every script that people here write pass") {
        for (const auto* name : {
                 "王小丽",
                 "欧阳　娜娜",       // With a wide space.
                 "\U00020BB7田𡈽",   // Rare characters beyond the first plane.
                 "葛\U000E0100城",   // A chosen form of a character.
                 "ئايگۈل مەھمۇت",    // Uyghur.
                 "Айгүл",            // Kazakh.
                 "می\u200Cخواهم",    // A non-joiner that Persian needs.
                 "བསྟན་འཛིན་སྒྲོལ་མ",     // Tibetan.
                 "ᠰᠠᠷᠠᠩᠭᠡᠷᠡᠯ",       // Mongolian,
                 "ᠠ\u180Bᠷ\u180Eᠠ",  // and its selectors.
                 "क्\u200Dष",         // A joiner that Devanagari needs.
                 "김민지",
                 "Nguyễn Thị Ánh",
                 "O\u2019Brien-Müller",
                 "e\u0301",
                 "👩\u200D👩\u200D👧\u200D👦 ❤\uFE0F 👍🏽 🇨🇳",
                 "🏳\uFE0F\u200D🌈",
                 "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F",
             }) {
            CAPTURE(name);
            CHECK(is_line(name));
            CHECK(is_note(name));
        }
        CHECK(is_line(""));
    }

    TEST_CASE("what can't be seen is refused in names and in notes") {
        for (const auto* text : {
                 "a\001b",
                 "a\x1b[2J",
                 "a\x7f",
                 "a\tb",
                 "a\rb",
                 "a\u0085b",
                 "a\u009bb",
                 "a\u00adb",
                 "王\u200b丽",
                 "王\ufeff",
                 "a\u2060b",
                 "a\u2063b",
                 "a\u3164",
                 "a\u2028b",
                 "a\u2029b",
                 // Direction.
                 "a\u202eb",
                 "a\u202ab",
                 "a\u2066b",
                 "a\u2069b",
                 "a\u200eb",
                 "a\u200f",
                 "a\u061cb",
                 // Joiners and selectors that have nothing to join and to select.
                 "王\u200d丽",
                 "a\u200cb",
                 "a\u200d",
                 "\u200d",
                 "👍\u200d",
                 "ئا\u200c",
                 "\ufe0f",
                 "a \ufe0f",
                 "葛\U000E0100\U000E0101",
                 "a\u180bb",
                 "a\U000E0067",
                 "a\uffff",
                 "a\ufffa",
                 // No UTF-8.
                 "a\xff",
                 "a\xc0\x80",
                 "\xed\xa0\x80",
             }) {
            CAPTURE(text);
            CHECK_FALSE(is_line(text));
            CHECK_FALSE(is_note(text));
        }
        CHECK_FALSE(is_line(std::string_view("a\0b", 3)));
    }

    TEST_CASE("only what may have lines has lines") {
        CHECK(is_note("腹痛。\n复诊。\n"));
        CHECK_FALSE(is_line("王\n丽"));
        CHECK(check_plain_text("a\nb", Lines::one).error().message == msg("plain_text.one_line"));
        CHECK(check_plain_text("a\tb", Lines::many).error().message ==
              msg("plain_text.hidden_character"));
    }
}

}  // namespace
}  // namespace egret
