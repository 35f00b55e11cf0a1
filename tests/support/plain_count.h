#pragma once

#include "registry/json/parse.h"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

/// The first two indicators counted from person files, as their definitions say it, by code that
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

    /// "hpv1-by-15" or "cervical-screened-5y"; `day` as "2024-02-29".
    void count(std::string_view indicator, const std::string& day, PlainCells& cells) const {
        const bool is_screening = indicator == "cervical-screened-5y";
        if (text(person_, "sex") != "female" || !is_in_care(day)) return;
        if (is_screening && (!is_of_screening_age(day) || has_no_cervix(day))) return;
        auto& cell = cells[{area(day), facility(day), birth().substr(0, 4)}];
        ++cell.denominator;
        if (is_screening ? is_screened(day) : is_vaccinated(day)) ++cell.numerator;
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

    bool has_no_cervix(const std::string& day) const {
        for (const auto& flag : person_.find("flags")->as_array()) {
            const auto to = text(flag, "to");
            if (text(flag, "code") == "no_cervix" && text(flag, "from") <= day &&
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

    bool is_vaccinated(const std::string& day) const {
        bool is = false;
        for_each_event("dose", [&](const Value& event) {
            const auto given = text(event, "date");
            if (given <= day && given < years_on(birth(), 15) && !is_true(event, "substandard"))
                is = true;
        });
        return is;
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
