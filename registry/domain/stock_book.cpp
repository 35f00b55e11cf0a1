#include "registry/domain/stock_book.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace egret {
namespace {

/// A line, and what orders it among those of its day.
struct PlacedLine {
    StockLine line;
    Hlc at;

    auto key() const { return std::tie(line.day, at, line.uid); }
};

bool moves_stock(const Stock& stock) {
    return stock.action == StockAction::receipt || stock.action == StockAction::issue ||
           stock.action == StockAction::count || stock.action == StockAction::discard;
}

StockLine line_of(const LiveFact& live, const Stock& stock) {
    StockLine line;
    line.uid = live.uid;
    line.day = clinical_day(live.fact, live.order);
    line.action = stock.action;
    line.product = stock.product;
    line.lot = lot_key(stock.lot);
    line.quantity = stock.quantity.value_or(0);
    line.reason = stock.reason;
    line.session = stock.session;
    line.other_facility =
        stock.action == StockAction::issue ? stock.to_facility : stock.from_facility;
    return line;
}

StockLine line_of(const DoseTaken& dose, const std::string& product) {
    StockLine line;
    line.uid = dose.uid;
    line.day = dose.day;
    line.product = product;
    line.lot = dose.lot;
    line.quantity = 1;
    line.session = dose.session;
    return line;
}

/// What has happened to a lot so far: what lies at the facility, and what is out at each kind of
/// session.
struct Tally {
    LotBalance sums;
    std::map<DoseSession, std::int64_t> out;

    /// Takes what can be taken from what is out at that kind of session; returns how much.
    std::int64_t take_from_session(const std::optional<DoseSession>& session,
                                   std::int64_t quantity) {
        const auto found = session ? out.find(*session) : out.end();
        if (found == out.end() || found->second <= 0) return 0;
        const auto taken = std::min(quantity, found->second);
        found->second -= taken;
        return taken;
    }

    void add(StockLine& line) {
        auto& at = sums;
        if (!line.action) {
            at.given += 1;
            at.balance -= 1 - take_from_session(line.session, 1);
        } else if (line.action == StockAction::receipt) {
            // What came back from a session was received once already.
            const auto back = take_from_session(line.session, line.quantity);
            at.received += line.quantity - back;
            at.balance += line.quantity;
        } else if (line.action == StockAction::issue) {
            at.balance -= line.quantity;
            if (line.session)
                out[*line.session] += line.quantity;
            else
                at.issued += line.quantity;
        } else if (line.action == StockAction::discard) {
            at.discarded += line.quantity;
            at.balance -= line.quantity - take_from_session(line.session, line.quantity);
        } else {
            line.difference = line.quantity - at.balance;
            at.difference += line.difference;
            at.balance = line.quantity;
            at.counted_on = line.day;
        }
        at.at_sessions = 0;
        for (const auto& [session, left] : out) at.at_sessions += left;
        line.balance = at.balance;
    }
};

}  // namespace

std::string_view to_string(LotState state) {
    switch (state) {
        case LotState::substandard: return "substandard";
        case LotState::recalled: return "recalled";
        case LotState::quarantine: return "quarantine";
        case LotState::expired: return "expired";
        case LotState::usable: return "usable";
    }
    return {};
}

StockBook::StockBook(std::string facility, const std::vector<LiveFact>& facts,
                     const std::vector<DoseTaken>& doses)
    : facility_(std::move(facility)), holds_(holds_of(facts)) {
    std::erase_if(holds_, [&](const LotHold& hold) { return hold.facility != facility_; });
    std::vector<PlacedLine> placed;
    std::optional<Date> begun;
    for (const auto& live : facts) {
        const auto* stock = std::get_if<Stock>(&live.fact.detail);
        if (!stock || !moves_stock(*stock) || !is_completed(live.fact) ||
            live.facility() != facility_)
            continue;
        placed.push_back({line_of(live, *stock), live.order.effective});
        const auto& line = placed.back().line;
        begun = std::min(begun.value_or(line.day), line.day);
        auto* lot = find_lot(line.product, line.lot);
        if (!lot) lot = &lots_.emplace_back(Lot{line.product, line.lot, stock->lot, {}, {}});
        if (stock->expires_on &&
            (!lot->expires_on || stock->expires_on->latest() < lot->expires_on->latest()))
            lot->expires_on = stock->expires_on;
    }
    for (const auto& dose : doses) {
        const auto products = products_of(dose.lot);
        const bool is_named =
            std::find(products.begin(), products.end(), dose.product) != products.end();
        if (is_named || products.size() == 1)
            placed.push_back({line_of(dose, is_named ? dose.product : products.front()), dose.at});
        else if (begun && dose.day >= *begun)
            ++unknown_doses_;
    }
    std::sort(placed.begin(), placed.end(),
              [](const PlacedLine& a, const PlacedLine& b) { return a.key() < b.key(); });
    for (auto& [line, at] : placed) find_lot(line.product, line.lot)->lines.push_back(line);
    std::sort(lots_.begin(), lots_.end(), [](const Lot& a, const Lot& b) {
        return std::tie(a.product, a.key) < std::tie(b.product, b.key);
    });
    for (auto& lot : lots_) settle(lot);
}

StockBook::Lot* StockBook::find_lot(const std::string& product, const std::string& key) {
    const auto found = std::find_if(lots_.begin(), lots_.end(), [&](const Lot& lot) {
        return lot.product == product && lot.key == key;
    });
    return found == lots_.end() ? nullptr : &*found;
}

void StockBook::settle(Lot& lot) const {
    Tally tally;
    for (auto& line : lot.lines) tally.add(line);
}

std::vector<LotBalance> StockBook::lots(Date on) const {
    std::vector<LotBalance> balances;
    for (const auto& lot : lots_) {
        if (lot.lines.front().day > on) continue;
        Tally tally;
        for (auto line : lot.lines) {
            if (line.day <= on) tally.add(line);
        }
        tally.sums.product = lot.product;
        tally.sums.lot = lot.text;
        tally.sums.expires_on = lot.expires_on;
        balances.push_back(tally.sums);
    }
    return balances;
}

std::vector<StockLine> StockBook::lines(const std::string& lot) const {
    std::vector<StockLine> all;
    for (const auto& one : lots_) {
        if (one.key == lot) all.insert(all.end(), one.lines.begin(), one.lines.end());
    }
    return all;
}

std::vector<StockLine> StockBook::lines_of_product(const std::string& product, Date from,
                                                   Date to) const {
    std::vector<StockLine> all;
    for (const auto& lot : lots_) {
        if (lot.product != product) continue;
        for (const auto& line : lot.lines) {
            if (from <= line.day && line.day <= to) all.push_back(line);
        }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const StockLine& a, const StockLine& b) { return a.day < b.day; });
    return all;
}

std::vector<std::string> StockBook::products() const {
    std::vector<std::string> all;
    for (const auto& lot : lots_) all.push_back(lot.product);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

std::vector<std::string> StockBook::products_of(const std::string& lot) const {
    std::vector<std::string> all;
    for (const auto& one : lots_) {
        if (one.key == lot) all.push_back(one.product);
    }
    return all;
}

std::optional<Date> StockBook::begins_on(const std::string& product) const {
    std::optional<Date> first;
    for (const auto& lot : lots_) {
        if (lot.product == product)
            first = std::min(first.value_or(lot.lines.front().day), lot.lines.front().day);
    }
    return first;
}

LotState StockBook::state_on(const std::string& lot, const std::optional<PartialDate>& expires_on,
                             Date on) const {
    auto state = LotState::usable;
    if (expires_on && expires_on->latest() < on) state = LotState::expired;
    for (const auto& hold : holds_) {
        const auto held = hold.state_on(lot, on);
        if (!held || *held == LotDecision::released) continue;
        auto of_hold =
            hold.said.action == StockAction::recall ? LotState::recalled : LotState::quarantine;
        if (*held == LotDecision::substandard) of_hold = LotState::substandard;
        state = std::min(state, of_hold);
    }
    return state;
}

std::int64_t StockBook::usable(const std::string& product, Date on) const {
    std::int64_t doses = 0;
    for (const auto& lot : lots_) {
        if (lot.product != product) continue;
        // Each line says what was left after it; asked for every day of a period, so not counted
        // anew.
        const auto after =
            std::upper_bound(lot.lines.begin(), lot.lines.end(), on,
                             [](Date day, const StockLine& line) { return day < line.day; });
        const auto balance = after == lot.lines.begin() ? 0 : std::prev(after)->balance;
        if (balance > 0 && state_on(lot.key, lot.expires_on, on) == LotState::usable)
            doses += balance;
    }
    return doses;
}

}  // namespace egret
