#include "cli/console/stock_words.h"

#include "registry/coverage/query.h"

namespace egret::console {

Result<StockPeriod> stock_period(const Parsed& parsed, Date today) {
    for (const std::string option : {"from", "to"}) {
        const auto day = parsed.find_day(option);
        if (day && *day > today)
            return Error{ErrorCode::invalid_input, "--" + option, msg("date.future")};
    }
    const auto to = parsed.find_day("to").value_or(today);
    const auto from = parsed.find_day("from").value_or(to.plus_years(-1).plus_days(1));
    if (to < from) return Error{ErrorCode::invalid_input, "--to", msg("export.days_turned")};
    return StockPeriod{from, to};
}

std::optional<std::string> percent_of(const StockShare& share) {
    return coverage::Figure{share.part, share.of}.percent();
}

std::string share_text(const StockShare& share) {
    const auto percent = percent_of(share);
    return std::to_string(share.part) + "/" + std::to_string(share.of) +
           (percent ? " (" + *percent + "%)" : "");
}

}  // namespace egret::console
