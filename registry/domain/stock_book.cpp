#include "registry/domain/stock_book.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace egret {
namespace {

/// A count is of its day's end.
bool is_earlier(const StockLine& one, const StockLine& other) {
    const auto key = [](const StockLine& line) {
        return std::tuple(line.day, line.action == StockAction::count, line.at, line.uid);
    };
    return key(one) < key(other);
}

StockLine line_of(const LiveFact& live, const Stock& stock) {
    StockLine line;
    line.uid = live.uid;
    line.day = clinical_day(live.fact, live.order);
    line.at = live.order.effective;
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
    line.at = dose.at;
    line.product = product;
    line.lot = dose.lot;
    line.quantity = 1;
    line.session = dose.session;
    return line;
}

StockLine line_of(const LotHold& hold, const LotHold::Verdict& verdict, const std::string& lot) {
    StockLine line;
    line.uid = verdict.uid;
    line.day = verdict.day;
    line.at = verdict.order.effective;
    line.action = verdict.uid == hold.uid ? hold.said.action : StockAction::decision;
    line.lot = lot;
    line.decision = verdict.decision;
    if (verdict.uid != hold.uid) line.about = hold.uid;
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
            line.from_session = take_from_session(line.session, 1);
            at.balance -= 1 - line.from_session;
        } else if (line.action == StockAction::receipt) {
            // What came back from a session was received once already.
            line.from_session = take_from_session(line.session, line.quantity);
            at.received += line.quantity - line.from_session;
            at.balance += line.quantity;
        } else if (line.action == StockAction::issue) {
            at.balance -= line.quantity;
            if (line.session)
                out[*line.session] += line.quantity;
            else
                at.issued += line.quantity;
        } else if (line.action == StockAction::discard) {
            at.discarded += line.quantity;
            line.from_session = take_from_session(line.session, line.quantity);
            at.balance -= line.quantity - line.from_session;
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
    std::vector<StockLine> placed;
    for (const auto& live : facts) {
        const auto* stock = std::get_if<Stock>(&live.fact.detail);
        if (!stock || !is_movement(stock->action) || !is_completed(live.fact) ||
            live.facility() != facility_)
            continue;
        placed.push_back(line_of(live, *stock));
        const auto& line = placed.back();
        begun_ = std::min(begun_.value_or(line.day), line.day);
        auto* lot = find_lot(line.product, line.lot);
        if (!lot) lot = &lots_.emplace_back(Lot{line.product, line.lot, stock->lot, {}, {}});
        if (stock->expires_on &&
            (!lot->expires_on || stock->expires_on->latest() < lot->expires_on->latest()))
            lot->expires_on = stock->expires_on;
    }
    for (const auto& dose : doses) {
        if (const auto product = product_of_dose(dose.lot, dose.product)) {
            placed.push_back(line_of(dose, *product));
        } else {
            unplaced_.push_back(line_of(dose, dose.product));
            unplaced_.back().is_placed = false;
        }
    }
    std::sort(unplaced_.begin(), unplaced_.end(), is_earlier);
    std::sort(placed.begin(), placed.end(), is_earlier);
    for (const auto& line : placed) find_lot(line.product, line.lot)->lines.push_back(line);
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
    for (const auto& line : unplaced_) {
        if (line.lot == lot) all.push_back(line);
    }
    for (const auto& hold : holds_) {
        for (const auto& verdict : hold.verdicts_on(lot))
            all.push_back(line_of(hold, verdict, lot));
    }
    std::sort(all.begin(), all.end(), is_earlier);
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

std::optional<std::string> StockBook::product_of_dose(const std::string& lot,
                                                      const std::string& product) const {
    const auto products = products_of(lot);
    if (std::find(products.begin(), products.end(), product) != products.end()) return product;
    if (products.size() == 1) return products.front();
    return std::nullopt;
}

std::vector<StockLine> StockBook::unknown_doses() const {
    std::vector<StockLine> all;
    for (const auto& line : unplaced_) {
        if (begun_ && line.day >= *begun_) all.push_back(line);
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

LotState state_of(const LotHold& hold, LotDecision decision) {
    if (decision == LotDecision::released) return LotState::usable;
    if (decision == LotDecision::substandard) return LotState::substandard;
    return hold.said.action == StockAction::recall ? LotState::recalled : LotState::quarantine;
}

LotState StockBook::state_on(const std::string& lot, const std::optional<PartialDate>& expires_on,
                             Date on) const {
    auto state = LotState::usable;
    if (expires_on && expires_on->latest() < on) state = LotState::expired;
    for (const auto& hold : holds_) {
        if (const auto held = hold.state_on(lot, on))
            state = std::min(state, state_of(hold, *held));
    }
    return state;
}

LotState StockBook::word_on_dose(const std::string& lot, Date day_given) const {
    auto state = LotState::usable;
    for (const auto& hold : holds_) {
        if (const auto word = hold.word_on_dose(lot, day_given))
            state = std::min(state, state_of(hold, *word));
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
