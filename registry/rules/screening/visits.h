#pragma once

#include "registry/base/date.h"
#include "registry/rules/screening/subject.h"

#include <cstddef>
#include <vector>

namespace egret::rules {

/// A finding on a day that is known, or assumed.
struct ExactFinding {
    Date day;
    const Finding* finding = nullptr;
};

/// A woman with all dates known, or assumed.
struct ScreeningCase {
    Date birth;
    Sex sex = Sex::unknown;
    const std::vector<SubjectFlag>* flags = nullptr;
    std::vector<ExactFinding> findings;  // By day; of one day in an order that says nothing.
    Date on;                             // The day of the question.
    /// Of the breast in question, whose findings alone are here.
    std::optional<HistologySite> breast;
};

/// Findings that belong together: of one day, or of the day after the first.
struct Visit {
    Date day;  // The first.
    std::size_t first = 0;
    std::size_t end = 0;  // Behind the last of its findings.
};

/// Two samples up to so many days apart are one visit: HPV and cytology taken so are a cotest (the
/// rule of CDC's cervical decision support).
inline constexpr int cotest_days = 1;

/// The visits, the oldest first. Each begins with the first finding that is not of the one before.
std::vector<Visit> visits_of(const ScreeningCase& woman);

}  // namespace egret::rules
