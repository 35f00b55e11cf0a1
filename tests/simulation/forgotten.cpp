#include "tests/simulation/forgotten.h"

#include <algorithm>

namespace egret::tests {
namespace {

using follow_up::Loop;
using follow_up::LoopKind;
using follow_up::LoopState;
using follow_up::RecallState;
using world::Fate;
using world::Organ;
using world::Step;

/// On a later day than so many after it was asked for it is overdue, whatever limit the programme
/// has set: half a year for what is asked for at once, one and a half for a look after a year.
constexpr int late_days = 183;
constexpr int late_suspected_days = 31;
constexpr int late_recheck_days = 550;
/// The ages of the plan: 35 to 64.
constexpr int from_age = 35;
constexpr int until_age = 65;

/// Asks for days that aren't known, beside what is owed.
bool is_about_days(const Loop& loop) { return loop.why.rule.ends_with("/inexact-date"); }

bool is_of(const Loop& loop, Organ organ) {
    if (is_about_days(loop)) return false;
    if (loop.protocol.empty() || loop.site != world::site_of(organ)) return false;
    if (!loop.breast) return true;
    return (*loop.breast == HistologySite::breast_left) == (organ == Organ::left_breast);
}

bool is_for(const Loop& loop, const world::Ask& ask) {
    return is_of(loop, ask.organ) && is_action_for(ask.step, loop.action);
}

std::string name_of(Organ organ) {
    return organ == Organ::cervix        ? "cervix"
           : organ == Organ::left_breast ? "left breast"
                                         : "right breast";
}

const char* name_of(Fate fate) {
    return fate == Fate::done ? "done" : fate == Fate::documented ? "documented" : "open";
}

}  // namespace

bool is_action_for(Step step, const std::string& action) {
    switch (step) {
        case Step::none: return false;
        case Step::recheck: return action == "surveillance";
        case Step::hpv_test: return action == "hpv_test";
        case Step::cytology: return action == "cytology";
        case Step::ultrasound: return action == "breast_ultrasound";
        case Step::mammography: return action == "mammography";
        case Step::look: return action == "review";
        case Step::senior_review: return action == "senior_review";
        case Step::decision:
        case Step::palpation: return action == "clinician_decides";
        case Step::colposcopy: return action == "colposcopy";
        case Step::tissue:
        case Step::tissue_at_once: return action == "histology" || action == "biopsy";
        case Step::treatment: return action == "treatment";
    }
    return false;
}

ForgottenCheck::ForgottenCheck(const ScreenedWorld& world, Date on) : world_(world), on_(on) {
    for (const auto& life : world.lives()) {
        for (const auto& taken : life.truth.taken_back) taken_back_[taken.woman].push_back(taken);
        for (const auto& entry : life.entries) {
            if (entry.subject != life.id) mistaken_for_.insert(entry.subject);
        }
    }
}

void ForgottenCheck::fail(const std::string& what) {
    faults_.push_back("seed " + std::to_string(world_.plan().seed) + ", life " +
                      std::to_string(number_) + " (" + life_->kind + ") on " + on_.to_string() +
                      ": " + what);
}

void ForgottenCheck::check(std::size_t number, const Answer& answer) {
    number_ = number;
    life_ = &world_.lives()[number];
    answer_ = &answer;
    check_positives();
    // In the month itself nobody knows whether it was by then.
    const auto& inexact = life_->truth.inexact_day;
    if (inexact && on_ < *inexact && inexact->plus_days(-31) < on_) return;
    check_asks();
    check_listed();
    check_awaited();
    check_informing();
    check_taken_back();
    check_recalls();
}

/// That which stood for a result of that day from then on: opened by its visit, or before.
const Loop* ForgottenCheck::find_loop(const world::Ask& ask, Date day) const {
    const Loop* found = nullptr;
    for (const auto& loop : answer_->loops) {
        if (!is_for(loop, ask) || day < loop.opened_on) continue;
        if (loop.opened_on < day && loop.closed_on && *loop.closed_on <= day &&
            loop.state != LoopState::not_done)
            continue;
        if (!found || found->opened_on <= loop.opened_on) found = &loop;
    }
    return found;
}

const Loop* ForgottenCheck::find_open(const world::Ask& ask) const {
    const auto open = std::find_if(
        answer_->listed.begin(), answer_->listed.end(),
        [&](const Loop& loop) { return is_for(loop, ask) && loop.state == LoopState::open; });
    return open == answer_->listed.end() ? nullptr : &*open;
}

void ForgottenCheck::check_positives() {
    for (const auto& positive : life_->truth.positives) {
        if (on_ < positive.day) continue;
        const auto& asks = life_->truth.asks;
        auto ask = positive.ask;
        const auto* loop = find_loop(asks[ask], positive.day);
        while (loop && loop->state == LoopState::overtaken && asks[ask].successor) {
            ask = *asks[ask].successor;
            loop = find_loop(asks[ask], *loop->closed_on);
        }
        const auto fate = life_->truth.fate_of(positive.ask, on_);
        const auto where = " (" + name_of(positive.organ) + ", " + positive.day.to_string() + ")";
        if (!loop) {
            ++numbers_.missing;
            fail("nothing stands for a positive result" + where);
            continue;
        }
        auto said = Fate::open;
        if (loop->state == LoopState::done) said = Fate::done;
        if (loop->state == LoopState::not_done) said = Fate::documented;
        numbers_.done += said == Fate::done;
        numbers_.documented += said == Fate::documented;
        numbers_.open += said == Fate::open;
        numbers_.overdue += said == Fate::open && answer_->on_failsafe.count(loop->id) > 0;
        if (said != fate && !(said == Fate::open && may_be_open(positive.ask)))
            fail("a positive result is " + std::string(name_of(fate)) + ", and said to be " +
                 name_of(said) + where);
    }
}

/// Whatever is asked for and neither done nor documented is open, as the right action, and on the
/// failsafe list when its time is over; and nothing else is.
void ForgottenCheck::check_asks() {
    const auto& truth = life_->truth;
    for (std::size_t i = 0; i < truth.asks.size(); ++i) {
        const auto& ask = truth.asks[i];
        if (on_ < ask.from || (ask.ended && *ask.ended <= on_)) continue;
        const auto* open = find_open(ask);
        const bool is_open = truth.fate_of(i, on_) == Fate::open;
        const auto what = std::string(to_string(ask.step)) + " of the " + name_of(ask.organ);
        if (!is_open) continue;
        if (!open) {
            fail(what + " is asked for, and not listed");
            continue;
        }
        if (!is_action_for(ask.step, open->action))
            fail(what + " is asked for, and " + open->action + " is listed");
        const auto days = ask.step == Step::recheck ? late_recheck_days : late_days;
        if (ask.tried(on_).plus_days(days) < on_ && answer_->on_failsafe.count(open->id) == 0)
            fail(what + " is long overdue, and not on the failsafe list");
        const auto suspected = ask.suspected(on_);
        if (suspected && ask.step != Step::treatment &&
            suspected->plus_days(late_suspected_days) < on_ &&
            answer_->on_failsafe.count(open->id) == 0)
            fail(what + " is overdue for a suspected cancer, and not on the failsafe list");
        if (on_ <= ask.counts_from(on_) && answer_->on_failsafe.count(open->id) > 0)
            fail(what + " is asked for today, and overdue already");
        const bool is_said = std::any_of(
            answer_->decisions.begin(), answer_->decisions.end(), [&](const auto& decision) {
                return decision.site == world::site_of(ask.organ) &&
                       std::any_of(decision.actions.begin(), decision.actions.end(),
                                   [&](const rules::ScreeningStep& step) {
                                       return is_action_for(
                                           ask.step, std::string(egret::to_string(step.code)));
                                   });
            });
        // Where a day matters that nobody knows, she is asked for that first.
        if (!is_said && !truth.inexact_day)
            fail(what + " is asked for, and the answer of the day is another");
        const bool is_end = world_.plan().last_day <= on_;
        if (is_end && open->owner != truth.owner) fail("what is open is owed by another clinic");
    }
}

/// What was given up while another woman's result stood among hers, and was taken for its work, is
/// rather asked for again; and so it is where a day isn't known.
bool ForgottenCheck::may_be_open(std::size_t ask) const {
    const auto fate = life_->truth.fate_of(ask, on_);
    const bool is_unsure = mistaken_for_.count(life_->id) > 0 || life_->truth.inexact_day;
    return fate == Fate::open || (fate == Fate::documented && is_unsure);
}

bool ForgottenCheck::is_expected(const Loop& open) const {
    const auto& truth = life_->truth;
    if (open.why.rule == "follow_up/unusable-result")
        return std::count(truth.unusable.begin(), truth.unusable.end(), open.opened_by) > 0;
    if (is_about_days(open)) return truth.inexact_day.has_value();
    if (!open.protocol.empty()) {
        for (std::size_t i = 0; i < truth.asks.size(); ++i) {
            const auto& ask = truth.asks[i];
            if (is_for(open, ask) && ask.from <= on_ && !(ask.ended && *ask.ended <= on_) &&
                may_be_open(i))
                return true;
        }
        return false;
    }
    if (open.kind == LoopKind::result_awaited || open.kind == LoopKind::feedback_awaited) {
        return std::any_of(truth.awaited.begin(), truth.awaited.end(), [&](const auto& awaited) {
            return awaited.fact == open.opened_by &&
                   !(awaited.answered && *awaited.answered <= on_);
        });
    }
    if (open.kind == LoopKind::inform) {
        return std::any_of(truth.positives.begin(), truth.positives.end(), [&](const auto& one) {
            return one.result == open.opened_by && !(one.informed && *one.informed <= on_);
        });
    }
    return open.kind == LoopKind::confirm;  // Counted by itself.
}

void ForgottenCheck::check_listed() {
    std::size_t open = 0;
    for (const auto& loop : answer_->loops) open += loop.state == LoopState::open;
    if (open != answer_->listed.size()) fail("not all that is open is listed");
    for (const auto& loop : answer_->listed) {
        if (!is_expected(loop)) fail(loop.action + " is listed for nothing");
        if (loop.is_overdue(on_) != (answer_->on_failsafe.count(loop.id) > 0))
            fail(loop.action + " is overdue or not, and the failsafe list says otherwise");
    }
}

void ForgottenCheck::check_awaited() {
    const auto& truth = life_->truth;
    // Who was given up is waited for no more; that is checked where results ask for something.
    if (!truth.documents.empty()) return;
    for (const auto& awaited : truth.awaited) {
        if (on_ < awaited.day || (awaited.answered && *awaited.answered <= on_)) continue;
        const auto loop =
            std::find_if(answer_->listed.begin(), answer_->listed.end(), [&](const Loop& open) {
                return open.opened_by == awaited.fact && open.protocol.empty();
            });
        if (loop == answer_->listed.end())
            fail("an answer is awaited, and not listed");
        else if (awaited.day.plus_days(late_days) < on_ &&
                 answer_->on_failsafe.count(loop->id) == 0)
            fail("an answer is long awaited, and not on the failsafe list");
    }
}

void ForgottenCheck::check_informing() {
    const auto& truth = life_->truth;
    if (!truth.documents.empty()) return;
    for (const auto& positive : truth.positives) {
        if (on_ < positive.day || positive.is_told || positive.informed) continue;
        const auto& ask = truth.asks[positive.ask];
        const bool came = std::any_of(truth.encounters.begin(), truth.encounters.end(),
                                      [&](Date day) { return ask.from < day && day <= on_; });
        const bool is_listed =
            std::any_of(answer_->listed.begin(), answer_->listed.end(), [&](const Loop& open) {
                return open.kind == LoopKind::inform && open.opened_by == positive.result;
            });
        if (!came && !is_listed) fail("nobody told her, and that is not listed");
    }
}

void ForgottenCheck::check_taken_back() {
    const auto taken = taken_back_.find(life_->id);
    for (const auto site : {ScreenedSite::cervix, ScreenedSite::breast}) {
        std::ptrdiff_t wanted = 0;
        if (taken != taken_back_.end()) {
            wanted = std::count_if(taken->second.begin(), taken->second.end(),
                                   [&](const world::TakenBack& one) {
                                       return one.site == site && one.day <= on_ &&
                                              !(one.agreed && *one.agreed <= on_);
                                   });
        }
        const auto listed = std::count_if(
            answer_->listed.begin(), answer_->listed.end(),
            [&](const Loop& open) { return open.kind == LoopKind::confirm && open.site == site; });
        if (listed != wanted)
            fail(std::to_string(wanted) + " results were taken back by one person, and " +
                 std::to_string(listed) + " are listed");
    }
}

bool ForgottenCheck::is_eligible(ScreenedSite site) const {
    const auto& truth = life_->truth;
    const auto age = age_in_years(life_->birth, on_);
    const auto& lost = site == ScreenedSite::cervix ? truth.without_cervix : truth.without_breasts;
    return truth.is_alive(on_) && !(truth.moved_away && *truth.moved_away <= on_) &&
           from_age <= age && age < until_age && !(lost && *lost <= on_);
}

void ForgottenCheck::check_recalls() {
    check_recall(ScreenedSite::cervix);
    check_recall(ScreenedSite::breast);
}

void ForgottenCheck::check_recall(ScreenedSite site) {
    const auto& truth = life_->truth;
    const follow_up::Recall* recall = nullptr;
    int count = 0;
    for (const auto& one : answer_->recalls) {
        if (one.site != site) continue;
        recall = &one;
        ++count;
    }
    const bool is_eligible = this->is_eligible(site);
    const bool has_open =
        std::any_of(answer_->listed.begin(), answer_->listed.end(),
                    [&](const Loop& open) { return !open.site || open.site == site; });
    bool is_asked = false;  // Also if it was documented that it isn't done.
    for (const auto& ask : truth.asks) {
        const bool stands = ask.from <= on_ && !(ask.ended && *ask.ended <= on_);
        is_asked = is_asked || (stands && world::site_of(ask.organ) == site);
    }
    const bool was_screened = std::any_of(
        truth.routine.begin(), truth.routine.end(),
        [&](const auto& one) { return one.day <= on_ && world::site_of(one.organ) == site; });
    const bool is_out = !is_eligible && !has_open && !is_asked &&
                        !(was_screened && age_in_years(life_->birth, on_) < from_age);
    if (is_eligible ? count != 1 : (is_out ? 0 : 1) < count)
        fail("is in " + std::to_string(count) + " states of call and recall");
    if (!recall || !is_eligible) return;
    if (has_open && recall->state != RecallState::in_follow_up)
        fail("has something open, and is " + std::string(egret::to_string(recall->state)));
    if (has_open || is_asked) return;
    const auto wanted = routine_state(site);
    if (wanted && recall->state != *wanted)
        fail("should be " + std::string(egret::to_string(*wanted)) + ", and is " +
             std::string(egret::to_string(recall->state)));
    if (!recall->next_test_due) fail("is called to a test of no day");
}

/// Of a woman of whom nothing is asked, as far as the plan tells it.
std::optional<RecallState> ForgottenCheck::routine_state(ScreenedSite site) const {
    const auto& truth = life_->truth;
    if (site == ScreenedSite::cervix && truth.ceased && *truth.ceased <= on_)
        return RecallState::ceased;
    const world::Truth::PutOff* last = nullptr;
    for (const auto& one : truth.put_off) {
        if (one.site == site && one.from <= on_) last = &one;
    }
    if (last && on_ <= last->until) return RecallState::deferred;
    std::optional<Date> until;
    for (const auto organ : world::all_organs) {
        if (world::site_of(organ) != site) continue;
        std::optional<Date> of_organ;
        for (const auto& one : truth.routine) {
            if (one.organ == organ && one.day <= on_) of_organ = one.until;
        }
        if (!of_organ) return std::nullopt;
        until = std::min(until.value_or(*of_organ), *of_organ);
    }
    if (on_ < *until) return RecallState::up_to_date;
    return std::nullopt;
}

}  // namespace egret::tests
