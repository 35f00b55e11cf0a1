#include "registry/icu/romanise.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret::icu {
namespace {

/// Every spaced form, in order, with "|" between.
std::string spaced(std::string_view name) {
    std::string all;
    for (const auto& reading : romanise(name)) {
        if (!all.empty()) all += '|';
        all += reading.spaced;
    }
    return all;
}

TEST_SUITE("registry/icu/romanise") {
    TEST_CASE("a Han name is read in all three forms") {
        CHECK(romanise("王小丽") == std::vector<Romanised>{{"wang xiao li", "wangxiaoli", "wxl"}});
        CHECK(romanise("欧阳娜娜") ==
              std::vector<Romanised>{{"ou yang na na", "ouyangnana", "oynn"}});
    }

    TEST_CASE("names are put in order by their reading, and families stay together") {
        std::vector<std::string> names = {"郑燕", "欧阳娜", "黎安",   "何静", "李安", "陈雨",
                                          "黎波", "李成",   "单小红", "曾丽", "Anna", "沈一"};
        std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
            return reading_order(a) < reading_order(b);
        });
        CHECK(names == std::vector<std::string>{"Anna", "陈雨", "何静", "李安", "李成", "黎安",
                                                "黎波", "欧阳娜", "单小红", "沈一", "曾丽",
                                                "郑燕"});
        CHECK(reading_order("") == "");
    }

    TEST_CASE("a surname is read as one, and also as the plain word") {
        CHECK(spaced("单雄信") == "shan xiong xin|dan xiong xin");
        CHECK(spaced("曾小红") == "zeng xiao hong|ceng xiao hong");
        CHECK(spaced("仇英") == "qiu ying|chou ying");
        CHECK(spaced("区丽") == "ou li|qu li");
        CHECK(spaced("解缙") == "xie jin|jie jin");
        CHECK(spaced("查良镛") == "zha liang yong|cha liang yong");
    }

    TEST_CASE("ü is found as v and as u") {
        CHECK(spaced("吕布") == "lv bu|lu bu");
        CHECK(spaced("女") == "nv|nu");
        CHECK(romanise("吕")[0] == Romanised{"lv", "lv", "l"});
        CHECK(spaced("Müller") == "muller");
    }

    TEST_CASE("Latin names lose case and accents") {
        CHECK(spaced("Nguyễn Thị Hạnh") == "nguyen thi hanh");
        CHECK(spaced("Wanjikũ Ødegård-Łuk") == "wanjiku odegard luk");
        CHECK(spaced("O'Neil") == "oneil");
        CHECK(spaced("O’Neil") == "oneil");
        CHECK(romanise("Anna Maria") == std::vector<Romanised>{{"anna maria", "annamaria", "am"}});
    }

    TEST_CASE("scripts may be mixed in one name") {
        CHECK(romanise("王Anna") == std::vector<Romanised>{{"wang anna", "wanganna", "wa"}});
        CHECK(spaced("Ａｎｎａ王") == "anna wang");
        CHECK(romanise("买买提·吐尔逊")[0] == Romanised{"mai mai ti tu er xun",
                                                        "maimaititu"
                                                        "erxun",
                                                        "mmttex"});
        CHECK(spaced("Анна") == "anna");
    }

    TEST_CASE("every form is of a to z and 0 to 9") {
        for (const char* name : {"王。小！丽3", "ﾃｽﾄ", "ئايگۈل", "김영희", "𠀀㐀", "Zoë_9"}) {
            CAPTURE(name);
            const auto readings = romanise(name);
            CHECK_FALSE(readings.empty());
            for (const auto& reading : readings) {
                CHECK(std::all_of(reading.joined.begin(), reading.joined.end(), [](char c) {
                    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                }));
            }
        }
    }

    TEST_CASE("no letter, no reading") {
        for (const char* name : {"", "   ", "·", "🐦", "བཀྲ་ཤིས", "\xff", "王\xe7\x8e"}) {
            CAPTURE(name);
            CHECK(romanise(name).empty());
        }
    }
}

}  // namespace
}  // namespace egret::icu
