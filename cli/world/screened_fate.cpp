#include "cli/world/screened_truth.h"

#include <algorithm>

namespace egret::world {
namespace {

/// What was given up is asked for once more after that time, by the programme's choice.
constexpr int ask_again_days = 365;

}  // namespace

std::size_t Truth::heir_of(std::size_t ask, Date on) const {
    while (asks[ask].ended && *asks[ask].ended <= on && asks[ask].successor)
        ask = *asks[ask].successor;
    return ask;
}

Fate Truth::fate_of(std::size_t index, Date on) const {
    index = heir_of(index, on);
    const auto& ask = asks[index];
    if (ask.ended && *ask.ended <= on) return Fate::done;
    return fate_by_documents(ask, index, on);
}

bool Truth::applies(const Document& document, const Ask& ask, std::size_t index, Date on) const {
    if (on < document.day) return false;
    if (document.is_death) return true;
    if (document.minute < ask.said(on)) return false;
    // What the plan leaves to a person can be told by a person to be done.
    const bool is_for_a_person =
        ask.step == Step::look || ask.step == Step::decision || ask.step == Step::palpation;
    if (document.reason == ClosingReason::completed && !(document.ask && is_for_a_person))
        return false;
    if (document.ask) return *document.ask == index;
    return !document.site || *document.site == site_of(ask.organ);
}

/// She came since, or what she said a year ago may have changed.
bool Truth::is_to_ask_again(const Document& document, Date day, Date on) const {
    const bool may_change = !document.is_death && document.reason != ClosingReason::died &&
                            document.reason != ClosingReason::moved &&
                            document.reason != ClosingReason::treated_elsewhere;
    if (may_change && day.plus_days(ask_again_days) < on) return true;
    return std::any_of(encounters.begin(), encounters.end(),
                       [&](Date seen) { return day < seen && seen <= on; });
}

Fate Truth::fate_by_documents(const Ask& ask, std::size_t index, Date on) const {
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const auto& first = documents[i];
        if (!applies(first, ask, index, on)) continue;
        const auto fate = first.reason == ClosingReason::completed ? Fate::done : Fate::documented;
        if (!ask.is_grave(on)) {
            if (fate == Fate::done || !is_to_ask_again(first, first.day, on)) return fate;
            continue;
        }
        for (const auto& second : documents) {
            const bool agrees = second.agrees_to == i || (first.is_death && !second.is_death &&
                                                          second.reason == ClosingReason::died);
            if (!agrees || second.person == first.person || !applies(second, ask, index, on))
                continue;
            const auto day = std::max(first.day, second.day);
            if (fate == Fate::done || !is_to_ask_again(first, day, on)) return fate;
        }
    }
    return Fate::open;
}

}  // namespace egret::world
