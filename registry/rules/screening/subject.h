#pragma once

#include "registry/base/date.h"
#include "registry/domain/history.h"
#include "registry/rules/subject.h"

#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace egret::rules {

/// What was found or done on a day. Alternatives are the facts of screening, as recorded.
using FindingDetail =
    std::variant<HpvTest, Cytology, Via, GynExam, Colposcopy, Histology, Treatment, BreastExam,
                 BreastUltrasound, Mammogram, SeniorReview>;

namespace detail {

template <class T, class Variant>
struct IsAlternative;

template <class T, class... Types>
struct IsAlternative<T, std::variant<Types...>> : std::disjunction<std::is_same<T, Types>...> {};

}  // namespace detail

/// True of the kinds of facts that are a FindingDetail.
template <class T>
inline constexpr bool is_finding_kind = detail::IsAlternative<T, FindingDetail>::value;

struct Finding {
    PartialDate date;
    FindingDetail detail;
    std::optional<Date> reported_on{};  // When its result was known.
    bool is_told = false;               // She says so, and nobody saw a paper.
    EventUid uid{};                     // Of its fact; of person files all are equal.

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// What the rules of screening see of a woman: nothing that names her.
struct ScreeningSubject {
    std::optional<PartialDate> birth_date;
    Sex sex = Sex::unknown;
    std::vector<SubjectFlag> flags;
    std::vector<Finding> findings;        // In any order.
    std::vector<Finding> without_date{};  // Their `date` means nothing.

    friend bool operator==(const ScreeningSubject&, const ScreeningSubject&) = default;
};

/// From who she is and the facts that hold of her (not voided, as last corrected). Facts that say
/// of themselves that they don't count are left out.
ScreeningSubject screening_subject_of(const Demographics& who,
                                      const std::vector<const Fact*>& facts);
ScreeningSubject screening_subject_of(const History& history);

/// True of a fact that screening_subject_of takes something from, or that says who she is. The
/// rules of screening pass over all others.
bool is_seen_by_screening(const Fact& fact);

}  // namespace egret::rules
