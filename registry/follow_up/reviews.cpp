#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/evidence.h"
#include "registry/rules/screening/fulfilment.h"
#include "registry/rules/screening/site.h"
#include "registry/rules/screening/visits.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

using rules::ScreeningAction;
using rules::Severity;

Loop review_of(const Question& question, const LiveFact& live, std::optional<ScreenedSite> site,
               rules::Why why) {
    Loop loop;
    loop.kind = LoopKind::review;
    loop.site = site;
    loop.action = egret::to_string(ScreeningAction::review);
    loop.why = std::move(why);
    loop.severity = rules::severity_of(live.fact);
    loop.opened_on = live.fact.at.date ? clinical_day(live.fact, live.order) : recording_day(live);
    loop.opened_by = live.uid;
    loop.opened_order = live.settled;
    loop.due = std::max(loop.opened_on, first_known_day(question, live));
    loop.due_to = loop.due.plus_days(question.times.act_within_days);
    return loop;
}

void close_review(Loop& loop, const LiveFact& by) {
    loop.state = LoopState::done;
    loop.closed_on = clinical_day(by.fact, by.order);
    loop.closed_by = by.uid;
}

/// A finding without its date, or from before her birth, takes part in nothing.
void open_of_left_out(const Question& question, std::vector<Loop>& loops) {
    const auto& birth = question.history.who.birth_date;
    for (const auto& live : question.history.facts) {
        const auto site = rules::find_site(live.fact);
        if (!is_known(question, live) || !site) continue;
        const auto& date = live.fact.at.date;
        if (!date)
            loops.push_back(
                review_of(question, live, site, {"follow_up/undated", msg("follow_up.undated")}));
        else if (birth && date->latest() < birth->earliest())
            loops.push_back(review_of(question, live, site,
                                      {"follow_up/before-birth", msg("follow_up.before_birth")}));
    }
}

/// The pathways see the site of a diagnosis only in what screening found there.
bool is_seen_by_pathways(const Question& question, const LiveFact& diagnosed) {
    const auto& diagnosis = std::get<Diagnosis>(diagnosed.fact.detail);
    if (!diagnosis.site) return false;
    const bool is_cervix = *diagnosis.site == DiagnosisSite::cervix;
    if (!is_cervix && !is_breast(*diagnosis.site)) return false;
    const auto site = is_cervix ? ScreenedSite::cervix : ScreenedSite::breast;
    return std::any_of(
        question.history.facts.begin(), question.history.facts.end(), [&](const LiveFact& live) {
            return is_known(question, live) && rules::is_finding_of(live.fact, site) &&
                   rules::severity_of(diagnosed.fact) <= rules::severity_of(live.fact);
        });
}

/// As it says itself; else a hysterectomy is of the cervix and the endometrium, a trachelectomy of
/// the cervix, and an operation of a breast without a side is of a breast without one.
bool is_done_at(const Treatment& treatment, DiagnosisSite organ) {
    if (treatment.site) return treatment.site == organ;
    switch (*treatment.procedure) {
        case Procedure::hysterectomy:
            return organ == DiagnosisSite::cervix || organ == DiagnosisSite::endometrium;
        case Procedure::trachelectomy: return organ == DiagnosisSite::cervix;
        case Procedure::mastectomy:
        case Procedure::lumpectomy: return organ == DiagnosisSite::breast;
        default: return false;
    }
}

/// She was treated for it on a later day: by what treats cancer, or, where it is none, takes the
/// lesion out, and for no other reason.
const LiveFact* find_treatment_of(const Question& question, const LiveFact& found) {
    const auto organ = rules::find_organ(found.fact);
    const auto severity = rules::severity_of(found.fact);
    for (const auto& live : question.history.facts) {
        const auto* treatment = std::get_if<Treatment>(&live.fact.detail);
        if (!organ || !treatment || !treatment->procedure || !live.fact.at.date ||
            !is_known(question, live) || live.fact.at.source == Source::told ||
            live.fact.at.date->earliest() <= clinical_day(found.fact, found.order))
            continue;
        const bool is_enough =
            rules::treats_cancer(*treatment, *organ == DiagnosisSite::cervix) ||
            (severity == Severity::high_grade && rules::takes_tissue(*treatment));
        const bool is_for_it = treatment->reason.empty() || rules::names_lesion(*treatment);
        if (is_enough && is_for_it && is_done_at(*treatment, *organ)) return &live;
    }
    return nullptr;
}

/// What was found, and no pathway follows: a lesion of another organ, or a diagnosis alone. Its
/// treatment ends the review.
void open_of_unfollowed(const Question& question, std::vector<Loop>& loops) {
    for (const auto& live : question.history.facts) {
        if (!is_known(question, live) || rules::find_site(live.fact) ||
            rules::severity_of(live.fact) < Severity::high_grade)
            continue;
        const auto* diagnosis = std::get_if<Diagnosis>(&live.fact.detail);
        if (diagnosis && is_seen_by_pathways(question, live)) continue;
        std::optional<ScreenedSite> site;
        if (diagnosis && diagnosis->site == DiagnosisSite::cervix) site = ScreenedSite::cervix;
        if (diagnosis && diagnosis->site && is_breast(*diagnosis->site))
            site = ScreenedSite::breast;
        auto loop =
            review_of(question, live, site, {"follow_up/unfollowed", msg("follow_up.unfollowed")});
        if (const auto* treated = find_treatment_of(question, live)) close_review(loop, *treated);
        loops.push_back(std::move(loop));
    }
}

/// A test that screens a site, or what comes of one.
bool is_test(const Fact& fact) {
    const auto& detail = fact.detail;
    return std::holds_alternative<HpvTest>(detail) || std::holds_alternative<Cytology>(detail) ||
           std::holds_alternative<Via>(detail) || std::holds_alternative<Colposcopy>(detail) ||
           std::holds_alternative<BreastUltrasound>(detail) ||
           std::holds_alternative<Mammogram>(detail);
}

/// Which breasts an image names; both, if it names none.
struct Sides {
    bool left = true;
    bool right = true;
};

template <class Image>
Sides sides_named(const Image& image) {
    if (!image.left && !image.right) return {};
    return {image.left.has_value(), image.right.has_value()};
}

template <class Image>
Sides sides_shown(const Image& image) {
    return {image.left && image.left->birads, image.right && image.right->birads};
}

/// Of a finding that is no image, both.
Sides sides_of(const Fact& fact, bool as_shown) {
    if (const auto* image = std::get_if<BreastUltrasound>(&fact.detail))
        return as_shown ? sides_shown(*image) : sides_named(*image);
    if (const auto* image = std::get_if<Mammogram>(&fact.detail))
        return as_shown ? sides_shown(*image) : sides_named(*image);
    return {};
}

/// Whether the one tells what the other could not: the same kind of finding, or, at a later visit,
/// any test of the site in the place of a test. A biopsy is made up for by a biopsy, and a look
/// through the colposcope by one or by a biopsy.
bool makes_up_for(const LiveFact& better, const LiveFact& poor, ScreenedSite site) {
    const auto poor_day = clinical_day(poor.fact, poor.order);
    const auto day = clinical_day(better.fact, better.order);
    if (day < poor_day || !rules::is_finding_of(better.fact, site)) return false;
    const auto named = sides_of(poor.fact, false);
    const auto shown = sides_of(better.fact, true);
    if ((named.left && !shown.left) || (named.right && !shown.right)) return false;
    if (const auto* tissue = std::get_if<Histology>(&better.fact.detail)) {
        const auto* missing = std::get_if<Histology>(&poor.fact.detail);
        if (missing) return missing->site == tissue->site;
        if (site == ScreenedSite::breast) return false;
    }
    if (better.fact.detail.index() == poor.fact.detail.index()) return true;
    if (day <= poor_day.plus_days(rules::cotest_days)) return false;
    if (std::holds_alternative<Histology>(better.fact.detail)) return true;
    return is_test(better.fact) && !std::holds_alternative<Histology>(poor.fact.detail) &&
           !std::holds_alternative<Colposcopy>(poor.fact.detail) &&
           !std::holds_alternative<SeniorReview>(poor.fact.detail);
}

const LiveFact* find_better(const Question& question, const LiveFact& poor, ScreenedSite site) {
    for (const auto& live : question.history.facts) {
        if (live.uid != poor.uid && is_known(question, live) && live.fact.at.date &&
            live.fact.at.source != Source::told && rules::is_usable(live.fact) &&
            makes_up_for(live, poor, site))
            return &live;
    }
    return nullptr;
}

/// A result that is unsatisfactory, invalid or not known, where no pathway asked for anything.
void open_of_unusable(const Question& question, std::vector<Loop>& loops) {
    std::vector<Loop> opened;
    for (const auto& live : question.history.facts) {
        const auto site = rules::find_site(live.fact);
        if (!site || !live.fact.at.date || !is_known(question, live) || rules::is_usable(live.fact))
            continue;
        const auto day = clinical_day(live.fact, live.order);
        const bool has_loop = std::any_of(loops.begin(), loops.end(), [&](const Loop& loop) {
            const bool is_of_visit =
                day <= loop.opened_on && loop.opened_on <= day.plus_days(rules::cotest_days);
            // Whatever is done for that makes this one needless.
            const bool is_needless = loop.kind == LoopKind::action &&
                                     loop.severity != Severity::none && loop.opened_on <= day &&
                                     !(loop.closed_on && *loop.closed_on <= day);
            return loop.site == site && (is_of_visit || is_needless);
        });
        if (has_loop) continue;
        auto loop = review_of(question, live, site,
                              {"follow_up/unusable-result", msg("follow_up.unusable_result")});
        if (const auto* better = find_better(question, live, *site)) close_review(loop, *better);
        opened.push_back(std::move(loop));
    }
    loops.insert(loops.end(), opened.begin(), opened.end());
}

}  // namespace

void open_of_reviews(const Question& question, std::vector<Loop>& loops) {
    open_of_unusable(question, loops);
    open_of_left_out(question, loops);
    open_of_unfollowed(question, loops);
}

}  // namespace egret::follow_up::detail
