#include "registry/icu/fold.h"

#include <doctest/doctest.h>

namespace egret::icu {
namespace {

TEST_SUITE("registry/icu/fold") {
    TEST_CASE("full-width letters and digits are found by plain ones") {
        CHECK(fold("Ｗａｎｇ　１２３") == "wang 123");
        CHECK(fold("３５０２００１９８５０３０４１２３Ｘ") == "35020019850304123x");
    }

    TEST_CASE("case goes, accents stay") {
        CHECK(fold("ÉLODIE Straße") == "élodie strasse");
        CHECK(fold("e\u0301") == "é");
    }

    TEST_CASE("white space of any kind becomes one space, and none at the ends") {
        CHECK(fold(" \t王\u3000\u00a0\n小丽 ") == "王 小丽");
        CHECK(fold("   ").empty());
    }

    TEST_CASE("invisible characters go") { CHECK(fold("王\u200b小\ufeff丽") == "王小丽"); }

    TEST_CASE("folding twice changes nothing") {
        for (const char* text : {"Ｗａｎｇ　Xiǎo", "ǅ ﬁ ½ ㎏", "ΐΣς", "İstanbul", "¨ a", "王 🐦"}) {
            CAPTURE(text);
            CHECK(fold(fold(text)) == fold(text));
        }
    }

    TEST_CASE("what is not UTF-8 folds to nothing") {
        CHECK(fold("a\xff").empty());
        CHECK(fold("\xe7\x8e").empty());
        CHECK(fold("").empty());
    }
}

}  // namespace
}  // namespace egret::icu
