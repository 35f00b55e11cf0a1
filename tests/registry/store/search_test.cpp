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

    TEST_CASE_FIXTURE(SearchFixture, "a name or number of before finds her, and is told as that") {
        const auto change = [&](std::uint8_t n, const char* name, const char* phone) {
            DemographicsChange said;
            if (*name) said.who.names.push_back({NameUse::official, name, {}});
            if (*phone) said.who.phones.emplace_back(phone);
            return say(fact("2026-02-01", said), woman(n)).uid;
        };
        const auto former = [&](std::uint8_t n, std::string_view typed) -> std::string {
            const auto found = search.former_of(woman(n), typed);
            if (!found) return "";
            return (found->is_name ? "name " : "phone ") + found->text;
        };
        add(1, "郑玲", "CARD-1", "13800138042");
        CHECK(former(1, "郑玲") == "");
        const auto renamed = change(1, "郑改", "");
        CHECK(find("郑改") == Hits{1});
        for (const char* typed : {"郑玲", "玲", "zhengling", "zl"}) {
            CAPTURE(typed);
            CHECK(find(typed) == Hits{1});
            CHECK(former(1, typed) == "name 郑玲");
        }
        for (const char* typed : {"郑", "郑改", "zheng", "card", "8042"}) {
            CAPTURE(typed);
            CHECK(find(typed) == Hits{1});
            CHECK(former(1, typed) == "");
        }
        change(1, "", "+8613900001111");
        CHECK(find("8042") == Hits{1});
        CHECK(former(1, "13800138042") == "phone 13800138042");
        CHECK(former(1, "1111") == "");
        // Back again, she has it now.
        change(1, "", "13800138042");
        CHECK(former(1, "8042") == "");
        CHECK(former(1, "13900001111") == "phone +8613900001111");
        CHECK(former(2, "8042") == "");
        const auto before = tests::dump_projections(*db);
        NoProgress quiet;
        projector.rebuild(quiet);
        CHECK(tests::dump_projections(*db) == before);
        // What nobody should have said she never had.
        say(fact("2026-03-01", VoidFact{renamed}), woman(1));
        CHECK(find("郑改").empty());
        CHECK(former(1, "郑玲") == "");
    }

    TEST_CASE_FIXTURE(SearchFixture,
                      "a corrected name was never hers, that of a linked record is") {
        Register wrong;
        wrong.who.names.push_back({NameUse::official, "王晓丽", {}});
        const auto first = say(fact("2026-01-01", wrong), woman(1));
        auto right = wrong;
        right.who.names.front().text = "王小丽";
        say(fact("2026-02-01", Correct{first.uid, {fact("2026-01-01", right)}}), woman(1));
        CHECK(find("王晓丽").empty());
        CHECK(tests::dump_table(*db, "search_source").find("王晓丽") == std::string::npos);
        CHECK(find("王小丽") == Hits{1});
        add(2, "王小莉");
        say(fact("2026-03-01", Link{woman(2), "same"}), woman(1));
        CHECK(find("王小丽") == Hits{1});
        CHECK(find("王小莉") == Hits{1});
        CHECK(search.former_of(woman(1), "王小丽") == Former{true, "王小丽"});
        CHECK_FALSE(search.former_of(woman(1), "王小莉"));
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

    TEST_CASE_FIXTURE(SearchFixture, "two records that are one woman are found as one") {
        add(1, "王丽", "A1");
        add(2, "王莉", "B2");
        say(fact("2026-02-01", Link{woman(2), ""}), woman(1));
        CHECK(find("wang") == Hits{1});
        say(fact("2026-02-02", Unlink{woman(2)}), woman(1));
        CHECK(find("wang") == Hits{1, 2});
    }

    TEST_CASE("equal sources have equal terms, and a name as long as may be has bounded ones") {
        History history;
        auto& who = history.who;
        who.names.push_back({NameUse::official, std::string(limits::name_bytes_max, 'a'), {}});
        who.names.push_back({NameUse::alias, "two\nlines", {}});
        const auto source = search_source(history);
        CHECK(terms_of(source) == terms_of(source));
        CHECK(std::count(source.begin(), source.end(), '\n') == 2);
        for (const auto& term : terms_of(source)) CHECK(term.size() <= 33);
        CHECK(terms_of("").empty());
        CHECK(search_source({}).empty());
    }

    TEST_CASE("what was typed is looked for in the order of its worth") {
        const auto probes = probes_of("138");
        REQUIRE(probes.size() == 12);
        CHECK(probes[0] == Probe{TermKind::number, "138", true});
        CHECK(probes[1] == Probe{TermKind::barcode, "138", true});
        CHECK(probes[5] == Probe{TermKind::backwards, "831"});
        CHECK(probes_of("王").size() == 4);
        CHECK(Probe{TermKind::name, "王"}.lowest() == "a王");
    }

    TEST_CASE("a barcode that is typed by hand is found in capitals, too") {
        const auto has = [](const std::vector<Probe>& probes, const char* barcode) {
            return std::count(probes.begin(), probes.end(),
                              Probe{TermKind::barcode, barcode, true}) == 1;
        };
        CHECK(has(probes_of("b1001"), "B1001"));
        CHECK(has(probes_of("b1001"), "b1001"));  // Some labels have small letters.
        CHECK(has(probes_of("B1001"), "B1001"));
        CHECK_FALSE(has(probes_of("B1001"), "b1001"));
    }
}

}  // namespace
}  // namespace egret::store
