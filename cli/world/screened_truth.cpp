#include "cli/world/screened_truth.h"

#include <algorithm>

namespace egret::world {
namespace {

/// A normal test sooner than that is no examination after a year, or no short follow-up: the plan
/// leaves it open, and the programme has chosen so.
constexpr int recheck_months_min = 9;
constexpr int short_months_min = 3;
/// So long after an excision its specimen is reported.
constexpr int specimen_days_max = 80;

/// Five years after a negative test for the virus, three after normal cells, two at the earliest
/// after an ultrasound (annex 1, 3(1)2; annex 2, 3(1)1).
Date next_routine(const Seen& seen, const std::vector<const Detail*>& found) {
    int years = 0;
    for (const auto* one : found) {
        const auto* hpv = std::get_if<HpvTest>(one);
        if (hpv && hpv->result == HpvResult::negative) years = 5;
        const auto* cells = std::get_if<Cytology>(one);
        if (years == 0 && cells && is_normal(*cells)) years = 3;
        if (std::holds_alternative<BreastUltrasound>(*one)) years = 2;
    }
    return seen.day.plus_years(years);
}

}  // namespace

bool Ask::is_grave(Date on) const {
    return std::any_of(by.begin(), by.end(),
                       [&](const AskedBy& one) { return one.day <= on && one.is_grave; });
}

std::int64_t Ask::said(Date on) const {
    std::int64_t last = 0;
    for (const auto& one : by) {
        if (one.day <= on) last = std::max(last, one.minute);
    }
    return last;
}

Date Ask::tried(Date on) const {
    auto last = from;
    for (const auto& one : by) {
        if (one.is_in_vain && one.day <= on) last = std::max(last, one.day);
    }
    return last;
}

std::optional<std::size_t> Truth::find_standing(Organ organ, bool is_look) const {
    for (auto i = asks.size(); i-- > 0;) {
        if (asks[i].organ == organ && (asks[i].step == Step::look) == is_look && !asks[i].ended)
            return i;
    }
    return std::nullopt;
}

std::optional<std::size_t> Truth::standing(Organ organ) const {
    const auto first = find_standing(organ, false);
    return first ? first : find_standing(organ, true);
}

void Truth::look_again(Organ organ, const Seen& seen, const std::vector<const Detail*>& found) {
    if (seen.is_told) return;
    for (auto& look : asks) {
        if (look.organ != organ || look.step != Step::look || look.ended) continue;
        const bool is_seen = std::any_of(found.begin(), found.end(), [&](const Detail* one) {
            return does(*one, Step::look, organ);
        });
        if (is_seen) look.ended = seen.day;
    }
}

void Truth::leave_open(Organ organ, const Seen& seen, std::int64_t said) {
    Ask look;
    look.organ = organ;
    look.step = Step::look;
    look.from = seen.day;
    look.by.push_back({seen.day, said, false, false});
    asks.push_back(look);
}

void Truth::see(const Seen& seen, const std::vector<EventUid>& uids, std::int64_t said) {
    if (!seen.is_told) encounters.push_back(seen.day);
    for (const auto organ : all_organs) see_organ(organ, seen, uids, said);
}

void Truth::see_organ(Organ organ, const Seen& seen, const std::vector<EventUid>& uids,
                      std::int64_t said) {
    std::vector<const Detail*> found;
    bool is_treated = false;
    for (const auto& one : seen.found) {
        if (is_about(one, organ)) found.push_back(&one);
        is_treated = is_treated || std::holds_alternative<Treatment>(one);
    }
    if (found.empty()) return;
    auto meaning = meaning_of_visit(found, organ);
    const auto before = find_standing(organ, false);
    const bool is_of_specimen =
        before && asks[*before].is_after_treatment && !is_treated &&
        seen.day <= asks[*before].from.plus_days(specimen_days_max) &&
        std::any_of(found.begin(), found.end(), [](const Detail* one) {
            const auto* tissue = std::get_if<Histology>(one);
            return tissue && !tissue->results.empty() &&
                   tissue->results.front() != HistologyResult::cancer &&
                   tissue->results.front() != HistologyResult::microinvasive;
        });
    if (is_of_specimen) meaning.asks = Step::recheck;
    look_again(organ, seen, found);
    if (meaning.is_left_open) leave_open(organ, seen, said);
    const bool is_done =
        before && !meaning.is_left_open && is_done_by(asks[*before], seen, found, meaning);
    // After a positive test for the virus normal cells mean a second look, not routine.
    if (is_done && asks[*before].is_triage && meaning.asks == Step::none)
        meaning.asks = Step::recheck;
    if (seen.is_told && meaning.asks == Step::none) return;
    const bool is_decided = std::any_of(found.begin(), found.end(), [](const Detail* one) {
        const auto* review = std::get_if<SeniorReview>(one);
        return review && review->decision == ReviewDecision::short_follow_up;
    });
    auto stands = before;
    const bool gives_way = before && (is_decided ? asks[*before].step < Step::tissue
                                                 : asks[*before].step < meaning.asks);
    if (!before || is_done || gives_way) {
        stands.reset();
        if (meaning.asks != Step::none) {
            stands = asks.size();
            Ask ask;
            ask.organ = organ;
            ask.step = meaning.asks;
            ask.from = seen.day;
            ask.is_after_treatment = is_treated;
            ask.is_short = is_decided;
            for (const auto* one : found) {
                ask.has_cancer = ask.has_cancer || is_proven_cancer(*one, organ);
            }
            asks.push_back(ask);
        }
        if (before) {
            asks[*before].ended = seen.day;
            if (!is_done) asks[*before].successor = stands;
            // What came of a grave result stays grave.
            if (stands && asks[*before].is_grave(seen.day))
                asks[*stands].by.push_back({seen.day, 0, true, false});
        }
    }
    if (!stands) {
        note_routine(organ, seen, found);
        return;
    }
    auto& ask = asks[*stands];
    // A positive result that was found since was not given up before.
    const bool is_in_vain = ask.step == meaning.asks && !meaning.is_positive && !seen.is_told;
    if (stands != before || meaning.is_positive) {
        ask.by.push_back({seen.day, said, meaning.is_grave, is_in_vain});
        ask.is_triage = ask.is_triage || (ask.step == Step::cytology && meaning.is_positive);
    } else if (is_in_vain) {
        ask.by.push_back({seen.day, 0, false, true});
    }
    for (std::size_t i = 0; i < seen.found.size(); ++i) {
        if (is_about(seen.found[i], organ) && meaning_of(seen.found[i], organ).is_positive)
            positives.push_back({uids[i], organ, seen.day, *stands, seen.is_told});
    }
}

/// Who was only looked at has the test still before her, or its time runs on.
void Truth::note_routine(Organ organ, const Seen& seen, const std::vector<const Detail*>& found) {
    if (seen.is_told) return;
    const auto until = next_routine(seen, found);
    const bool was_tested = std::any_of(routine.begin(), routine.end(),
                                        [&](const Routine& one) { return one.organ == organ; });
    if (until == seen.day && was_tested) return;
    routine.push_back({organ, seen.day, until});
}

bool Truth::is_done_by(const Ask& ask, const Seen& seen, const std::vector<const Detail*>& found,
                       const Meaning& meaning) {
    if (seen.is_told) return false;
    const int months = ask.is_short ? short_months_min : recheck_months_min;
    const bool is_early = ask.step == Step::recheck && seen.day < ask.from.plus_months(months);
    if (is_early && meaning.asks <= ask.step) return false;
    return std::any_of(found.begin(), found.end(), [&](const Detail* one) {
        const auto* treatment = std::get_if<Treatment>(one);
        if (treatment && ask.has_cancer && treatment->procedure == Procedure::leep) return false;
        return does(*one, ask.step, ask.organ);
    });
}

}  // namespace egret::world
