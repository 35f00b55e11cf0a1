#include "registry/follow_up/detail/openers.h"
#include "registry/rules/screening/site.h"
#include "registry/rules/screening/visits.h"

#include <algorithm>

namespace egret::follow_up::detail {
namespace {

using rules::Severity;

constexpr std::int64_t ms_of_day = 86'400'000;

Date day_of(const FactVersion& version) {
    return Date::from_days(static_cast<std::int32_t>(version.order.effective.ms() / ms_of_day));
}

bool has_16_or_18(const HpvTest& test) {
    return std::any_of(test.types.begin(), test.types.end(), [](HpvType type) {
        return type == HpvType::hpv16 || type == HpvType::hpv18;
    });
}

Severity severity_of_side(const std::optional<BreastFinding>& side) {
    BreastUltrasound image;
    image.left = side;
    return rules::severity_of(rules::FindingDetail(image));
}

template <class Image>
bool says_less_of_image(const Image& before, const Image& after) {
    return severity_of_side(after.left) < severity_of_side(before.left) ||
           severity_of_side(after.right) < severity_of_side(before.right);
}

/// A form that it had before says the same of the same day: nothing is taken back by it.
bool is_put_back(const std::vector<FactVersion>& versions, std::size_t i) {
    const auto& after = versions[i].fact;
    return std::any_of(versions.begin(), versions.begin() + static_cast<std::ptrdiff_t>(i),
                       [&](const FactVersion& version) {
                           return rules::severity_of(version.fact) != Severity::none &&
                                  version.fact.at.date == after.at.date &&
                                  !says_less(version.fact, after);
                       });
}

/// The sample is said to have been taken after the day on which its result was first written down.
bool passes_its_recording(const std::vector<FactVersion>& versions, const Fact& before,
                          const Fact& after) {
    const auto& first = versions.front();
    const auto recorded = recording_day(first.fact, first.order).plus_days(rules::cotest_days);
    return before.at.date && after.at.date && before.at.date->earliest() <= recorded &&
           recorded < after.at.date->earliest();
}

/// An examination by which something that was asked for may be done.
bool may_do(const Fact& fact) {
    return !std::holds_alternative<GynExam>(fact.detail) &&
           !std::holds_alternative<BreastExam>(fact.detail);
}

/// It was put before another finding of hers that was after it: that one may now do what it asked.
bool passes_another(const Question& question, const EventUid& uid, const Fact& before,
                    const Fact& after) {
    const auto site = rules::find_site(before);
    if (!site || !before.at.date || !after.at.date ||
        before.at.date->earliest() <= after.at.date->earliest())
        return false;
    return std::any_of(
        question.history.facts.begin(), question.history.facts.end(), [&](const LiveFact& live) {
            const auto& date = live.fact.at.date;
            return live.uid != uid && date && may_do(live.fact) &&
                   rules::is_finding_of(live.fact, *site) &&
                   after.at.date->earliest() <= date->latest() &&
                   date->latest().plus_days(rules::cotest_days) < before.at.date->earliest();
        });
}

/// Something that says no less, of the same kind and day, holds: it was recorded anew.
bool is_recorded_anew(const Question& question, const AmendedFact& amended, const Fact& before) {
    return std::any_of(
        question.history.facts.begin(), question.history.facts.end(), [&](const LiveFact& live) {
            return live.uid != amended.uid && is_completed(live.fact) &&
                   live.fact.detail.index() == before.detail.index() &&
                   live.fact.at.date == before.at.date && !says_less(before, live.fact);
        });
}

/// A closing of this loop by anybody but whoever changed the result.
const LiveFact* find_agreement(const Question& question, const std::string& id,
                               const FactVersion& change) {
    for (const auto& live : question.history.facts) {
        const auto* closing = std::get_if<Closing>(&live.fact.detail);
        if (closing && closing->action == id && is_known(question, live) &&
            live.author != change.author && change.order < live.order)
            return &live;
    }
    return nullptr;
}

void open(const Question& question, const AmendedFact& amended, const Fact& before,
          const FactVersion& change, std::vector<Loop>& loops) {
    const auto day = day_of(change);
    if (question.on < day || is_recorded_anew(question, amended, before)) return;
    Loop loop;
    loop.kind = LoopKind::confirm;
    loop.site = rules::find_site(before);
    loop.action = "confirm";
    loop.why = {"follow_up/confirm", msg("follow_up.confirm")};
    loop.severity = rules::severity_of(before);
    loop.opened_on = day;
    loop.opened_by = change.event;
    loop.opened_order = change.order;
    loop.due = day;
    loop.due_to = day.plus_days(question.times.confirm_within_days);
    if (const auto* agreed = find_agreement(question, loop_id(loop), change)) {
        loop.state = LoopState::done;
        loop.closed_on = clinical_day(agreed->fact, agreed->order);
        loop.closed_by = agreed->uid;
    }
    loops.push_back(std::move(loop));
}

}  // namespace

bool says_less(const Fact& before, const Fact& after) {
    if (rules::severity_of(after) < rules::severity_of(before)) return true;
    if (rules::find_site(after) != rules::find_site(before)) return true;
    if (const auto* test = std::get_if<HpvTest>(&before.detail))
        return has_16_or_18(*test) && !has_16_or_18(std::get<HpvTest>(after.detail));
    if (const auto* tissue = std::get_if<Histology>(&before.detail))
        return tissue->site.value_or(HistologySite::cervix) !=
               std::get<Histology>(after.detail).site.value_or(HistologySite::cervix);
    if (const auto* image = std::get_if<BreastUltrasound>(&before.detail))
        return says_less_of_image(*image, std::get<BreastUltrasound>(after.detail));
    if (const auto* image = std::get_if<Mammogram>(&before.detail))
        return says_less_of_image(*image, std::get<Mammogram>(after.detail));
    return false;
}

void open_of_amendments(const Question& question, std::vector<Loop>& loops) {
    for (const auto& amended : question.history.amended) {
        const auto& versions = amended.versions;
        const auto& now = versions.back().fact;
        for (std::size_t i = 1; i < versions.size(); ++i) {
            const auto& before = versions[i - 1].fact;
            const auto& after = versions[i].fact;
            if (rules::severity_of(before) == Severity::none) continue;
            const bool is_less =
                says_less(before, after) && (amended.voided || says_less(before, now));
            const auto is_moved_before_another = [&](const Fact& other) {
                return passes_another(question, amended.uid, before, other);
            };
            const bool is_moved =
                !is_put_back(versions, i) &&
                ((is_moved_before_another(after) && is_moved_before_another(now)) ||
                 (passes_its_recording(versions, before, after) &&
                  passes_its_recording(versions, before, now)));
            if (is_less || is_moved) open(question, amended, before, versions[i], loops);
        }
        if (amended.voided && rules::severity_of(now) != Severity::none)
            open(question, amended, now, *amended.voided, loops);
    }
}

}  // namespace egret::follow_up::detail
