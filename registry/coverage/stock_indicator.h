#pragma once

#include "registry/domain/both_languages.h"
#include "registry/domain/stock_figures.h"

#include <string>
#include <string_view>
#include <vector>

namespace egret::coverage {

/// What a figure of vaccine stock means. It counts doses, days and sites of facilities, not women:
/// it is summed up from their books (registry/store/stock_answer.h) and is in no cube.
struct StockIndicator {
    std::string id;
    std::string version;
    BothLanguages title;
    BothLanguages description;
    BothLanguages source;
    BothLanguages denominator_text;  // Of what, in a few words.
    BothLanguages numerator_text;    // Which of these.
    StockMeasure measure = StockMeasure::closed_vial_wastage;

    friend bool operator==(const StockIndicator&, const StockIndicator&) = default;
};

/// Those that the program carries, by id: one for each measure.
const std::vector<StockIndicator>& known_stock_indicators();

/// One of known_stock_indicators(), which lives as long as the program; null if there is none.
const StockIndicator* find_stock_indicator(std::string_view id);

}  // namespace egret::coverage
