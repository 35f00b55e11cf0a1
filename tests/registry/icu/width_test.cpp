#include "registry/icu/width.h"

#include <doctest/doctest.h>

namespace egret::icu {
namespace {

TEST_SUITE("registry/icu/width") {
    TEST_CASE("wide characters take two columns, marks none") {
        CHECK(display_width("") == 0);
        CHECK(display_width("abc") == 3);
        CHECK(display_width("区县") == 4);
        CHECK(display_width("朝阳区 A") == 8);
        CHECK(display_width("Ａ１") == 4);
        CHECK(display_width("é") == 1);
        CHECK(display_width("e\u0301") == 1);
        CHECK(display_width("한") == 2);
        CHECK(display_width("\u1112\u1161\u11ab") == 2);
        CHECK(display_width("ﾃｽﾄ") == 3);
        CHECK(display_width("🐦") == 2);
        CHECK(display_width("a\u200b\n") == 1);
        CHECK(display_width("\xff\xfe") == 2);
    }

    TEST_CASE("padded cells of any script line up") {
        for (const char* cell : {"", "abc", "区县", "朝阳区", "é", "e\u0301"})
            CHECK(display_width(pad_to(cell, 8)) == 8);
        CHECK(pad_to("区县", 6) == "区县  ");
        CHECK(pad_to("区县", 2) == "区县");
    }

    TEST_CASE("a cut text fits and shows that it was cut") {
        CHECK(cut_to("朝阳区", 6) == "朝阳区");
        CHECK(cut_to("朝阳区", 5) == "朝阳…");
        CHECK(cut_to("朝阳区", 4) == "朝…");
        CHECK(cut_to("abc", 2) == "a…");
        CHECK(cut_to("abc", 1) == "…");
        CHECK(cut_to("abc", 0).empty());
    }
}

}  // namespace
}  // namespace egret::icu
