#include "cli/stock_answer.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/stock_output.h"
#include "registry/service/stock.h"

namespace egret::cli {
namespace {

/// Of lots that were held once; whenever they expire.
class HeldLots {
public:
    explicit HeldLots(service::Clinic& clinic)
        : book_(service::StockKeeper(clinic).book(clinic.identity().code)),
          today_(clinic.today()) {}

    LotState state(const std::string& lot) const {
        return book_.state_on(lot_key(lot), std::nullopt, today_);
    }

private:
    StockBook book_;
    Date today_;
};

std::string state_sentence(LotState state, const std::vector<std::string>& lots,
                           Language language) {
    const auto label = state == LotState::usable
                           ? console::code_label("lot_decision", "released", language)
                           : lot_state_text(state, language);
    return console::text(msg("stock.lots_are", {{"lots", lot_names(lots)}, {"state", label}}),
                         language);
}

}  // namespace

std::vector<std::string> lots_held_by(service::Clinic& clinic, const EventUid& event) {
    service::Recorder recorder(clinic);
    const auto caller = clinic.caller();
    const auto found = recorder.find_live(caller, event);
    if (!found) return {};
    const auto* stock = std::get_if<Stock>(&found->live.fact.detail);
    if (!stock || !stock->lots.empty() || stock->about.is_nil())
        return stock ? stock->lots : std::vector<std::string>();
    return lots_held_by(clinic, stock->about);
}

Message lots_now(service::Clinic& clinic, const std::vector<std::string>& lots, Language language) {
    const HeldLots held(clinic);
    std::string states;
    for (const auto state :
         {LotState::substandard, LotState::recalled, LotState::quarantine, LotState::usable}) {
        std::vector<std::string> of_state;
        for (const auto& lot : lots) {
            if (held.state(lot) == state) of_state.push_back(lot);
        }
        if (of_state.empty()) continue;
        if (!states.empty() && language == Language::en) states += " ";
        states += state_sentence(state, of_state, language);
    }
    return msg(
        "stock.lots_now",
        {{"states", states}, {"women", std::to_string(service::count_spoilt_women(clinic, lots))}});
}

json::Object lots_now_json(service::Clinic& clinic, const std::vector<std::string>& lots) {
    const HeldLots held(clinic);
    json::Array names;
    json::Array states;
    for (const auto& lot : lots) {
        const auto state = held.state(lot);
        names.emplace_back(lot);
        states.emplace_back(
            json::Object{{"lot", lot},
                         {"state", state == LotState::usable ? to_string(LotDecision::released)
                                                             : to_string(state)}});
    }
    return {{"lots", std::move(names)},
            {"states", std::move(states)},
            {"women_spoilt", service::count_spoilt_women(clinic, lots)}};
}

}  // namespace egret::cli
