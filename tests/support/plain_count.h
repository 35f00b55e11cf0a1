#pragma once

#include "registry/json/parse.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The indicators counted from person files, as their definitions' texts say it, by code that
/// knows nothing of the product but how JSON is read.
namespace egret::tests {

/// Area, facility and birth year.
using PlainKey = std::array<std::string, 3>;

struct PlainFigure {
    long numerator = 0;
    long denominator = 0;

    friend bool operator==(const PlainFigure&, const PlainFigure&) = default;
};

using PlainCells = std::map<PlainKey, PlainFigure>;

/// One line of a person file.
class PlainPerson {
public:
    explicit PlainPerson(std::string_view line) : person_(*json::parse(line)) {}

    /// By the id of one of the indicators that the program carries; `day` as "2024-02-29".
    void count(const std::string& indicator, const std::string& day, PlainCells& cells) const {
        if (text(person_, "sex") != "female" || !is_in_care(day) || !belongs(indicator, day))
            return;
        auto& cell = cells[{area(day), facility(day), birth().substr(0, 4)}];
        ++cell.denominator;
        if (counts(indicator, day)) ++cell.numerator;
    }

private:
    using Value = json::Value;

    static std::string text(const Value& object, std::string_view name) {
        const auto* member = object.find(name);
        return member && member->is_text() ? member->as_text() : "";
    }

    static bool is_true(const Value& object, std::string_view name) {
        const auto* member = object.find(name);
        return member && member->is_bool() && member->as_bool();
    }

    /// As text, so that days compare as they stand: "2020-02-29" five years on is "2025-02-29",
    /// which no day is, and which the 28th is before and the 1st of March after.
    static std::string years_on(const std::string& day, int years) {
        return std::to_string(std::stoi(day.substr(0, 4)) + years) + day.substr(4);
    }

    /// The same months later; the 1st of the next month where there is no such day.
    static std::string months_on(const std::string& day, int months) {
        static constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30,
                                                        31, 31, 30, 31, 30, 31};
        const int all = std::stoi(day.substr(0, 4)) * 12 + std::stoi(day.substr(5, 2)) - 1 + months;
        int year = all / 12;
        int month = all % 12;
        int number = std::stoi(day.substr(8, 2));
        const bool is_leap = year % 4 == 0;  // From 1901 to 2099.
        if (number > lengths[static_cast<std::size_t>(month)] + (month == 1 && is_leap ? 1 : 0)) {
            number = 1;
            year += month == 11 ? 1 : 0;
            month = (month + 1) % 12;
        }
        const auto two = [](int digits) {
            return std::string(digits < 10 ? "-0" : "-") + std::to_string(digits);
        };
        return std::to_string(year) + two(month + 1) + two(number);
    }

    template <class Visit>
    void for_each_event(std::string_view type, Visit visit) const {
        for (const auto& event : person_.find("events")->as_array()) {
            if (text(event, "type") == type && text(event, "status") != "not_done" &&
                text(event, "status") != "entered_in_error")
                visit(event);
        }
    }

    std::string birth() const { return text(person_, "birth_date"); }

    bool is_in_care(const std::string& day) const {
        bool is_in = false;
        for_each_event("register", [&](const Value& event) { is_in = text(event, "date") <= day; });
        for_each_event("death", [&](const Value& event) {
            if (text(event, "date") <= day) is_in = false;
        });
        return is_in;
    }

    bool is_of_screening_age(const std::string& day) const {
        return years_on(birth(), 35) <= day && day < years_on(birth(), 65);
    }

    bool has_no_cervix(const std::string& day) const { return has_flag("no_cervix", day); }

    bool has_flag(const std::string& code, const std::string& day) const {
        for (const auto& flag : person_.find("flags")->as_array()) {
            const auto to = text(flag, "to");
            if (text(flag, "code") == code && text(flag, "from") <= day &&
                (to.empty() || day <= to))
                return true;
        }
        return false;
    }

    std::string area(const std::string& day) const {
        std::string found = "unknown";
        if (const auto* areas = person_.find("area")) {
            for (const auto& area : areas->as_array()) {
                if (text(area, "from") <= day) found = text(area, "code");
            }
        }
        return found;
    }

    std::string facility(const std::string& day) const {
        auto found = text(person_, "facility");
        for_each_event("transfer", [&](const Value& event) {
            if (text(event, "date") <= day) found = text(event, "to_facility");
        });
        return found;
    }

    struct Given {
        std::string day;
        bool is_other_vaccine = false;  // Not one of two types.
        bool is_substandard = false;
        std::string round;

        friend bool operator<(const Given& a, const Given& b) {
            return std::pair(a.day, a.is_other_vaccine) < std::pair(b.day, b.is_other_vaccine);
        }
    };

    /// By day; of one day those of two types first.
    std::vector<Given> doses() const {
        std::vector<Given> all;
        for_each_event("dose", [&](const Value& event) {
            const auto product = text(event, "product");
            const bool is_bivalent = product == "egret:cecolin" || product == "egret:walrinvax" ||
                                     product == "egret:cervarix" || product == "cvx:118";
            all.push_back({text(event, "date"), !is_bivalent, is_true(event, "substandard"),
                           text(event, "round")});
        });
        std::stable_sort(all.begin(), all.end());
        return all;
    }

    /// The days of doses that aren't substandard, each once: of that round, or of any ("").
    std::vector<std::string> any_days(const std::string& round = "") const {
        std::vector<std::string> days;
        for (const auto& dose : doses()) {
            if (dose.is_substandard || (!round.empty() && dose.round != round)) continue;
            if (days.empty() || days.back() != dose.day) days.push_back(dose.day);
        }
        return days;
    }

    /// The days of the doses that count in China's programme: of two types, from the 9th birthday
    /// to the 46th, the second five months or more after the dose before it, valid or not.
    std::vector<std::string> valid_days() const {
        std::vector<std::string> days;
        std::string before;
        for (const auto& dose : doses()) {
            if (dose.is_substandard || dose.day < birth() || days.size() == 2) continue;
            if (dose.day >= years_on(birth(), 46) && days.empty()) continue;
            const bool is_too_early =
                days.empty() ? dose.day < years_on(birth(), 9) : dose.day < months_on(before, 5);
            if (!is_too_early && !dose.is_other_vaccine) days.push_back(dose.day);
            before = dose.day;
        }
        return days;
    }

    bool had(const std::vector<std::string>& days, std::size_t number,
             const std::string& day) const {
        return days.size() >= number && days[number - 1] <= day;
    }

    bool had_before_age(const std::vector<std::string>& days, std::size_t number, int age,
                        const std::string& day) const {
        return had(days, number, day) && days[number - 1] < years_on(birth(), age);
    }

    bool is_past_months(const std::vector<std::string>& days, int months,
                        const std::string& day) const {
        return !days.empty() && months_on(days[0], months) < day;
    }

    bool had_in_year(const std::vector<std::string>& days, std::size_t number,
                     const std::string& day) const {
        return had(days, number, day) && days[number - 1].substr(0, 4) == day.substr(0, 4);
    }

    bool belongs(const std::string& indicator, const std::string& day) const {
        if (indicator == "cervical-screened-5y")
            return is_of_screening_age(day) && !has_no_cervix(day);
        if (indicator == "breast-screened-3y") return is_of_screening_age(day);
        if (indicator == "cca-05-vaccinated") return has_flag("hiv", day);
        if (indicator == "hpv1-programme" || indicator == "hpvc-programme")
            return years_on(birth(), 13).substr(0, 4) == day.substr(0, 4);
        if (indicator.starts_with("hpv-haicang-2023"))
            return "2009-09-01" <= birth() && birth() <= "2010-08-31";
        if (indicator == "hpv-dropout" || indicator == "hpv2-on-time")
            return is_past_months(any_days(), 13, day);
        if (indicator == "hpv-dropout-valid") return is_past_months(valid_days(), 13, day);
        if (indicator == "hpv1-on-time") return had(any_days(), 1, day);
        return true;
    }

    bool counts(const std::string& indicator, const std::string& day) const {
        const auto any = any_days();
        const auto valid = valid_days();
        if (indicator == "cervical-screened-5y") return is_screened(day);
        if (indicator == "cervical-screened-by-35")
            return had_before_age(tested_days(), 1, 36, day);
        if (indicator == "cervical-screened-again-by-45")
            return had_before_age(tested_days(), 1, 36, day) &&
                   had_before_age(tested_days(), 2, 46, day);
        if (indicator == "breast-screened-3y") return had_breast_image(day);
        if (indicator == "cca-05-vaccinated") return had(any, 2, day);
        if (indicator == "hpv1-by-15") return had_before_age(any, 1, 15, day);
        if (indicator == "hpv1-by-15-valid") return had_before_age(valid, 1, 15, day);
        if (indicator == "hpvc-by-15") return had_before_age(any, 2, 15, day);
        if (indicator == "hpvc-by-15-valid") return had_before_age(valid, 2, 15, day);
        if (indicator == "hpv1-programme") return had_in_year(any, 1, day);
        if (indicator == "hpvc-programme") return had_in_year(any, 2, day);
        if (indicator == "hpv-haicang-2023-dose1") return had(any_days("haicang-2023"), 1, day);
        if (indicator == "hpv-haicang-2023-dose2") return had(any_days("haicang-2023"), 2, day);
        if (indicator == "hpv-dropout") return !had(any, 2, day);
        if (indicator == "hpv-dropout-valid") return !had(valid, 2, day);
        if (indicator == "hpv1-on-time") return had_before_age(any, 1, 14, day);
        if (indicator == "hpv2-on-time") {
            return had(any, 2, day) && months_on(any[0], 5) <= any[1] &&
                   any[1] <= months_on(any[0], 13);
        }
        throw std::logic_error("no plain counting of " + indicator);
    }

    /// The days of HPV tests with a result, each once.
    std::vector<std::string> tested_days() const {
        std::vector<std::string> days;
        for_each_event("hpv_test", [&](const Value& event) {
            const auto result = text(event, "result");
            if (result == "negative" || result == "positive") days.push_back(text(event, "date"));
        });
        std::sort(days.begin(), days.end());
        days.erase(std::unique(days.begin(), days.end()), days.end());
        return days;
    }

    bool had_breast_image(const std::string& day) const {
        bool had = false;
        for (const auto* type : {"breast_ultrasound", "mammogram"}) {
            for_each_event(type, [&](const Value& event) {
                const auto taken = text(event, "date");
                had = had || (taken <= day && day < years_on(taken, 3));
            });
        }
        return had;
    }

    bool is_screened(const std::string& day) const {
        bool is = false;
        for_each_event("hpv_test", [&](const Value& event) {
            const auto taken = text(event, "date");
            const auto result = text(event, "result");
            if (taken <= day && day < years_on(taken, 5) &&
                (result == "negative" || result == "positive"))
                is = true;
        });
        for_each_event("cytology", [&](const Value& event) {
            const auto taken = text(event, "date");
            if (taken > day || day >= years_on(taken, 3)) return;
            const auto* results = event.find("results");
            if (!results) return;
            for (const auto& result : results->as_array()) {
                if (result.as_text() != "UNSAT") is = true;
            }
        });
        return is;
    }

    json::Value person_;
};

}  // namespace egret::tests
