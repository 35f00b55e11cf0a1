#include "registry/store/search.h"

#include "registry/base/limits.h"
#include "registry/store/search_terms.h"
#include "tests/support/projected_registry.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace egret::store {
namespace {

using tests::fact;
using tests::woman;

struct SearchFixture : tests::ProjectedRegistry {
    Search search{*db};
    bool has_more = false;  // Of the last find().

    void add(std::uint8_t n, std::string_view name, std::string_view number = "",
             std::string_view phone = "") {
        Register made;
        made.who.names.push_back({NameUse::official, std::string(name), {}});
        if (!number.empty()) {
            made.who.identifiers.push_back(
                {IdentifierKind::programme_card, std::string(number), {}});
        }
        if (!phone.empty()) made.who.phones.emplace_back(phone);
        say(fact("2026-01-01", made), woman(n));
    }

    /// The last bytes of the ids that are found, in their order.
    std::vector<int> find(std::string_view typed, std::size_t rows_max = 20) {
        std::vector<int> found;
        const auto hits = search.find(typed, rows_max);
        has_more = hits.has_more;
        for (const auto& row : hits.rows) found.push_back(row.id.bytes[15]);
        return found;
    }
};

using Hits = std::vector<int>;

TEST_SUITE("registry/store/search") {
    TEST_CASE_FIXTURE(SearchFixture, "one box finds a woman by anything that names her") {
        add(1, "王小丽", "CARD-0042", "13800138042");
        add(2, "李娜", "X99", "+8613911112222");
        for (const char* typed : {"王小丽",        "王",
                                  "小丽",          "丽",
                                  "wang xiao li",  "wangxiaoli",
                                  "wang",          "Xiao Li",
                                  "xiaoli",        "li xiao wang is not she",
                                  "wxl",           "xl",
                                  "CARD-0042",     "card0042",
                                  "card-00",       "0042",
                                  "13800138042",   "138 0013",
                                  "138-0013-8042", "8042",
                                  "042",           "王 小丽",
                                  "ＣＡＲＤ"}) {
            CAPTURE(typed);
            const auto found = find(typed);
            const bool is_nobody = std::string_view(typed).starts_with("li xiao wang");
            CHECK((std::find(found.begin(), found.end(), 1) != found.end()) != is_nobody);
        }
        for (const char* typed : {"139", "8613911", "+8613911", "2222", "x9", "ln", "lina"}) {
            CAPTURE(typed);
            CHECK(find(typed) == Hits{2});
        }
    }

    TEST_CASE_FIXTURE(SearchFixture, "u with dots is found as v, as u and as it is") {
        add(1, "吕布");
        for (const char* typed : {"lvbu", "lubu", "lv", "lü", "LÜ BU", "lb", "吕"}) {
            CAPTURE(typed);
            CHECK(find(typed) == Hits{1});
        }
    }

    TEST_CASE_FIXTURE(SearchFixture, "a surname is found by its own reading") {
        add(1, "单雪");
        CHECK(find("shanxue") == Hits{1});
        CHECK(find("danxue") == Hits{1});
    }

    TEST_CASE_FIXTURE(SearchFixture,
                      "names of other scripts are found, whatever parts their words") {
        add(1, "Maria da Silva");
        add(2, "阿依古丽·买买提");
        add(3, "José Núñez");
        CHECK(find("silva") == Hits{1});
        CHECK(find("MARIA DA") == Hits{1});
        CHECK(find("ria") == Hits{1});
        CHECK(find("mds") == Hits{1});
        CHECK(find("阿依古丽买买提") == Hits{2});
        CHECK(find("古丽・买") == Hits{2});
        CHECK(find("jose nunez") == Hits{3});
        CHECK(find("Núñez") == Hits{3});
    }

    TEST_CASE_FIXTURE(SearchFixture,
                      "the exact hit stands first, then numbers, then names from their start") {
        add(1, "丽王");
        add(2, "王丽芳");
        add(3, "王丽");
        CHECK(find("王丽") == Hits{3, 2});
        CHECK(find("王") == Hits{3, 2, 1});
        add(4, "陈静", "77", "7700001");
        add(5, "陈敏", "770", "13000077");
        CHECK(find("77") == Hits{4, 5});
        CHECK(find("770") == Hits{5, 4});
    }

    TEST_CASE_FIXTURE(SearchFixture, "the end of a number is looked for from three digits on") {
        add(1, "王丽", "", "13800138042");
        CHECK(find("42").empty());
        CHECK(find("042") == Hits{1});
    }

    TEST_CASE_FIXTURE(SearchFixture, "nothing typed finds nothing, and too much is no search") {
        add(1, "王丽");
        CHECK(find("").empty());
        CHECK(find("  ").empty());
        CHECK(find("·").empty());
        CHECK(find("\xff\xfe").empty());
        CHECK(find("%").empty());
        CHECK(find("王%").empty());
        CHECK(find(std::string(limits::search_text_bytes_max + 1, 'w')).empty());
    }

    TEST_CASE_FIXTURE(SearchFixture, "a search says whether there are more than it gives") {
        for (std::uint8_t n = 1; n <= 51; ++n) add(n, "王丽");
        CHECK(find("王丽", 100).size() == limits::search_rows_max);
        CHECK(has_more);
        find("王丽", 20);
        CHECK(has_more);
        add(52, "李梅", "77", "7700001");
        CHECK(find("77", 1) == Hits{52});
        CHECK_FALSE(has_more);  // Two terms of hers, and she is one.
        CHECK(find("李梅", 0).empty());
        CHECK(has_more);
        find("nobody");
        CHECK_FALSE(has_more);
    }

    TEST_CASE_FIXTURE(SearchFixture, "no more rows than asked for, none of them twice") {
        for (std::uint8_t n = 1; n <= 9; ++n) add(n, "李丽莉", "8" + std::to_string(n));
        CHECK(find("li", 5).size() == 5);
        auto all = find("l", 20);
        std::sort(all.begin(), all.end());
        CHECK(all == Hits{1, 2, 3, 4, 5, 6, 7, 8, 9});
        CHECK(find("l", 0).empty());
    }

    TEST_CASE_FIXTURE(SearchFixture,
                      "who has a new name or number is found by it, and not by the old") {
        add(1, "王丽", "A1", "13800138042");
        DemographicsChange change;
        change.who.names.push_back({NameUse::official, "陈静", {}});
        change.who.phones = {"13900000000"};
        say(fact("2026-02-01", change), woman(1));
        CHECK(find("王丽").empty());
        CHECK(find("8042").empty());
        CHECK(find("陈静") == Hits{1});
        CHECK(find("1390") == Hits{1});
        CHECK(find("A1") == Hits{1});
        CHECK(tests::dump_table(*db, "search_source").find("王丽") == std::string::npos);
    }

    TEST_CASE_FIXTURE(SearchFixture, "two records that are one woman are found as one") {
        add(1, "王丽", "A1");
        add(2, "王莉", "B2");
        say(fact("2026-02-01", Link{woman(2), ""}), woman(1));
        CHECK(find("wang") == Hits{1});
        say(fact("2026-02-02", Unlink{woman(2)}), woman(1));
        CHECK(find("wang") == Hits{1, 2});
    }

    TEST_CASE("equal sources have equal terms, and a name as long as may be has bounded ones") {
        Demographics who;
        who.names.push_back({NameUse::official, std::string(limits::name_bytes_max, 'a'), {}});
        who.names.push_back({NameUse::alias, "two\nlines", {}});
        const auto source = search_source(who);
        CHECK(terms_of(source) == terms_of(source));
        CHECK(std::count(source.begin(), source.end(), '\n') == 2);
        for (const auto& term : terms_of(source)) CHECK(term.size() <= 33);
        CHECK(terms_of("").empty());
        CHECK(search_source({}).empty());
    }

    TEST_CASE("what was typed is looked for in the order of its worth") {
        const auto probes = probes_of("138");
        REQUIRE(probes.size() == 11);
        CHECK(probes[0] == Probe{TermKind::number, "138", true});
        CHECK(probes[4] == Probe{TermKind::backwards, "831"});
        CHECK(probes_of("王").size() == 3);
        CHECK(Probe{TermKind::name, "王"}.lowest() == "a王");
    }
}

}  // namespace
}  // namespace egret::store
