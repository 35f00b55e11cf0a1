#include "registry/service/stock_warnings.h"

#include "registry/rules/vaccine.h"

#include <algorithm>
#include <limits>
#include <string>

namespace egret::service {
namespace {

constexpr Date after_all_days = Date::from_days(std::numeric_limits<std::int32_t>::max());

std::string amount_text(std::int64_t number) { return std::to_string(number); }

/// For whoever is about to give a dose.
Warning dose_warning(LotState state) {
    switch (state) {
        case LotState::substandard: return {"lot_substandard", msg("warning.lot_substandard")};
        case LotState::recalled: return {"lot_recalled", msg("warning.lot_recalled")};
        case LotState::quarantine: return {"lot_quarantined", msg("warning.lot_quarantined")};
        case LotState::expired:
        case LotState::usable: break;
    }
    return {"lot_expired", msg("warning.lot_expired")};
}

/// For whoever puts the lot on a shelf, or takes it off.
Warning shelf_warning(LotState state) {
    if (state == LotState::substandard) return {"lot_substandard", msg("stock.substandard_moves")};
    if (state == LotState::expired) return {"lot_expired", msg("stock.expired_moves")};
    return dose_warning(state);
}

const LotBalance* find_lot(const std::vector<LotBalance>& lots, const std::string& product,
                           const std::string& key) {
    const auto found = std::find_if(lots.begin(), lots.end(), [&](const LotBalance& lot) {
        return lot.product == product && lot_key(lot.lot) == key;
    });
    return found == lots.end() ? nullptr : &*found;
}

std::optional<PartialDate> expiry_of(const StockBook& book, const std::string& product,
                                     const std::string& key) {
    const auto lots = book.lots(after_all_days);
    const auto* lot = find_lot(lots, product, key);
    return lot ? lot->expires_on : std::nullopt;
}

/// Of one product's lot, in their order.
std::vector<StockLine> moves_of(const StockBook& book, const std::string& product,
                                const std::string& key) {
    auto lines = book.lines(key);
    std::erase_if(lines, [&](const StockLine& line) {
        return line.decision || !line.is_placed || line.product != product;
    });
    return lines;
}

void warn_of_line(const StockLine& line, bool is_first, std::vector<Warning>& warnings) {
    if (line.action == StockAction::count && line.difference != 0 && !is_first) {
        warnings.push_back(
            {"count_differs", msg("warning.count_differs",
                                  {{"reckoned", amount_text(line.quantity - line.difference)},
                                   {"counted", amount_text(line.quantity)}})});
    }
    if (line.balance < 0 && line.action != StockAction::receipt)
        warnings.push_back({"stock_negative", msg("warning.stock_negative")});
    if (line.action == StockAction::receipt && line.session && line.from_session < line.quantity) {
        warnings.push_back({"more_back_than_out",
                            msg("warning.more_back_than_out",
                                {{"out", amount_text(line.from_session)},
                                 {"more", amount_text(line.quantity - line.from_session)}})});
    }
}

void warn_of_day(const StockLine& line, const StockLine& other, std::vector<Warning>& warnings) {
    if (other.action == StockAction::count && line.action != StockAction::count) {
        warnings.push_back({"counted_that_day", msg("warning.counted_that_day",
                                                    {{"counted", amount_text(other.quantity)},
                                                     {"event", other.uid.to_string()}})});
    }
    if (line.action == StockAction::receipt && other.action == StockAction::receipt &&
        line.quantity == other.quantity && line.session == other.session) {
        warnings.push_back(
            {"receipt_twice", msg("warning.receipt_twice", {{"event", other.uid.to_string()}})});
    }
}

/// Either may be the other, named less exactly.
bool may_be_same(const std::string& one, const std::string& other) {
    const auto* vaccine = rules::find_vaccine(one);
    const auto* as_said = rules::find_vaccine(other);
    return vaccine && as_said && (vaccine->is_a(other) || as_said->is_a(one));
}

void warn_of_product(const StockBook& book, const std::string& key, const Dose& dose,
                     std::vector<Warning>& warnings) {
    std::string others;
    for (const auto& product : book.products_of(key)) {
        if (may_be_same(product, dose.product)) return;
        others += (others.empty() ? "" : ", ") + product;
    }
    if (others.empty() || dose.product.empty()) return;
    warnings.push_back({"dose_of_other_product", msg("warning.dose_of_other_product",
                                                     {{"lot", dose.lot}, {"products", others}})});
}

}  // namespace

std::vector<Warning> movement_warnings(const StockBook& before, const StockBook& after,
                                       const EventUid& uid, const Stock& stock) {
    std::vector<Warning> warnings;
    const auto key = lot_key(stock.lot);
    const auto lines = moves_of(after, stock.product, key);
    const auto line = std::find_if(lines.begin(), lines.end(), [&](const StockLine& one) {
        return one.uid == uid && one.action == stock.action;
    });
    if (line == lines.end()) return warnings;
    const auto products = before.products_of(key);
    if (!products.empty() &&
        std::find(products.begin(), products.end(), stock.product) == products.end())
        warnings.push_back({"lot_of_other_product", msg("warning.lot_of_other_product")});
    const auto expires_on = expiry_of(before, stock.product, key);
    if (stock.expires_on && expires_on && stock.expires_on != expires_on)
        warnings.push_back({"expiry_differs", msg("warning.expiry_differs")});
    const auto state =
        before.state_on(key, stock.expires_on ? stock.expires_on : expires_on, line->day);
    const bool is_for_use =
        stock.action == StockAction::receipt || stock.action == StockAction::issue;
    if (is_for_use && state != LotState::usable) warnings.push_back(shelf_warning(state));
    if (line->quantity > stock_quantity_odd)
        warnings.push_back({"quantity_odd", msg("warning.quantity_odd")});
    // A lot of which the book tells nothing before is counted to begin with.
    const bool is_first = std::none_of(lines.begin(), line,
                                       [](const StockLine& one) { return one.action.has_value(); });
    warn_of_line(*line, is_first, warnings);
    for (const auto& other : lines) {
        if (other.day == line->day && other.uid != uid) warn_of_day(*line, other, warnings);
    }
    return warnings;
}

std::vector<Warning> dose_lot_warnings(const StockBook& book, const Dose& dose, Date day) {
    std::vector<Warning> warnings;
    const auto key = lot_key(dose.lot);
    const auto state = book.word_on_dose(key, day);
    if (state != LotState::usable) warnings.push_back(dose_warning(state));
    warn_of_product(book, key, dose, warnings);
    const auto product = book.product_of_dose(key, dose.product);
    if (!product) return warnings;
    const auto expires_on = expiry_of(book, *product, key);
    if (expires_on && expires_on->latest() < day)
        warnings.push_back(dose_warning(LotState::expired));
    const auto lines = moves_of(book, *product, key);
    if (!lines.empty() && lines.front().action == StockAction::receipt && day < lines.front().day) {
        warnings.push_back({"lot_came_later", msg("warning.lot_came_later",
                                                  {{"day", lines.front().day.to_string()}})});
    }
    return warnings;
}

std::vector<Warning> left_over_warnings(const StockBook& before, const StockBook& after) {
    const auto given = [](const StockBook& book) {
        std::int64_t doses = 0;
        for (const auto& lot : book.lots(after_all_days)) doses += lot.given;
        return doses;
    };
    const auto left_over = given(before) - given(after);
    if (left_over <= 0) return {};
    return {
        {"doses_left_over", msg("warning.doses_left_over", {{"doses", amount_text(left_over)}})}};
}

}  // namespace egret::service
