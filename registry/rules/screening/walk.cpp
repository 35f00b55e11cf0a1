#include "registry/rules/screening/detail/walk.h"

#include "registry/rules/screening/detail/due_days.h"
#include "registry/rules/screening/detail/known_cancer.h"
#include "registry/rules/screening/detail/reviews.h"
#include "registry/rules/screening/evidence.h"
#include "registry/rules/screening/fulfilment.h"
#include "registry/rules/screening/parts.h"
#include "registry/rules/screening/severity.h"

#include <algorithm>

namespace egret::rules::detail {
namespace {

/// An image on which nobody could tell what that breast shows does nothing for it.
bool shows(const Finding& finding, std::optional<HistologySite> breast) {
    const auto is_seen = [&](const auto* image) {
        const auto& side = breast == HistologySite::breast_left ? image->left : image->right;
        return side && side->birads;
    };
    if (!breast) return true;
    if (const auto* image = std::get_if<BreastUltrasound>(&finding.detail)) return is_seen(image);
    const auto* mammogram = std::get_if<Mammogram>(&finding.detail);
    return !mammogram || is_seen(mammogram);
}

/// Goes from visit to visit.
class Walker {
public:
    Walker(const Pathway& pathway, ScreeningCase woman)
        : pathway_(pathway), woman_(std::move(woman)) {}

    Walk go() {
        if (pathway_.at_visits.rows.empty()) return {};
        for (const auto& visit : visits_of(woman_)) {
            ++visit_;
            for (const auto& part : parts_of(woman_, visit, cancer_.before(walk_.open))) pass(part);
        }
        for (const auto& open : walk_.open) {
            if (!is_treatment(open.action.code)) continue;
            walk_.loops[open.loop].needs_tissue = open.needs_tissue;
            walk_.loops[open.loop].has_cancer = open.has_cancer;
        }
        return std::move(walk_);
    }

private:
    void pass(const Visit& visit) {
        const auto owed = walk_.owed();
        const Moment moment{woman_, last_day_of(visit), &visit, visit.end, owed ? &*owed : nullptr};
        State state(pathway_, moment);
        auto next = asked_by(visit, state, Rows::all);
        if (next && is_ignored(visit, *next)) return;
        const auto looked_again = end_reviews(visit);
        auto review = review_of(visit, moment, next);
        if (review && asks_for_review(next)) {
            next = asked_by(visit, state, Rows::but_reviews);
            if (next && is_ignored(visit, *next)) next.reset();
        }
        const auto left_open = review ? review->kinds : 0U;
        const bool is_tested = walk_.routine && find_done(visit, *walk_.routine, left_open);
        if (tells_tissue(visit)) {
            for (auto& open : walk_.open) open.needs_tissue = open.is_suspected = false;
        }
        auto done = close_done(visit, next, left_open);
        if (!done.suspected_days) done.suspected_days = looked_again;
        note_excision(visit);
        cancer_.note(woman_, visit, done.is_followed);
        const auto suspicion = suspicion_of(visit, moment);
        if (suspicion && suspects_and_looks(visit)) done.suspected_days = suspicion->days;
        const bool is_unexplained = done.is_unexplained || suspects_and_looks(visit);
        if (is_unexplained && !awaits_tissue(next)) wait_for(unexplained(visit, done), visit, true);
        if (review) wait_for(*std::move(review), visit, done.is_any);
        // A test that is to be done once more is still for what it was.
        if (next && has_unusable(visit)) next->step.step |= done.again;
        if (next) next->step.step |= done.followed;
        if (next && is_treatment(next->action.code) && !tells_tissue(visit))
            next->needs_tissue = next->needs_tissue || done.needs_tissue;
        if (next && next->is_suspected && suspicion) hurry_on(*next, *suspicion);
        if (next && done.suspected_days && !tells_tissue(visit))
            hurry_on(*next,
                     {last_day_of(visit).plus_days(*done.suspected_days), *done.suspected_days});
        if (next) take_in(*std::move(next), visit, is_tested);
    }

    /// By what would suspect it at that visit alone; the first to be late.
    std::optional<Suspicion> suspicion_of(const Visit& visit, const Moment& moment) const {
        std::optional<Suspicion> first;
        for (auto i = visit.first; i < visit.end; ++i) {
            const auto& exact = woman_.findings[i];
            if (exact.finding->is_told || severity_for(exact, woman_.breast) != Severity::cancer)
                continue;
            const Visit one{exact.day, i, i + 1};
            const Moment alone{woman_, moment.day, &one, visit.end, moment.owed};
            State state(pathway_, alone);
            const auto hit = first_hit(pathway_, pathway_.at_visits, state);
            if (!hit.row || is_routine(hit.row->outcome->action)) continue;
            const auto last = step_of(pathway_, hit, state).due_to;
            if (last && (!first || *last < first->last))
                first = Suspicion{*last, last->days() - known_day(alone).days()};
        }
        return first;
    }

    /// Something else than the look suspects cancer, at the same visit.
    bool suspects_and_looks(const Visit& visit) const {
        const auto is_look = [](const Finding& finding) {
            return !finding.is_told && std::holds_alternative<Colposcopy>(finding.detail);
        };
        const auto suspects = [&](const Finding& finding) {
            return !finding.is_told && !is_look(finding) &&
                   severity_of(finding.detail) == Severity::cancer;
        };
        return is_any(visit, is_look) && is_any(visit, suspects) && !tells_tissue(visit);
    }

    bool awaits_tissue(const std::optional<Owed>& next) const {
        return (next && asks_for_tissue(*next)) ||
               std::any_of(walk_.open.begin(), walk_.open.end(), asks_for_tissue);
    }

    /// Tissue was taken: whatever is told of it is no biopsy that was asked for.
    void note_excision(const Visit& visit) {
        for (auto i = visit.first; i < visit.end; ++i) {
            const auto& finding = *woman_.findings[i].finding;
            const auto* treatment = std::get_if<Treatment>(&finding.detail);
            if (!treatment || finding.is_told || !takes_tissue(*treatment)) continue;
            for (auto& open : walk_.open) {
                if (!open.is_urgent) continue;
                open.is_cut = true;
                open.step.step = 0;
            }
        }
    }

    static bool asks_for_review(const std::optional<Owed>& next) {
        return !next || next->action.code == ScreeningAction::review;
    }

    /// What no row answers: the whole visit, or something positive that none would answer, were it
    /// alone.
    std::optional<Review> review_of(const Visit& visit, const Moment& moment,
                                    const std::optional<Owed>& next) const {
        const bool is_of_visit = asks_for_review(next);
        if (!is_of_visit && visit.end - visit.first == 1) return std::nullopt;
        Review review;
        unsigned all = 0;
        for (auto i = visit.first; i < visit.end; ++i) {
            const auto kind = 1U << woman_.findings[i].finding->detail.index();
            all |= kind;
            const bool is_positive =
                severity_for(woman_.findings[i], woman_.breast) != Severity::none;
            if (!(is_of_visit || is_positive) || is_answered_alone(i, visit, moment)) continue;
            review.kinds |= kind;
            review.is_positive = review.is_positive || is_positive;
        }
        if (review.kinds == 0 && !is_of_visit) return std::nullopt;
        if (review.kinds == 0) review.kinds = all;
        review.action = next && is_of_visit ? next->action : no_rule_of(moment.day);
        return review;
    }

    bool is_answered_alone(std::size_t finding, const Visit& visit, const Moment& moment) const {
        const Visit one{woman_.findings[finding].day, finding, finding + 1};
        const Moment alone{woman_, moment.day, &one, visit.end, moment.owed};
        State state(pathway_, alone);
        const auto hit = first_hit(pathway_, pathway_.at_visits, state);
        return hit.row && hit.row->outcome->action != ScreeningAction::review;
    }

    /// Of what she only says neither a routine test nor a decision follows.
    bool is_ignored(const Visit& visit, const Owed& next) const {
        return is_hearsay(visit) && (is_routine(next.action.code) || next.is_decision);
    }

    /// What is asked for stands beside what is open, in its place, or is made needless by it.
    void take_in(Owed next, const Visit& visit, bool is_tested) {
        if (next.action.code == ScreeningAction::none) return;
        if (is_routine(next.action.code)) {
            if (walk_.open.empty() && (is_tested || !walk_.routine))
                walk_.routine = std::move(next);
            return;
        }
        const auto day = last_day_of(visit);
        if (next.is_decision) {
            overtake(next, day, is_set_aside_by_decision);
            const bool is_beyond =
                std::any_of(walk_.open.begin(), walk_.open.end(), [](const Owed& open) {
                    return open.is_urgent || open.action.code >= ScreeningAction::biopsy;
                });
            if (is_beyond) return;
        }
        const auto same = std::find_if(walk_.open.begin(), walk_.open.end(),
                                       [&](const Owed& open) { return is_same(open, next); });
        if (same != walk_.open.end()) {
            ask_again(*same, next);
            walk_.loops[same->loop].step = same->action;
            walk_.loops[same->loop].asked_again.push_back(day);
            return;
        }
        bool is_covered = false;
        for (auto& open : walk_.open) {
            if (!makes_needless(open, next)) continue;
            hand_over(open, next);
            hurry(open, next);
            walk_.loops[open.loop].step = open.action;
            walk_.loops[open.loop].asked_again.push_back(day);
            is_covered = true;
        }
        if (is_covered) return;
        overtake(next, day, [&](const Owed& open) {
            return takes_place_of(next, open) || (next.is_looked_at && moves(open, next));
        });
        walk_.routine.reset();
        next.loop = open_loop(next.action, visit);
        if (is_treatment(next.action.code) && next.has_cancer) cancer_.begin_anew();
        if (lacks_tissue(visit)) ask_for_specimen(next.loop);
        walk_.open.push_back(std::move(next));
    }

    /// Too little tissue of a treatment tells no less than what was treated.
    void ask_for_specimen(std::size_t loop) {
        for (const auto& open : walk_.open) {
            if (open.not_before)
                walk_.loops[loop].asked_again.push_back(walk_.loops[open.loop].opened_on);
        }
    }

    /// What takes the place of something is done by what would do that.
    void overtake(Owed& next, Date day, const auto& is_overtaken) {
        std::erase_if(walk_.open, [&](const Owed& open) {
            if (!is_overtaken(open)) return false;
            hand_over(next, open);
            hurry(next, open);
            if (open.not_before) go_on_with(next, open);
            walk_.loops[open.loop].closed_on = day;
            walk_.loops[open.loop].is_overtaken = true;
            return true;
        });
    }

    /// What is done at the visit: whether anything is, and the steps that are asked for again.
    struct Done {
        bool is_any = false;
        Codes again = 0;
        Codes followed = 0;           // Steps of follow-ups that a look did.
        bool needs_tissue = false;    // So did something that was done.
        bool is_followed = false;     // A test did a follow-up.
        bool is_unexplained = false;  // A look did what was asked for since cancer was suspected.
        std::optional<int> suspected_days;  // The time that there was for that.
    };

    Done close_done(const Visit& visit, const std::optional<Owed>& next, unsigned left_open) {
        Done all;
        std::erase_if(walk_.open, [&](const Owed& open) {
            const auto* done = find_done(visit, open, left_open);
            if (!done) return false;
            walk_.loops[open.loop].closed_on = last_day_of(visit);
            walk_.loops[open.loop].closed_by = done->uid;
            all.is_any = true;
            all.needs_tissue = all.needs_tissue || open.needs_tissue;
            all.is_followed =
                all.is_followed || (open.not_before && !is_treated_or_seen(done->detail));
            all.is_unexplained =
                all.is_unexplained ||
                (open.is_suspected && std::holds_alternative<Colposcopy>(done->detail));
            if (open.is_suspected) all.suspected_days = open.days;
            if (next && repeats(*next, open)) all.again |= open.step.step;
            // A look ends no follow-up for which there is more to be asked.
            const bool goes_on = next && next->not_before && open.not_before;
            if (goes_on && (std::holds_alternative<Colposcopy>(done->detail) ||
                            std::holds_alternative<Histology>(done->detail)))
                all.followed |= open.step.step;
            return true;
        });
        return all;
    }

    bool is_any(const Visit& visit, const auto& is_such) const {
        for (auto i = visit.first; i < visit.end; ++i) {
            if (is_such(*woman_.findings[i].finding)) return true;
        }
        return false;
    }

    bool has_unusable(const Visit& visit) const {
        return is_any(visit, [](const Finding& finding) {
            return !finding.is_told && !fulfils(finding, ScreeningAction::review);
        });
    }

    bool lacks_tissue(const Visit& visit) const {
        return is_any(visit, [](const Finding& finding) {
            return !finding.is_told && std::holds_alternative<Histology>(finding.detail) &&
                   !rules::tells_tissue(finding);
        });
    }

    bool tells_tissue(const Visit& visit) const {
        return is_any(visit, [](const Finding& finding) {
            return !finding.is_told && rules::tells_tissue(finding);
        });
    }

    void wait_for(Review review, const Visit& visit, bool was_asked_for) {
        review.is_positive = review.is_positive || was_asked_for;
        review.loop = open_loop(review.action, visit);
        walk_.reviews.push_back(std::move(review));
    }

    /// What a suspicion that is ended so gives to what follows from it.
    std::optional<int> end_reviews(const Visit& visit) {
        std::optional<int> days;
        std::erase_if(walk_.reviews, [&](const Review& review) {
            for (auto i = visit.first; i < visit.end; ++i) {
                const auto& finding = *woman_.findings[i].finding;
                if (!is_ended_by(finding, review) || !shows(finding, woman_.breast)) continue;
                walk_.loops[review.loop].closed_on = last_day_of(visit);
                walk_.loops[review.loop].closed_by = finding.uid;
                if (review.is_suspicion) days = review.suspected_days;
                return true;
            }
            return false;
        });
        return days;
    }

    const ExactFinding& last_of(const Visit& visit) const {
        auto last = visit.first;
        for (auto i = visit.first; i < visit.end; ++i) {
            if (woman_.findings[last].day <= woman_.findings[i].day) last = i;
        }
        return woman_.findings[last];
    }

    Date last_day_of(const Visit& visit) const { return last_of(visit).day; }

    /// What the first row that holds asks for; nothing, if none does.
    std::optional<Owed> asked_by(const Visit& visit, State& state, Rows rows) const {
        const auto hit = first_hit(pathway_, pathway_.at_visits, state, rows);
        if (!hit.row) return std::nullopt;
        Owed next;
        next.step = {hit.row->step, state.moment().day};
        next.action = step_of(pathway_, hit, state);
        next.status = hit.row->outcome->status;
        next.is_urgent = hit.row->outcome->is_urgent;
        next.is_decision = hit.row->outcome->is_decision;
        next.visit = visit_;
        if (next.action.due_to)
            next.days = next.action.due_to->days() - known_day(state.moment()).days();
        const auto& due = hit.row->outcome->due;
        if (due) next.not_before = first_day_of(pathway_, *due, state);
        // A day that a person chose may be an earlier one.
        if (next.not_before && next.action.due)
            next.not_before = std::min(*next.not_before, *next.action.due);
        note(next, visit);
        return next;
    }

    /// The source says nothing of what was found.
    ScreeningStep no_rule_of(Date day) const {
        ScreeningStep step;
        step.code = ScreeningAction::review;
        step.due = day;
        step.due_to = day;
        step.why.push_back({pathway_.id + "/no-rule", msg("pathway.no_rule")});
        return step;
    }

    /// What suspected cancer and the look that didn't see it: somebody looks at both.
    Review unexplained(const Visit& visit, const Done& done) const {
        Review review;
        review.action = no_rule_of(last_day_of(visit));
        review.action.why = {
            {pathway_.id + "/unexplained", msg("pathway.suspicion_not_explained")}};
        review.is_positive = true;
        review.is_suspicion = true;
        review.suspected_days = done.suspected_days;
        return review;
    }

    bool is_hearsay(const Visit& visit) const {
        return !is_any(visit, [](const Finding& finding) { return !finding.is_told; });
    }

    /// A clinician's decision shows in what was chosen. Where cancer is suspected, tissue tells;
    /// where it is known, a treatment of cancer; and for what is high-grade, and no biopsy has told
    /// of, a treatment that leaves tissue.
    bool is_done_by(const Finding& finding, const Owed& owed) const {
        if (std::holds_alternative<Via>(finding.detail) && !pathway_.has_via) return false;
        const auto* treatment = std::get_if<Treatment>(&finding.detail);
        if (treatment && !may_do(*treatment, owed)) return false;
        if (owed.is_urgent)
            return fulfils(finding, ScreeningAction::histology) &&
                   !std::holds_alternative<Treatment>(finding.detail);
        if (owed.action.code != ScreeningAction::clinician_decides)
            return fulfils(finding, owed.action.code);
        return std::any_of(owed.action.choices.begin(), owed.action.choices.end(),
                           [&](ScreeningAction choice) { return fulfils(finding, choice); });
    }

    /// Of what was found that day and is known later it is no treatment, unless it takes tissue; a
    /// test or a look it spares her where it takes tissue, or was meant for a lesion.
    bool may_do(const Treatment& treatment, const Owed& owed) const {
        const bool takes = takes_tissue(treatment);
        const bool is_of_day = owed.visit == visit_;
        if (owed.has_cancer && !treats_cancer(treatment, !woman_.breast)) return false;
        if (owed.needs_tissue && !takes) return false;
        // A course of therapy treats a cancer of the cervix, and nothing less.
        if (!woman_.breast && is_course(treatment) && !owed.has_cancer) return false;
        if (is_of_day && is_course(treatment)) return false;
        if (is_treatment(owed.action.code)) return true;
        if (woman_.breast) return false;
        return takes || (!is_of_day && names_lesion(treatment));
    }

    /// The finding that did what was owed. A test whose result no rule answers does nothing.
    const Finding* find_done(const Visit& visit, const Owed& owed, unsigned left_open) const {
        for (auto i = visit.first; i < visit.end; ++i) {
            const auto& exact = woman_.findings[i];
            if (owed.not_before && exact.day < *owed.not_before) continue;
            const auto& detail = exact.finding->detail;
            if ((left_open >> detail.index() & 1U) != 0 && !is_higher_step(detail)) continue;
            if (is_done_by(*exact.finding, owed) && shows(*exact.finding, woman_.breast))
                return exact.finding;
        }
        return nullptr;
    }

    /// What it was that was found at the visit.
    void note(Owed& next, const Visit& visit) const {
        next.is_told = is_hearsay(visit);
        bool is_high_grade = false;
        bool is_cancer = false;
        bool has_glandular = false;
        bool has_tissue = false;
        bool has_precancer = false;
        for (auto i = visit.first; i < visit.end; ++i) {
            const auto& detail = woman_.findings[i].finding->detail;
            const auto severity = severity_for(woman_.findings[i], woman_.breast);
            next.has_cancer = next.has_cancer || is_known_cancer(woman_.findings[i], woman_.breast);
            is_high_grade = is_high_grade || Severity::high_grade <= severity;
            is_cancer = is_cancer || severity == Severity::cancer;
            has_glandular = has_glandular || is_glandular(*woman_.findings[i].finding);
            const bool is_tissue = rules::tells_tissue(*woman_.findings[i].finding);
            has_tissue = has_tissue || is_tissue;
            has_precancer = has_precancer || (is_tissue && Severity::high_grade <= severity);
            const bool is_told = woman_.findings[i].finding->is_told;
            const auto* treatment = std::get_if<Treatment>(&detail);
            const bool is_of_course = treatment && is_course(*treatment);
            next.is_course = next.is_course || is_of_course;
            next.is_treated = next.is_treated || (treatment && !is_told && !is_of_course);
            next.is_looked_at =
                next.is_looked_at || (!is_told && !is_of_course && is_treated_or_seen(detail));
        }
        next.is_course = next.is_course && !next.is_looked_at;
        next.needs_tissue = is_high_grade && !has_tissue && !next.has_cancer;
        next.is_beyond_precancer = (is_cancer || has_glandular) && !has_tissue;
        next.is_suspected = is_cancer && !has_tissue && !next.has_cancer && !next.is_told;
        next.is_proven = has_tissue || next.has_cancer;
        next.is_reported = !next.is_told && (has_precancer || next.has_cancer);
        next.is_cancer_reported = !next.is_told && next.has_cancer;
    }

    /// Its place in Walk::loops.
    std::size_t open_loop(const ScreeningStep& action, const Visit& visit) {
        const auto& last = last_of(visit);
        Loop loop;
        loop.step = action;
        loop.opened_on = last.day;
        loop.opened_by = last.finding->uid;
        walk_.loops.push_back(std::move(loop));
        return walk_.loops.size() - 1;
    }

    const Pathway& pathway_;
    ScreeningCase woman_;
    Walk walk_;
    std::size_t visit_ = 0;  // Which it is, from 1.
    KnownCancer cancer_;
};

}  // namespace

std::optional<OwedStep> Walk::owed() const {
    if (open.empty()) return routine ? std::optional(routine->step) : std::nullopt;
    const auto first = std::min_element(open.begin(), open.end(), is_more_urgent);
    OwedStep all{0, first->step.opened_on};
    for (const auto& one : open) all.step |= one.step.step;
    return all;
}

Walk walk(const Pathway& pathway, const ScreeningCase& woman) {
    auto known = woman;
    leave_out_weak_evidence(known);
    return Walker(pathway, std::move(known)).go();
}

}  // namespace egret::rules::detail
