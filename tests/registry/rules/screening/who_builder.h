#pragma once

#include "tests/registry/rules/screening/rows.h"

#include <string>
#include <utility>

/// Rows of WHO's table, for the algorithms and the women that they name.
namespace egret::tests {

class WhoRows {
public:
    /// For women of whom nobody knows that they have HIV. `algorithms` are their numbers: "124".
    void general(int number, const std::string& algorithms, const std::string& what,
                 const std::string& person, const std::string& expected) {
        for (const char algorithm : algorithms)
            rows_.push_back({number, what, person, expected, std::string(1, algorithm)});
    }

    /// For women living with HIV.
    void hiv(int number, const std::string& algorithms, const std::string& what,
             const std::string& person, const std::string& expected) {
        const std::string no_flags = R"("flags":[)";
        auto flagged = person;
        const auto at = flagged.find(no_flags) + no_flags.size();
        flagged.insert(at, flag("hiv", "2005-01-01") + (flagged[at] == ']' ? "" : ","));
        general(number, algorithms, what + ", HIV", flagged, expected);
    }

    void both(int number, const std::string& algorithms, const std::string& what,
              const std::string& person, const std::string& expected) {
        general(number, algorithms, what, person, expected);
        hiv(number, algorithms, what, person, expected);
    }

    const SourceRows& all() const noexcept { return rows_; }

private:
    SourceRows rows_;
};

/// Rows 36 to 76.
SourceRows who_care_rows();

/// The same day so many months later, written out: the day must exist there.
inline std::string after_months(const std::string& day, int months) {
    return Date::parse(day)->plus_months(months).to_string();
}

inline std::string within_half_a_year(const std::string& day) {
    return day + " " + after_months(day, 6);
}

/// She is treated, or it is seen how she can be, within six months.
inline std::string assessed(const std::string& day) {
    return "treatment|colposcopy_or_treatment|referral|clinician_decides " +
           within_half_a_year(day) + " in_follow_up|clinician_decides";
}

inline std::string evaluated(const std::string& day) {
    return "biopsy|histology|referral|cancer_care " + day + " soon in_follow_up";
}

}  // namespace egret::tests
