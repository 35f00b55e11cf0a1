#include "registry/coverage/recount_lots.h"

#include <algorithm>
#include <cctype>
#include <variant>

namespace egret::coverage {
namespace {

/// How a lot is compared: blanks and the size of letters say nothing.
std::string plain_lot(const std::string& written) {
    std::string plain;
    for (const char c : written) {
        if (c == ' ' || c == '\t') continue;
        const auto byte = static_cast<unsigned char>(c);
        plain += byte < 0x80 ? static_cast<char>(std::toupper(byte)) : c;
    }
    return plain;
}

bool names(const std::vector<std::string>& lots, const std::string& lot) {
    return std::any_of(lots.begin(), lots.end(),
                       [&](const std::string& written) { return plain_lot(written) == lot; });
}

/// It stands, and is said by the facility of itself: nobody else's word on its lots counts.
bool counts(const Belief& belief) {
    if (belief.facility != belief.clinic) return false;
    return !belief.fact.at.status || *belief.fact.at.status == EventStatus::completed;
}

}  // namespace

void RecountLots::add_facility(const std::vector<LoggedEvent>& events) {
    const auto beliefs = believe(events);
    for (const auto& cause : beliefs) {
        const auto* found = std::get_if<Stock>(&cause.fact.detail);
        if (!found || !counts(cause)) continue;
        if (found->action != StockAction::temperature_excursion &&
            found->action != StockAction::recall)
            continue;
        for (const auto& written : found->lots) {
            const auto lot = plain_lot(written);
            // Its own word is the first. Of the later ones that of the latest day counts, then
            // the last in the logs; none is of a day before it was found.
            auto word = found->decision;
            auto said_on = cause.day;
            for (const auto& later : beliefs) {
                const auto* decided = std::get_if<Stock>(&later.fact.detail);
                if (!decided || decided->action != StockAction::decision || !counts(later) ||
                    !decided->decision || decided->about != cause.uid ||
                    later.clinic != cause.clinic)
                    continue;
                if (!decided->lots.empty() && !names(decided->lots, lot)) continue;
                const auto day = std::max(later.day, cause.day);
                if (day < said_on) continue;
                word = decided->decision;
                said_on = day;
            }
            if (word == LotDecision::substandard)
                condemned_.push_back({cause.facility, lot, found->from});
        }
    }
}

bool RecountLots::spoil(const Belief& belief) const {
    const auto* dose = std::get_if<Dose>(&belief.fact.detail);
    if (!dose || dose->lot.empty()) return false;
    const auto& at = belief.fact.at;
    const bool was_given_here = !at.source || at.source == Source::given_here;
    if (at.facility.empty() && !was_given_here) return false;
    const auto lot = plain_lot(dose->lot);
    const auto last = at.date ? at.date->latest() : belief.day;
    return std::any_of(condemned_.begin(), condemned_.end(), [&](const Condemned& one) {
        return one.facility == belief.facility && one.lot == lot &&
               (!one.since || *one.since <= last);
    });
}

}  // namespace egret::coverage
