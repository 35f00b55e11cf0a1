#pragma once

#include "registry/base/random.h"
#include "registry/rules/protocol.h"
#include "registry/rules/subject.h"
#include "registry/rules/vaccine.h"

#include <string>
#include <vector>

namespace egret::tests {

/// Somebody whose ages and intervals lie on the limits of schedules, or a day beside them.
class RandomVaccinee {
public:
    RandomVaccinee(const rules::Protocol& protocol, SeededRandom& random)
        : protocol_(protocol), random_(random) {
        birth_ = Date::from_ymd(1990, 1, 1).plus_days(static_cast<int>(random_.below(12'000)));
        if (random_.chance(0.2))
            birth_ = one_of({Date::from_ymd(2008, 2, 29), Date::from_ymd(2010, 8, 31),
                             Date::from_ymd(2011, 11, 10)});
        subject_.birth_date = birth_;
        subject_.sex =
            one_of({Sex::female, Sex::female, Sex::female, Sex::male, Sex::other, Sex::unknown});
        add_doses();
        add_flags();
        subject_.area = one_of<std::string>({"", "350211", "350205003"});
        subject_.household_area = one_of<std::string>({"", "350100", "350205003"});
        subject_.school_area = one_of<std::string>({"", "350211"});
        subject_.goes_to_school = random_.chance(0.5);
        on_ =
            near(last_.plus_days(random_.chance(0.3) ? static_cast<int>(random_.below(3000)) : 0));
    }

    const rules::Subject& subject() const noexcept { return subject_; }

    /// The day of the question.
    Date on() const noexcept { return on_; }

    /// All dates are known to the day.
    bool is_exact() const noexcept { return is_exact_; }

    /// The same, without some days and months of dates.
    void blur() {
        const auto blurred = [&](const PartialDate& date) {
            const auto parts = date.earliest().ymd();
            const bool has_month = random_.chance(0.6);
            is_exact_ = false;
            return *PartialDate::from_parts(static_cast<int>(parts.year()),
                                            has_month ? static_cast<unsigned>(parts.month()) : 0,
                                            0);
        };
        if (random_.chance(0.4)) subject_.birth_date = blurred(*subject_.birth_date);
        for (auto& given : subject_.doses)
            if (random_.chance(0.4)) given.date = blurred(given.date);
    }

private:
    template <class T>
    T one_of(std::initializer_list<T> items) {
        return items.begin()[random_.below(items.size())];
    }

    Date near(Date day) { return day.plus_days(one_of({-1, 0, 0, 1})); }

    std::string some_product() {
        const auto& all = rules::known_vaccines();
        if (random_.chance(0.15)) return all[random_.below(all.size())].code;
        const auto& series = protocol_.schedule.series;
        const auto& vaccines = series[random_.below(series.size())].doses.front().vaccines;
        return vaccines[random_.below(vaccines.size())].vaccine;
    }

    void add_doses() {
        last_ = near(plus(
            birth_, one_of({Period{9, 0, -4}, Period{9, 0, 0}, Period{11, 0, 0}, Period{13, 0, 0},
                            Period{14, 0, 0}, Period{15, 0, 0}, Period{18, 0, 0}, Period{21, 0, 0},
                            Period{27, 0, 0}, Period{45, 6, 0}, Period{46, 0, 0}})));
        for (auto count = random_.below(5); count-- > 0;) {
            subject_.doses.push_back({last_, some_product(), random_.chance(0.05)});
            last_ =
                near(plus(last_, one_of({Period{0, 0, 0}, Period{0, 0, 24}, Period{0, 0, 28},
                                         Period{0, 1, 0}, Period{0, 2, 0}, Period{0, 0, 80},
                                         Period{0, 0, 84}, Period{0, 5, -4}, Period{0, 5, 0},
                                         Period{0, 6, 0}, Period{0, 12, 0}, Period{0, 13, 28}})));
        }
        if (random_.chance(0.05))
            subject_.doses.push_back({birth_.plus_days(-3), "cvx:165", false});
        if (random_.chance(0.05))
            subject_.doses.push_back({last_.plus_days(9000), "cvx:165", false});
    }

    void add_flags() {
        static const std::vector<std::string> codes{
            "hiv",      "immunocompromised",   "pregnant", "sexual_abuse_history",
            "cdsi:146", "allergy_hpv_vaccine", "cdsi:036", "breast_high_risk"};
        for (auto count = random_.below(3); count-- > 0;)
            subject_.flags.push_back({codes[random_.below(codes.size())], {}, {}});
    }

    const rules::Protocol& protocol_;
    SeededRandom& random_;
    rules::Subject subject_;
    Date birth_;
    Date last_;
    Date on_;
    bool is_exact_ = true;
};

}  // namespace egret::tests
