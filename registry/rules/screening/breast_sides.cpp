#include "registry/rules/screening/breast_sides.h"

#include "registry/rules/screening/detail/walk.h"
#include "registry/rules/screening/evidence.h"

#include <algorithm>

namespace egret::rules {
namespace {

bool concerns(const Finding& finding, HistologySite breast) {
    const bool is_left = breast == HistologySite::breast_left;
    const auto of_image = [&](const auto& image) {
        return (is_left ? image.left : image.right) || (!image.left && !image.right);
    };
    if (const auto* treatment = std::get_if<Treatment>(&finding.detail)) {
        const auto other = is_left ? DiagnosisSite::breast_right : DiagnosisSite::breast_left;
        return treatment->site != other;
    }
    if (const auto* ultrasound = std::get_if<BreastUltrasound>(&finding.detail))
        return of_image(*ultrasound);
    if (const auto* mammogram = std::get_if<Mammogram>(&finding.detail))
        return of_image(*mammogram);
    const auto* histology = std::get_if<Histology>(&finding.detail);
    return !histology || histology->site == breast;
}

/// The worst of what the images of the last day on which there was one, up to that day, say of that
/// breast; nothing, if there is none.
std::optional<Severity> last_image(const ScreeningCase& side, Date day) {
    std::optional<std::pair<Date, Severity>> last;
    for (const auto& exact : side.findings) {
        const auto take = [&](const auto* image) {
            const bool is_left = side.breast == HistologySite::breast_left;
            const auto& seen = is_left ? image->left : image->right;
            if (!seen || !seen->birads || exact.finding->is_told || day < exact.day) return;
            const auto severity = severity_for(exact, side.breast);
            if (!last || last->first < exact.day)
                last = {exact.day, severity};
            else if (last->first == exact.day)
                last->second = std::max(last->second, severity);
        };
        const auto& detail = exact.finding->detail;
        if (const auto* ultrasound = std::get_if<BreastUltrasound>(&detail)) take(ultrasound);
        if (const auto* mammogram = std::get_if<Mammogram>(&detail)) take(mammogram);
    }
    return last ? std::optional(last->second) : std::nullopt;
}

bool is_review(const ExactFinding& exact) {
    return std::holds_alternative<SeniorReview>(exact.finding->detail);
}

/// Without the reviews.
ScreeningCase side_of(const ScreeningCase& woman, HistologySite breast) {
    auto side = woman;
    side.breast = breast;
    std::erase_if(side.findings, [&](const ExactFinding& exact) {
        return is_review(exact) || !concerns(*exact.finding, breast);
    });
    return side;
}

bool is_review_owed(const Pathway& pathway, const ScreeningCase& side, Date day) {
    auto known = side;
    std::erase_if(known.findings, [&](const ExactFinding& exact) { return day < exact.day; });
    const auto open = detail::walk(pathway, known).open;
    return std::any_of(open.begin(), open.end(), [](const detail::Owed& owed) {
        return owed.action.code == ScreeningAction::senior_review;
    });
}

/// Behind all else of its day.
void add(ScreeningCase& side, const ExactFinding& review) {
    const auto behind =
        std::upper_bound(side.findings.begin(), side.findings.end(), review.day,
                         [](Date day, const ExactFinding& exact) { return day < exact.day; });
    side.findings.insert(behind, review);
}

struct Reviewed {
    Date day;
    bool is_left = false;
    bool is_right = false;
};

Reviewed reviewed_on(const Pathway& pathway, const BreastSides& sides, Date day) {
    Reviewed reviewed{day, is_review_owed(pathway, sides.left, day),
                      is_review_owed(pathway, sides.right, day)};
    if (reviewed.is_left || reviewed.is_right) return reviewed;
    const auto left = last_image(sides.left, day);
    const auto right = last_image(sides.right, day);
    reviewed.is_left = left != Severity::none || !(Severity::none < right);
    reviewed.is_right = right != Severity::none || !(Severity::none < left);
    return reviewed;
}

}  // namespace

BreastSides sides_of(const Pathway& pathway, const ScreeningCase& woman) {
    BreastSides sides{side_of(woman, HistologySite::breast_left),
                      side_of(woman, HistologySite::breast_right)};
    std::optional<Reviewed> last;  // Reviews of one day are of the same breasts.
    for (const auto& exact : woman.findings) {
        if (!is_review(exact)) continue;
        if (!last || last->day != exact.day) last = reviewed_on(pathway, sides, exact.day);
        if (last->is_left) add(sides.left, exact);
        if (last->is_right) add(sides.right, exact);
    }
    return sides;
}

}  // namespace egret::rules
