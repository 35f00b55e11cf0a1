#include "cli/world/screened_truth.h"

#include <algorithm>
#include <cstdlib>

namespace egret::world {
namespace {

/// A normal test sooner than that is no examination after a year, or no short follow-up: the plan
/// leaves it open, and the programme has chosen so.
constexpr int recheck_months_min = 9;
constexpr int short_months_min = 3;
/// So long after an excision its specimen is reported.
constexpr int specimen_days_max = 80;

/// How far a step goes: a test, a look by somebody who can see more, tissue, a treatment.
int reach_of(Step step) {
    if (step <= Step::recheck) return 0;
    if (step <= Step::mammography) return 1;
    if (step <= Step::colposcopy) return 2;
    return step == Step::treatment ? 4 : 3;
}

/// The less is done on the way, or comes again.
bool makes_needless(const Ask& more, const Ask& less) {
    if (less.step == Step::tissue_at_once || reach_of(more.step) < 2) return false;
    if (more.step == Step::tissue_at_once && more.is_cut) return false;
    if (less.is_after_treatment && more.step != Step::treatment) return false;
    return reach_of(less.step) < reach_of(more.step);
}

bool takes_place_of(const Ask& more, const Ask& less) {
    if (less.step == Step::recheck) return false;
    if (more.step == Step::tissue_at_once && !less.is_proven) return true;
    return makes_needless(more, less) && reach_of(less.step) <= 2;
}

/// Before that a normal test is too early.
Date first_day_of(const Ask& ask) {
    const auto from = ask.moved.empty() ? ask.from : ask.moved.back();
    return from.plus_months(ask.is_short ? short_months_min : recheck_months_min);
}

/// Of rechecks only those of about the same day, or where somebody has looked since.
bool is_same(const Ask& one, const Ask& other) {
    if (one.step == Step::recheck && other.step == Step::recheck) {
        if (other.is_seen && first_day_of(one) <= first_day_of(other)) return true;
        return std::abs(one.first.days() - first_day_of(other).days()) <= 31;
    }
    return one.step == other.step || (reach_of(one.step) == 3 && reach_of(other.step) == 3);
}

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

/// She herself was there: a senior doctor judges her films without her.
bool is_met(const Seen& seen) {
    return std::any_of(seen.found.begin(), seen.found.end(), [](const Detail& one) {
        return !std::holds_alternative<SeniorReview>(one);
    });
}

/// The same is asked for twice.
void join(Ask& ask, const Ask& next) {
    ask.has_cancer = ask.has_cancer || next.has_cancer;
    ask.is_proven = ask.is_proven || next.is_proven;
    ask.step = std::max(ask.step, next.step);
    ask.is_cut = false;
    if (ask.step != Step::recheck || first_day_of(next) <= first_day_of(ask)) return;
    if (next.is_told) return;
    ask.has_specimen = ask.has_specimen && !next.is_after_treatment;
    ask.moved.push_back(next.from);
    ask.is_short = next.is_short;
    if (next.is_seen) ask.first = first_day_of(ask);
    if (next.is_after_treatment) ask.treated = next.treated;
    ask.is_after_treatment = ask.is_after_treatment || next.is_after_treatment;
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

Date Ask::counts_from(Date on) const {
    auto last = from;
    for (const auto day : moved) {
        if (day <= on) last = day;
    }
    return last;
}

Date Ask::tried(Date on) const {
    auto last = counts_from(on);
    if (!by.empty()) last = std::max(last, by.front().known);
    for (const auto& one : by) {
        if (one.is_in_vain && one.day <= on) last = std::max(last, one.known);
    }
    return last;
}

std::optional<Date> Ask::suspected(Date on) const {
    for (const auto& one : by) {
        if (one.is_suspected && one.day <= on) return one.known;
    }
    return std::nullopt;
}

std::vector<std::size_t> Truth::all_standing(Organ organ) const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < asks.size(); ++i) {
        if (asks[i].organ == organ && asks[i].step != Step::look && !asks[i].ended)
            all.push_back(i);
    }
    return all;
}

std::optional<std::size_t> Truth::standing(Organ organ) const {
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < asks.size(); ++i) {
        if (asks[i].organ != organ || asks[i].ended) continue;
        if (!first || asks[*first].step < asks[i].step) first = i;
    }
    return first;
}

void Truth::look_again(Organ organ, const Seen& seen, const std::vector<const Detail*>& found) {
    if (seen.is_told) return;
    for (auto& look : asks) {
        if (look.organ != organ || look.step != Step::look || look.ended) continue;
        const bool is_seen = std::any_of(found.begin(), found.end(), [&](const Detail* one) {
            return does(*one, look.is_unexplained ? Step::colposcopy : Step::look, organ);
        });
        if (is_seen) look.ended = seen.day;
    }
}

void Truth::leave_open(Organ organ, const Seen& seen, std::int64_t said, bool is_unexplained) {
    Ask look;
    look.organ = organ;
    look.step = Step::look;
    look.from = seen.day;
    look.is_unexplained = is_unexplained;
    look.by.push_back({seen.day, said, is_unexplained, false, seen.known});
    asks.push_back(look);
}

void Truth::see(const Seen& seen, const std::vector<EventUid>& uids, std::int64_t said) {
    if (!seen.is_told && is_met(seen)) encounters.push_back(seen.day);
    note_images(seen);
    note_reviewed(seen);
    for (const auto organ : all_organs) see_organ(organ, seen, uids, said);
}

void Truth::note_images(const Seen& seen) {
    for (const auto organ : {Organ::left_breast, Organ::right_breast}) {
        for (const auto& one : seen.found) {
            const bool is_image = std::holds_alternative<BreastUltrasound>(one) ||
                                  std::holds_alternative<Mammogram>(one);
            if (!is_image || !does(one, Step::ultrasound, organ)) continue;
            const bool is_abnormal = meaning_of(one, organ).is_positive;
            if (seen.is_told && !is_abnormal) continue;
            (organ == Organ::left_breast ? left_image_ : right_image_) = is_abnormal;
        }
    }
}

/// The breasts for which a senior doctor's review was asked, by the images of that visit too.
void Truth::note_reviewed(const Seen& seen) {
    reviewed_.clear();
    for (const auto organ : {Organ::left_breast, Organ::right_breast}) {
        const auto standing = all_standing(organ);
        bool is_owed = std::any_of(standing.begin(), standing.end(), [&](std::size_t one) {
            return asks[one].step == Step::senior_review;
        });
        for (const auto& one : seen.found)
            is_owed = is_owed || meaning_of(one, organ).asks == Step::senior_review;
        if (is_owed) reviewed_.push_back(organ);
    }
}

/// A senior doctor looks at what was to be reviewed; if nothing was, at the breast whose image was
/// abnormal.
bool Truth::is_of_other_breast(const Detail& found, Organ organ) const {
    if (organ == Organ::cervix || !std::holds_alternative<SeniorReview>(found)) return false;
    if (!reviewed_.empty())
        return std::find(reviewed_.begin(), reviewed_.end(), organ) == reviewed_.end();
    const bool is_left = organ == Organ::left_breast;
    const auto& own = is_left ? left_image_ : right_image_;
    const auto& other = is_left ? right_image_ : left_image_;
    return own == false && other == true;
}

void Truth::see_organ(Organ organ, const Seen& seen, const std::vector<EventUid>& uids,
                      std::int64_t said) {
    std::vector<const Detail*> found;
    for (const auto& one : seen.found) {
        if (is_about(one, organ) && !is_of_other_breast(one, organ)) found.push_back(&one);
    }
    if (found.empty()) return;
    auto meaning = meaning_of_visit(found, organ);
    // What she only tells of counts where something was found, or treated.
    const bool is_treated = std::any_of(found.begin(), found.end(), [](const Detail* one) {
        return std::holds_alternative<Treatment>(*one);
    });
    if (seen.is_told && !meaning.is_positive && !is_treated) return;
    if (is_of_specimen(organ, seen, found)) meaning.asks = Step::recheck;
    note_specimen(organ, found);
    look_again(organ, seen, found);
    if (meaning.is_left_open) leave_open(organ, seen, said, false);
    const auto done = end_done(organ, seen, found, meaning);
    if (done.is_unexplained && !meaning.is_left_open) leave_open(organ, seen, said, true);
    // After a positive test for the virus normal cells mean a second look, not routine.
    if (meaning.asks == Step::none && done.is_triage) meaning.asks = Step::recheck;
    if (meaning.asks == Step::none) {
        if (all_standing(organ).empty()) note_routine(organ, seen, found);
        return;
    }
    const auto stands = ask_for(organ, seen, found, meaning, done.is_grave);
    if (!stands) return;
    auto& ask = asks[*stands];
    // A positive result that was found since was not given up before.
    const bool is_new = ask.from == seen.day;
    const bool is_in_vain = ask.step == meaning.asks && !meaning.is_positive && !seen.is_told;
    if (is_new || meaning.is_positive) {
        ask.by.push_back(
            {seen.day, said, meaning.is_grave, is_in_vain, seen.known, meaning.is_suspected});
        ask.is_triage = ask.is_triage || (ask.step == Step::cytology && meaning.is_positive);
    } else if (is_in_vain) {
        ask.by.push_back({seen.day, 0, false, true, seen.known});
    }
    // Nor was what stands beside it.
    for (const auto other : all_standing(organ)) {
        if (meaning.is_positive && other != *stands)
            asks[other].by.push_back({seen.day, said, meaning.is_grave, false, seen.known});
    }
    for (std::size_t i = 0; i < seen.found.size(); ++i) {
        if (is_about(seen.found[i], organ) && !is_of_other_breast(seen.found[i], organ) &&
            meaning_of(seen.found[i], organ).is_positive)
            positives.push_back({uids[i], organ, seen.day, *stands, seen.is_told});
    }
}

/// The report of what was cut out, which comes after it.
bool Truth::is_of_specimen(Organ organ, const Seen& seen,
                           const std::vector<const Detail*>& found) const {
    const auto standing = all_standing(organ);
    const bool is_expected = std::any_of(standing.begin(), standing.end(), [&](std::size_t index) {
        const auto& ask = asks[index];
        return ask.is_after_treatment && seen.day <= ask.treated.plus_days(specimen_days_max);
    });
    const bool is_of_biopsy = std::any_of(standing.begin(), standing.end(), [&](std::size_t index) {
        const bool is_cut = asks[index].step == Step::tissue_at_once && asks[index].is_cut;
        return asks[index].step == Step::cytology || (reach_of(asks[index].step) >= 2 && !is_cut) ||
               (asks[index].is_after_treatment && asks[index].has_specimen);
    });
    const bool is_report = std::any_of(found.begin(), found.end(), [](const Detail* one) {
        const auto* tissue = std::get_if<Histology>(one);
        return tissue && !tissue->results.empty() &&
               tissue->results.front() != HistologyResult::cancer &&
               tissue->results.front() != HistologyResult::insufficient &&
               tissue->results.front() != HistologyResult::microinvasive;
    });
    const bool is_alone = std::all_of(found.begin(), found.end(), [&](const Detail* one) {
        return std::holds_alternative<Histology>(*one) ||
               (!std::holds_alternative<Treatment>(*one) &&
                !std::holds_alternative<Colposcopy>(*one) && !meaning_of(*one, organ).is_positive &&
                is_usable(*one));
    });
    return is_expected && !is_of_biopsy && is_report && is_alone;
}

/// Of a treatment one report of tissue is that of its specimen.
void Truth::note_specimen(Organ organ, const std::vector<const Detail*>& found) {
    const bool has_tissue = std::any_of(found.begin(), found.end(), [](const Detail* one) {
        return std::holds_alternative<Histology>(*one);
    });
    const bool is_cut = std::any_of(found.begin(), found.end(), [](const Detail* one) {
        return std::holds_alternative<Treatment>(*one);
    });
    for (const auto one : all_standing(organ)) {
        asks[one].has_specimen = asks[one].has_specimen || has_tissue;
        asks[one].is_cut = asks[one].is_cut || is_cut;
    }
}

Truth::Done Truth::end_done(Organ organ, const Seen& seen, const std::vector<const Detail*>& found,
                            const Meaning& meaning) {
    Done done;
    for (const auto index : all_standing(organ)) {
        auto& ask = asks[index];
        if (!is_done_by(ask, seen, found, meaning)) continue;
        ask.ended = seen.day;
        done.is_triage = done.is_triage || ask.is_triage;
        done.is_grave = done.is_grave || ask.is_grave(seen.day);
        const bool is_cut = std::any_of(found.begin(), found.end(), [&](const Detail* one) {
            return does(*one, Step::tissue, organ);
        });
        done.is_unexplained =
            done.is_unexplained || (ask.step == Step::colposcopy && ask.suspected(seen.day) &&
                                    meaning.asks < Step::tissue && !is_cut);
    }
    return done;
}

/// The ask that stands for what was found: a new one, the one that asked for the same before, or
/// one that leads further. None, where a senior doctor decided, and more than that stands.
std::optional<std::size_t> Truth::ask_for(Organ organ, const Seen& seen,
                                          const std::vector<const Detail*>& found,
                                          const Meaning& meaning, bool is_grave) {
    Ask next;
    next.organ = organ;
    next.step = meaning.asks;
    next.from = seen.day;
    bool lacks_tissue = false;
    for (const auto* one : found) {
        next.is_after_treatment =
            next.is_after_treatment || std::holds_alternative<Treatment>(*one);
        next.has_cancer = next.has_cancer || is_proven_cancer(*one, organ);
        next.is_proven =
            next.is_proven ||
            (!seen.is_told && (next.has_cancer || std::holds_alternative<Histology>(*one)));
        const auto* review = std::get_if<SeniorReview>(one);
        next.is_short = review && review->decision == ReviewDecision::short_follow_up;
        const bool is_seen = std::holds_alternative<Treatment>(*one) ||
                             std::holds_alternative<Histology>(*one) ||
                             std::holds_alternative<Colposcopy>(*one);
        next.is_seen = next.is_seen || (is_seen && !seen.is_told);
        lacks_tissue =
            lacks_tissue || (std::holds_alternative<Histology>(*one) && !is_usable(*one));
    }
    next.treated = seen.day;
    next.is_told = seen.is_told;
    next.first = first_day_of(next);
    const auto standing = all_standing(organ);
    // Too little of what was cut out tells no less than what was treated.
    for (const auto one : standing) {
        const auto& ask = asks[one];
        const bool is_waiting = lacks_tissue && !seen.is_told && ask.step == Step::recheck;
        is_grave = is_grave || (is_waiting && ask.is_grave(seen.day));
    }
    const auto stands = [&](auto is_so) {
        const auto found_one = std::find_if(standing.begin(), standing.end(),
                                            [&](std::size_t one) { return is_so(asks[one]); });
        return found_one == standing.end() ? std::nullopt : std::optional(*found_one);
    };
    if (next.is_short && stands([](const Ask& ask) { return Step::tissue <= ask.step; }))
        return std::nullopt;
    const auto same = stands([&](const Ask& ask) { return is_same(ask, next); });
    if (!same && !next.is_short) {
        const auto more = stands([&](const Ask& ask) { return makes_needless(ask, next); });
        if (more && is_grave) asks[*more].by.push_back({seen.day, 0, true, false, seen.known});
        if (more) return more;
    }
    const auto index = same.value_or(asks.size());
    for (const auto one : standing) {
        const auto step = asks[one].step;
        const bool is_set_aside =
            next.is_short &&
            (step == Step::senior_review || step == Step::decision || step == Step::palpation);
        const bool gives_way = !same && !next.is_short && takes_place_of(next, asks[one]);
        if (!is_set_aside && !gives_way) continue;
        asks[one].ended = seen.day;
        asks[one].successor = index;
        is_grave = is_grave || asks[one].is_grave(seen.day);
    }
    if (same) {
        join(asks[*same], next);
        if (is_grave) asks[*same].by.push_back({seen.day, 0, true, false, seen.known});
        return same;
    }
    // What came of a grave result stays grave.
    if (is_grave) next.by.push_back({seen.day, 0, true, false, seen.known});
    asks.push_back(next);
    return index;
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
    if (ask.step == Step::recheck && seen.day < first_day_of(ask)) return false;
    return std::any_of(found.begin(), found.end(), [&](const Detail* one) {
        const auto* treatment = std::get_if<Treatment>(one);
        if (treatment && ask.has_cancer && treatment->procedure == Procedure::leep) return false;
        const bool says_nothing = meaning.is_left_open && meaning_of(*one, ask.organ).is_left_open;
        return !says_nothing && does(*one, ask.step, ask.organ);
    });
}

}  // namespace egret::world
