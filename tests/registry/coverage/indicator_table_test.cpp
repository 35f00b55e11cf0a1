// docs/indicators.md says what the files say.

#include "registry/coverage/indicator.h"
#include "registry/coverage/stock_indicator.h"
#include "registry/store/series_days.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace egret::coverage {
namespace {

std::string row_of(const Indicator& indicator, bool in_chinese) {
    const auto text = [&](const BothLanguages& texts) { return in_chinese ? texts.zh : texts.en; };
    const auto protocols = store::protocol_versions_of(indicator);
    std::string doses = "–";
    if (indicator.doses == DosesCounted::any) doses = in_chinese ? "任何" : "any";
    if (indicator.doses == DosesCounted::valid)
        doses = (in_chinese ? "有效：" : "valid: ") + protocols;
    return "| `" + indicator.id + "` " + indicator.version + " | " + text(indicator.title) + " | " +
           doses + " | " + text(indicator.numerator_text) + " | " +
           text(indicator.denominator_text) + " | " + text(indicator.source) + " |";
}

std::string measure_of(const Indicator& indicator, bool in_chinese) {
    const auto bounds = [&](const std::optional<Bounds>& of) {
        std::string text;
        const auto number = [](int tenths) {
            auto shown = std::to_string(tenths / 10);
            if (tenths % 10 != 0) shown += "." + std::to_string(tenths % 10);
            return shown;
        };
        if (of && of->from_tenths && of->to_tenths)
            text = number(*of->from_tenths) + "–" + number(*of->to_tenths);
        else if (of)
            text =
                of->from_tenths ? "≥ " + number(*of->from_tenths) : "≤ " + number(*of->to_tenths);
        return text.empty() || indicator.per != 100 ? text : text + " %";
    };
    std::string text;
    const auto add = [&](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
    if (indicator.counts == Counts::times)
        add(indicator.unit == TimeUnit::days ? (in_chinese ? "天" : "days")
                                             : (in_chinese ? "年" : "years"));
    if (indicator.per == 100'000) add(in_chinese ? "每10万" : "per 100,000");
    if (indicator.per == 1) add(in_chinese ? "比值" : "ratio");
    if (indicator.target) add((in_chinese ? "目标" : "target ") + bounds(indicator.target));
    if (indicator.reference)
        add((in_chinese ? "参考" : "reference ") + bounds(indicator.reference));
    if (indicator.cases->documented_by) add(in_chinese ? "三分" : "in three");
    return text.empty() ? "–" : text;
}

std::string row_of_cases(const Indicator& indicator, bool in_chinese) {
    const auto text = [&](const BothLanguages& texts) { return in_chinese ? texts.zh : texts.en; };
    return "| `" + indicator.id + "` " + indicator.version + " | " + text(indicator.title) + " | " +
           text(indicator.numerator_text) + " | " + text(indicator.denominator_text) + " | " +
           measure_of(indicator, in_chinese) + " | " + text(indicator.source) + " |";
}

std::string row_of(const StockIndicator& indicator, bool in_chinese) {
    const auto text = [&](const BothLanguages& texts) { return in_chinese ? texts.zh : texts.en; };
    return "| `" + indicator.id + "` " + indicator.version + " | " + text(indicator.title) + " | " +
           text(indicator.numerator_text) + " | " + text(indicator.denominator_text) + " | " +
           text(indicator.source) + " |";
}

TEST_SUITE("registry/coverage/indicator_table") {
    TEST_CASE("docs/indicators.md has a row in both languages for each indicator, and no other") {
        std::vector<std::string> expected;
        for (const bool in_chinese : {false, true}) {
            for (const auto& indicator : known_indicators()) {
                if (indicator.counts == Counts::women)
                    expected.push_back(row_of(indicator, in_chinese));
            }
            for (const auto& indicator : known_indicators()) {
                if (indicator.counts != Counts::women)
                    expected.push_back(row_of_cases(indicator, in_chinese));
            }
            for (const auto& indicator : known_stock_indicators())
                expected.push_back(row_of(indicator, in_chinese));
        }
        std::vector<std::string> found;
        std::ifstream file(EGRET_SOURCE_DIR "/docs/indicators.md");
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("| `")) found.push_back(line);
        }
        std::string rows;
        for (const auto& row : expected) rows += row + "\n";
        INFO("the rows as they should be:\n", rows);
        CHECK(found == expected);
    }

    TEST_CASE("the program carries every file of schemas/indicators") {
        const std::filesystem::directory_iterator files(EGRET_SOURCE_DIR "/schemas/indicators");
        const auto count = std::distance(begin(files), end(files));
        CHECK(static_cast<std::size_t>(count) ==
              known_indicators().size() + known_stock_indicators().size());
    }
}

}  // namespace
}  // namespace egret::coverage
