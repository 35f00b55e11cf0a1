#include "registry/domain/stock_check.h"

#include "registry/base/limits.h"
#include "registry/domain/check.h"
#include "registry/domain/flag_code.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <iterator>

namespace egret {
namespace {

Error refused(std::string field, Message message) {
    return {ErrorCode::invalid_input, std::move(field), std::move(message)};
}

/// A member of a stock fact, which actions have it, and whether it is there.
struct OwnedMember {
    std::string_view name;
    std::initializer_list<StockAction> owners;
    bool (*is_there)(const Stock&);

    bool is_of(StockAction action) const {
        return std::find(owners.begin(), owners.end(), action) != owners.end();
    }
};

constexpr auto with_expiry = {StockAction::receipt, StockAction::count};
constexpr auto with_session = {StockAction::receipt, StockAction::issue, StockAction::discard};
constexpr auto only_receipt = {StockAction::receipt};
constexpr auto only_issue = {StockAction::issue};
constexpr auto only_discard = {StockAction::discard};
constexpr auto with_lots = {StockAction::temperature_excursion, StockAction::recall,
                            StockAction::decision};
constexpr auto with_begin = {StockAction::temperature_excursion, StockAction::recall};
constexpr auto only_excursion = {StockAction::temperature_excursion};
constexpr auto only_decision = {StockAction::decision};

constexpr OwnedMember owned_members[] = {
    {"product", stock_movements, [](const Stock& s) { return !s.product.empty(); }},
    {"lot", stock_movements, [](const Stock& s) { return !s.lot.empty(); }},
    {"quantity", stock_movements, [](const Stock& s) { return s.quantity.has_value(); }},
    {"expires_on", with_expiry, [](const Stock& s) { return s.expires_on.has_value(); }},
    {"from_facility", only_receipt, [](const Stock& s) { return !s.from_facility.empty(); }},
    {"to_facility", only_issue, [](const Stock& s) { return !s.to_facility.empty(); }},
    {"session", with_session, [](const Stock& s) { return s.session.has_value(); }},
    {"reason", only_discard, [](const Stock& s) { return s.reason.has_value(); }},
    {"lots", with_lots, [](const Stock& s) { return !s.lots.empty(); }},
    {"from", with_begin, [](const Stock& s) { return s.from.has_value(); }},
    {"to", only_excursion, [](const Stock& s) { return s.to.has_value(); }},
    {"min_celsius", only_excursion, [](const Stock& s) { return !s.min_celsius.empty(); }},
    {"max_celsius", only_excursion, [](const Stock& s) { return !s.max_celsius.empty(); }},
    {"decision", with_lots, [](const Stock& s) { return s.decision.has_value(); }},
    {"about", only_decision, [](const Stock& s) { return !s.about.is_nil(); }},
};

Result<Done> check_owners(const Stock& stock) {
    for (const auto& member : owned_members) {
        if (member.is_there(stock) && !member.is_of(*stock.action))
            return refused(std::string(member.name), msg("stock.not_of_action"));
    }
    return Done{};
}

Result<Done> check_lot(const std::string& lot, const std::string& field) {
    if (lot.empty()) return refused(field, msg("fact.missing"));
    if (lot.size() > limits::name_bytes_max)
        return refused(
            field, msg("fact.text_too_long", {{"limit", std::to_string(limits::name_bytes_max)}}));
    return Done{};
}

Result<Done> check_movement(const Stock& stock) {
    if (auto lot = check_lot(stock.lot, "lot"); !lot) return lot;
    if (!stock.quantity) return refused("quantity", msg("fact.missing"));
    const std::int64_t least = stock.action == StockAction::count ? 0 : 1;
    if (*stock.quantity < least || *stock.quantity > stock_quantity_max) {
        return refused("quantity",
                       msg("stock.quantity", {{"least", std::to_string(least)},
                                              {"most", std::to_string(stock_quantity_max)}}));
    }
    if (stock.product.empty()) return refused("product", msg("fact.missing"));
    if (!is_prefixed_code(stock.product)) return refused("product", msg("code.needs_prefix"));
    for (const auto& [facility, field] :
         {std::pair{&stock.from_facility, "from_facility"}, {&stock.to_facility, "to_facility"}}) {
        if (!facility->empty() && !is_facility_code(*facility))
            return refused(field, msg("facility.shape"));
    }
    if (stock.action == StockAction::issue && stock.to_facility.empty() == !stock.session)
        return refused("to_facility", msg("stock.to_one"));
    if (stock.action == StockAction::discard && !stock.reason)
        return refused("reason", msg("fact.missing"));
    return Done{};
}

/// "-0.5", "12", "37.25" in its one form, from -99.99 to 99.99; in hundredths of a degree.
std::optional<int> read_celsius(std::string& text) {
    const auto unsigned_text = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
    const auto point = std::min(unsigned_text.find('.'), unsigned_text.size());
    const auto whole = unsigned_text.substr(0, point);
    auto fraction = std::string(unsigned_text.substr(std::min(point + 1, unsigned_text.size())));
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool is_number = !whole.empty() && whole.size() <= 2 && fraction.size() <= 2 &&
                           (point == unsigned_text.size() || !fraction.empty()) &&
                           std::all_of(whole.begin(), whole.end(), is_digit) &&
                           std::all_of(fraction.begin(), fraction.end(), is_digit);
    if (!is_number) return std::nullopt;
    fraction.resize(2, '0');
    int hundredths = std::stoi(std::string(whole) + fraction);
    if (text.starts_with('-')) hundredths = -hundredths;
    if (point < unsigned_text.size()) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return hundredths;
}

Result<Done> check_temperatures(Stock& stock) {
    std::optional<int> least;
    std::optional<int> most;
    for (const auto& [text, read, field] : {std::tuple{&stock.min_celsius, &least, "min_celsius"},
                                            {&stock.max_celsius, &most, "max_celsius"}}) {
        if (text->empty()) continue;
        *read = read_celsius(*text);
        if (!*read) return refused(field, msg("stock.celsius"));
    }
    if (least && most && *most < *least) return refused("max_celsius", msg("stock.max_below_min"));
    return Done{};
}

Result<Done> check_hold(const Circumstances& at, Stock& stock) {
    for (std::size_t i = 0; i < stock.lots.size(); ++i) {
        auto lot = check_lot(stock.lots[i], "lots[" + std::to_string(i) + "]");
        if (!lot) return lot;
    }
    if (stock.action == StockAction::decision) {
        if (stock.about.is_nil()) return refused("about", msg("fact.missing"));
        if (!stock.decision) return refused("decision", msg("fact.missing"));
        return Done{};
    }
    if (stock.lots.empty()) return refused("lots", msg("fact.missing"));
    if (stock.action == StockAction::temperature_excursion && !stock.from)
        return refused("from", msg("fact.missing"));
    if (stock.from && at.date && at.date->latest() < *stock.from)
        return refused("from", msg("stock.from_after_date"));
    if (stock.from && stock.to && *stock.to < *stock.from)
        return refused("to", msg("date.before_from"));
    return check_temperatures(stock);
}

}  // namespace

bool stock_has_member(StockAction action, std::string_view name) {
    return std::any_of(
        std::begin(owned_members), std::end(owned_members),
        [&](const OwnedMember& member) { return member.name == name && member.is_of(action); });
}

Result<Done> check_stock(const Circumstances& at, Stock& stock) {
    if (!stock.action) return refused("action", msg("fact.missing"));
    if (at.date && !at.date->is_exact()) return refused("date", msg("stock.exact_day"));
    if (auto owners = check_owners(stock); !owners) return owners;
    switch (*stock.action) {
        case StockAction::receipt:
        case StockAction::issue:
        case StockAction::count:
        case StockAction::discard: return check_movement(stock);
        case StockAction::temperature_excursion:
        case StockAction::recall:
        case StockAction::decision: return check_hold(at, stock);
    }
    return Done{};
}

}  // namespace egret
