#include "registry/coverage/stock_indicator.h"

#include "registry/coverage/indicator.h"
#include "registry/coverage/indicator_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>

namespace egret::coverage {
namespace {

const std::string sound_stock = R"({"id":"stock-a","version":"2","kind":"stock",
"measure":"open_vial_wastage","title":{"zh":"一","en":"One"},"description":{"zh":"二","en":"Two"},
"source":{"zh":"三","en":"Three"},"denominator":{"zh":"四","en":"Four"},
"numerator":{"zh":"五","en":"Five"}})";

std::string stock_changed(const std::string& from, const std::string& to) {
    auto text = sound_stock;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

TEST_SUITE("registry/coverage/stock_indicator") {
    TEST_CASE("every member of a definition of stock is read") {
        const auto read = parse_stock_indicator(sound_stock);
        REQUIRE(read);
        const StockIndicator expected{"stock-a",       "2",
                                      {"一", "One"},   {"二", "Two"},
                                      {"三", "Three"}, {"四", "Four"},
                                      {"五", "Five"},  StockMeasure::open_vial_wastage};
        CHECK(*read == expected);
    }

    TEST_CASE("what is wrong in it is refused, and the path says where") {
        const std::pair<std::string, std::string> cases[] = {
            {stock_changed("\"stock-a\"", "\"Stock\""), "id"},
            {stock_changed("\"version\":\"2\",", ""), "version"},
            {stock_changed("\"kind\":\"stock\",", ""), "kind"},
            {stock_changed("\"kind\":\"stock\"", "\"kind\":\"coverage\""), "kind"},
            {stock_changed("open_vial_wastage", "vials"), "measure"},
            {stock_changed("\"measure\"", "\"measures\""), "measures"},
            {stock_changed(",\"en\":\"One\"", ""), "title.en"},
            {stock_changed("\"zh\":\"二\"", "\"zh\":\"\""), "description.zh"},
            {stock_changed("\"en\":\"Three\"", "\"en\":\"Three\",\"fr\":\"Trois\""), "source.fr"},
            {stock_changed("{\"zh\":\"四\",\"en\":\"Four\"}", "\"Four\""), "denominator"},
            {stock_changed("\"en\":\"Five\"", "\"en\":5"), "numerator.en"},
            {stock_changed("\"kind\"", "\"doses\":\"any\",\"kind\""), "doses"},
        };
        for (const auto& one : cases) {
            const auto& path = one.second;
            CAPTURE(path);
            const auto read = parse_stock_indicator(one.first);
            REQUIRE_FALSE(read);
            CHECK(read.error().code == ErrorCode::invalid_input);
            CHECK(read.error().field == path);
        }
        CHECK_FALSE(parse_stock_indicator("{"));
        CHECK(parse_indicator(sound_stock).error().field == "kind");
    }

    TEST_CASE("the program carries one for each measure, and none of them is in the women's cube") {
        const auto& all = known_stock_indicators();
        CHECK(all.size() == CodeList<StockMeasure>::entries.size());
        for (const auto& entry : CodeList<StockMeasure>::entries) {
            CHECK(std::count_if(all.begin(), all.end(), [&](const StockIndicator& one) {
                      return one.measure == entry.first;
                  }) == 1);
        }
        for (const auto& indicator : all) {
            CHECK(find_stock_indicator(indicator.id) == &indicator);
            const auto asked = find_indicator(indicator.id);
            REQUIRE_FALSE(asked);
            CHECK(asked.error().message.id == "coverage.stock_indicator");
        }
        CHECK_FALSE(find_stock_indicator("hpv1-by-15"));
        CHECK(find_indicator("stock-out-day").error().message.arguments.at(0).second ==
              "stock-out-days");
    }
}

}  // namespace
}  // namespace egret::coverage
