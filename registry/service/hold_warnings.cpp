#include "registry/service/hold_warnings.h"

#include <algorithm>
#include <string>
#include <utility>

namespace egret::service {
namespace {

/// Records that say something of lots, each with those lots.
class Sayings {
public:
    void add(const EventUid& uid, Date day, const std::string& lot) {
        for (auto& one : all_) {
            if (one.uid != uid) continue;
            one.lots += ", " + lot;
            return;
        }
        all_.push_back({uid, day, lot});
    }

    void warn(const char* code, const char* id, std::vector<Warning>& warnings) const {
        for (const auto& one : all_) {
            warnings.push_back({code, Message{id,
                                              {{"lots", one.lots},
                                               {"day", one.day.to_string()},
                                               {"event", one.uid.to_string()}}}});
        }
    }

private:
    struct Saying {
        EventUid uid;
        Date day;
        std::string lots;
    };

    std::vector<Saying> all_;
};

bool is_same_incident(const Stock& one, const Stock& other) {
    return one.action == other.action && one.from == other.from && one.to == other.to;
}

}  // namespace

std::vector<Warning> hold_warnings(const StockBook& book, const EventUid& uid, const Stock& stock,
                                   const Stock* before) {
    std::vector<Warning> warnings;
    const bool is_decision = stock.action == StockAction::decision;
    const auto& holds = book.holds();
    const auto hold = std::find_if(holds.begin(), holds.end(), [&](const LotHold& one) {
        return one.uid == (is_decision ? stock.about : uid);
    });
    if (hold == holds.end()) return warnings;
    const auto decision = stock.decision.value_or(LotDecision::quarantine);
    const bool is_decided = is_decision || !before || before->decision != stock.decision;
    Sayings later;
    Sayings others;
    Sayings twice;
    for (const auto& lot : stock.lots.empty() ? hold->said.lots : stock.lots) {
        const auto key = lot_key(lot);
        const auto verdicts = hold->verdicts_on(key);
        if (verdicts.empty()) continue;
        const auto& last = verdicts.back();
        if (is_decided && last.uid != uid && last.decision != decision)
            later.add(last.uid, last.day, lot);
        for (const auto& other : holds) {
            if (other.uid == hold->uid) continue;
            if (is_decision &&
                state_of(other, other.last_state(key)) < state_of(*hold, last.decision))
                others.add(other.uid, other.day, lot);
            if (!is_decision && !before && other.is_about(key) &&
                is_same_incident(other.said, stock))
                twice.add(other.uid, other.day, lot);
        }
    }
    later.warn("decision_overruled", "warning.decision_overruled", warnings);
    others.warn("lot_still_held", "warning.lot_still_held", warnings);
    twice.warn("hold_twice", "warning.hold_twice", warnings);
    return warnings;
}

}  // namespace egret::service
