#include "registry/domain/lots.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace egret {
namespace {

constexpr Date before_all_days = Date::from_days(std::numeric_limits<std::int32_t>::min());

bool has_lot(const std::vector<std::string>& lots, const std::string& lot) {
    return std::find(lots.begin(), lots.end(), lot) != lots.end();
}

std::vector<std::string> lot_keys(const std::vector<std::string>& lots) {
    std::vector<std::string> keys;
    keys.reserve(lots.size());
    for (const auto& lot : lots) keys.push_back(lot_key(lot));
    return keys;
}

bool is_hold(const Stock& stock) {
    return stock.action == StockAction::temperature_excursion ||
           stock.action == StockAction::recall;
}

/// What a clinic says of its own stock.
bool is_own_word(const LiveFact& live) { return live.facility() == live.clinic; }

}  // namespace

std::string lot_key(std::string_view lot) {
    std::string key;
    for (const char c : lot) {
        if (c == ' ' || c == '\t') continue;
        key += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return key;
}

std::string known_facility(const LiveFact& live) {
    const auto& at = live.fact.at;
    const bool is_own = !at.source || *at.source == Source::given_here;
    return at.facility.empty() && !is_own ? std::string() : live.facility();
}

Date last_day_of_dose(const LiveFact& dose) {
    return dose.fact.at.date ? dose.fact.at.date->latest() : clinical_day(dose.fact, dose.order);
}

bool LotHold::is_about(const std::string& lot) const { return has_lot(lot_keys(said.lots), lot); }

std::vector<LotHold::Verdict> LotHold::verdicts_on(const std::string& lot) const {
    std::vector<Verdict> all;
    if (!is_about(lot)) return all;
    for (const auto& verdict : verdicts) {
        if (verdict.lots.empty() || has_lot(verdict.lots, lot)) all.push_back(verdict);
    }
    return all;
}

std::optional<LotDecision> LotHold::state_on(const std::string& lot, Date on) const {
    std::optional<LotDecision> state;
    for (const auto& verdict : verdicts_on(lot)) {
        if (verdict.day <= on) state = verdict.decision;
    }
    return state;
}

LotDecision LotHold::last_state(const std::string& lot) const {
    const auto all = verdicts_on(lot);
    return all.empty() ? LotDecision::released : all.back().decision;
}

std::optional<LotDecision> LotHold::word_on_dose(const std::string& lot, Date day_given) const {
    if (!is_about(lot) || (said.from && day_given < *said.from)) return std::nullopt;
    return last_state(lot);
}

std::vector<LotHold> holds_of(const std::vector<LiveFact>& facts) {
    std::vector<LotHold> holds;
    for (const auto& live : facts) {
        const auto* stock = std::get_if<Stock>(&live.fact.detail);
        if (!stock || !is_hold(*stock) || !is_completed(live.fact) || !is_own_word(live)) continue;
        const auto day = clinical_day(live.fact, live.order);
        holds.push_back(
            {live.uid,
             *stock,
             live.facility(),
             day,
             {{live.uid, day, live.order, stock->decision.value_or(LotDecision::quarantine), {}}}});
    }
    for (const auto& live : facts) {
        const auto* stock = std::get_if<Stock>(&live.fact.detail);
        if (!stock || stock->action != StockAction::decision || !stock->decision ||
            !is_completed(live.fact) || !is_own_word(live))
            continue;
        const auto hold = std::find_if(holds.begin(), holds.end(), [&](const LotHold& one) {
            return one.uid == stock->about && one.facility == live.clinic;
        });
        if (hold == holds.end()) continue;
        // What is dated before the hold itself was found was decided when it was found.
        const auto day = std::max(clinical_day(live.fact, live.order), hold->day);
        hold->verdicts.push_back(
            {live.uid, day, live.order, *stock->decision, lot_keys(stock->lots)});
    }
    for (auto& hold : holds) {
        std::sort(hold.verdicts.begin() + 1, hold.verdicts.end(), [](const auto& a, const auto& b) {
            return std::tie(a.day, a.order) < std::tie(b.day, b.order);
        });
    }
    return holds;
}

std::vector<SpoiltLot> spoilt_lots(const std::vector<LotHold>& holds) {
    std::vector<SpoiltLot> spoilt;
    for (const auto& hold : holds) {
        for (const auto& lot : lot_keys(hold.said.lots)) {
            if (hold.last_state(lot) == LotDecision::substandard)
                spoilt.push_back({hold.facility, lot, hold.said.from.value_or(before_all_days)});
        }
    }
    std::sort(spoilt.begin(), spoilt.end());
    const auto is_same = [](const SpoiltLot& a, const SpoiltLot& b) {
        return a.facility == b.facility && a.lot == b.lot;
    };
    spoilt.erase(std::unique(spoilt.begin(), spoilt.end(), is_same), spoilt.end());
    return spoilt;
}

bool is_of_spoilt_lot(const LiveFact& dose, const std::vector<SpoiltLot>& spoilt) {
    const auto* detail = std::get_if<Dose>(&dose.fact.detail);
    if (!detail || detail->lot.empty() || spoilt.empty()) return false;
    const auto facility = known_facility(dose);
    const auto lot = lot_key(detail->lot);
    const auto day = last_day_of_dose(dose);
    return std::any_of(spoilt.begin(), spoilt.end(), [&](const SpoiltLot& one) {
        return one.lot == lot && one.facility == facility && one.from <= day;
    });
}

}  // namespace egret
