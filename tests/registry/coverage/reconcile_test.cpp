#include "registry/coverage/reconcile.h"

#include "registry/base/random.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace egret::coverage {
namespace {

Decimal decimal(const std::string& text) {
    const auto read = parse_decimal(text);
    REQUIRE_MESSAGE(read, text);
    return *read;
}

std::string fault_of(const std::string& text) {
    const auto read = parse_decimal(text);
    return read ? "" : read.error().message.id;
}

Reconciled rate(std::int64_t numerator, std::int64_t denominator, std::int64_t unit,
                const std::string& printed) {
    return *reconcile_rate(numerator, denominator, unit, decimal(printed));
}

Reconciled sum(const std::vector<std::string>& parts, const std::string& printed) {
    std::vector<Decimal> all;
    for (const auto& part : parts) all.push_back(decimal(part));
    return *reconcile_sum(all, decimal(printed));
}

TEST_SUITE("registry/coverage/reconcile") {
    TEST_CASE("a number is read as it is printed, and printed as it was read") {
        for (const std::string text : {"0", "7", "2.71", "2.70", "0.03", "0.000001", "999999999999",
                                       "999999999999.999999"}) {
            CAPTURE(text);
            CHECK(decimal(text).to_string() == text);
        }
        CHECK(decimal("214,625").digits == 214'625);
        CHECK(decimal("1,000,000.50") == Decimal{100'000'050, 2});
        CHECK(decimal("007").to_string() == "7");
        CHECK(Decimal{-1, 2}.to_string() == "-0.01");
        CHECK(Decimal{-273, 0}.to_string() == "-273");
    }

    TEST_CASE("what is no number, or too long a one, is refused") {
        for (const std::string text : {"", "-1", "+1", "1.", ".5", "1.2.3", "1e3", "a", "1 000",
                                       ",1", "1,", "1,00", "1000,000", "1,,000", "2.7,1", "１２"}) {
            CAPTURE(text);
            CHECK(fault_of(text) == "published.no_number");
        }
        CHECK(fault_of("1000000000000") == "published.too_large");
        CHECK(fault_of("0.1234567") == "published.too_many_decimals");
    }

    TEST_CASE("units are known by their usual names") {
        CHECK(find_unit("%") == 100);
        CHECK(find_unit("‰") == 1000);
        CHECK(find_unit("/10k") == 10'000);
        CHECK(find_unit("/万") == 10'000);
        CHECK(find_unit("/100k") == 100'000);
        CHECK(find_unit("/10万") == 100'000);
        CHECK_FALSE(find_unit("").has_value());
        CHECK_FALSE(find_unit("percent").has_value());
    }

    TEST_CASE("a rate is rounded half up at as many decimals as were printed") {
        struct Row {
            std::int64_t numerator;
            std::int64_t denominator;
            std::int64_t unit;
            const char* printed;
            const char* expected;
            Verdict verdict;
        };
        // By long division on paper; what follows the printed decimals stands behind.
        const std::vector<Row> rows{
            {1, 3, 100, "33.3", "33.3", Verdict::equal},         // 33.33
            {2, 3, 100, "66.7", "66.7", Verdict::equal},         // 66.66
            {2, 3, 100, "66.6", "66.7", Verdict::truncated},     //
            {1, 8, 100, "12.5", "12.5", Verdict::equal},         // 12.5 exactly
            {1, 8, 100, "13", "13", Verdict::equal},             // A half goes up,
            {1, 8, 100, "12", "13", Verdict::truncated},         // and is not cut off,
            {3, 8, 100, "38", "38", Verdict::equal},             // nor rounded to the even: 37.5
            {3, 8, 100, "36", "38", Verdict::differs},           //
            {1, 16, 100, "6.25", "6.25", Verdict::equal},        // 6.25 exactly
            {1, 16, 100, "6.3", "6.3", Verdict::equal},          //
            {1, 16, 100, "6.2", "6.3", Verdict::truncated},      //
            {1, 7, 10'000, "1428.6", "1428.6", Verdict::equal},  // 1428.571
            {1, 7, 100'000, "14286", "14286", Verdict::equal},   // 14285.71
            {1, 7, 100'000, "14285", "14286", Verdict::truncated},
            {5, 1000, 100, "0.5", "0.5", Verdict::equal},
            {5, 1000, 100, "1", "1", Verdict::equal},  // 0.5
            {0, 40, 100, "0.00", "0.00", Verdict::equal},
            {0, 40, 100, "0.01", "0.00", Verdict::differs},
            {40, 40, 100, "100.0", "100.0", Verdict::equal},
            {50, 40, 100, "125.0", "125.0", Verdict::equal},  // More than all is not our question.
            {999, 1000, 100, "99.9", "99.9", Verdict::equal},
            {9996, 10'000, 100, "100.0", "100.0", Verdict::equal},     // 99.96
            {9996, 10'000, 100, "99.9", "100.0", Verdict::truncated},  //
            {2, 3, 100, "66.8", "66.7", Verdict::differs},
            {999'999'999'999, 1'000'000, 100, "99999999.9999", "99999999.9999", Verdict::equal},
        };
        for (const auto& row : rows) {
            CAPTURE(row.numerator);
            CAPTURE(row.denominator);
            CAPTURE(row.printed);
            const auto result = rate(row.numerator, row.denominator, row.unit, row.printed);
            CHECK(result.expected.to_string() == row.expected);
            CHECK(to_string(result.verdict) == to_string(row.verdict));
        }
        const auto cut_off = rate(2, 3, 100, "66.66");
        CHECK(cut_off.exact.to_string() == "66.66666");
        CHECK(cut_off.difference.to_string() == "-0.01");
        CHECK(rate(2, 3, 100, "70").difference.to_string() == "3");
    }

    TEST_CASE("rounding holds between its two bounds, whatever the numbers") {
        SeededRandom random(20261127);
        const auto below = [&](std::int64_t bound) {
            return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
        };
        const std::vector<std::int64_t> units{100, 1000, 10'000, 100'000};
        for (int i = 0; i < 20'000; ++i) {
            const std::int64_t denominator = 1 + below(i % 2 == 0 ? 64 : 300'000);
            const std::int64_t numerator = below(denominator + 1);
            const auto unit = units[random.below(units.size())];
            const int decimals = static_cast<int>(below(5));
            const auto result = reconcile_rate(numerator, denominator, unit, {0, decimals});
            REQUIRE(result);
            std::int64_t scaled = numerator * unit;
            for (int k = 0; k < decimals; ++k) scaled *= 10;
            const auto rounded = result->expected.digits;
            // rounded - 1/2 <= exact < rounded + 1/2, without a division.
            const bool holds = (2 * rounded - 1) * denominator <= 2 * scaled &&
                               2 * scaled < (2 * rounded + 1) * denominator;
            if (!holds) FAIL_CHECK(numerator << "/" << denominator << " " << decimals);
            const auto cut =
                reconcile_rate(numerator, denominator, unit, {scaled / denominator, decimals});
            const auto expected =
                rounded == scaled / denominator ? Verdict::equal : Verdict::truncated;
            if (cut->verdict != expected) FAIL_CHECK(numerator << "/" << denominator);
        }
    }

    TEST_CASE("a rate that can't be had is refused") {
        CHECK(reconcile_rate(1, 0, 100, {1, 0}).error().field == "denominator");
        CHECK(reconcile_rate(999'999'999'999, 1, 100, {1, 0}).error().message.id ==
              "published.too_large");
    }

    TEST_CASE("a total must be the sum of its parts") {
        CHECK(sum({"3", "4"}, "7").verdict == Verdict::equal);
        CHECK(sum({"3", "4"}, "7.0").verdict == Verdict::equal);
        CHECK(sum({"1.25", "2.5"}, "3.75").verdict == Verdict::equal);
        CHECK(sum({"1.25", "2.5"}, "3.8").difference.to_string() == "0.05");
        const auto differs = sum({"1,000", "200", "30"}, "1240");
        CHECK(differs.verdict == Verdict::differs);
        CHECK(differs.expected.to_string() == "1230");
        CHECK(differs.difference.to_string() == "10");
        CHECK(sum({"5", "5"}, "9").difference.to_string() == "-1");
        const auto large = decimal("999999999999.999999");
        CHECK(reconcile_sum({large, large}, large).error().message.id == "published.too_large");
    }
}

}  // namespace
}  // namespace egret::coverage
