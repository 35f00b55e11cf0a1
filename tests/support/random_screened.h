#pragma once

#include "registry/base/random.h"
#include "tests/support/screening_person.h"

#include <string>
#include <utility>

namespace egret::tests {

/// Shuffles what stands in any order.
template <class T>
void shuffle(std::vector<T>& items, SeededRandom& random) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

/// The event as if somebody had taken it back.
inline std::string in_error(std::string event) {
    return event.insert(event.size() - 1, R"(,"status":"entered_in_error")");
}

/// The text with all its days known to the month only (7 characters) or to the year (4), but those
/// that must be known to the day.
inline std::string blurred(std::string text, std::size_t kept) {
    for (const std::string name : {"\"date\":\"", "\"from\":\"", "\"to\":\""}) {
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1))
            text.erase(at + name.size() + kept, 10 - kept);
    }
    return text;
}

/// A woman with up to nine findings of cervix and breast, often of one visit, of the next day, or
/// after the intervals of the guidelines; also with findings that contradict each other, that are
/// from after the question or before her birth. Not likely, but everything that may be.
class RandomScreened {
public:
    explicit RandomScreened(SeededRandom& random) : random_(random) {
        line_.on = "2024-06-01";
        line_.birth = some_day(1945, 62).to_string();
        day_ = some_day(2009, 15);
        const bool is_cervix = random_.chance(0.65);
        for (auto count = random_.below(10); count > 0; --count) {
            const bool is_other = random_.chance(0.1);
            line_.events.push_back(is_cervix != is_other ? of_cervix() : of_breast());
            day_ = next_day();
            if (Date::from_ymd(2025, 6, 1) < day_) day_ = some_day(2009, 15);
        }
        for (auto count = random_.below(3); count > 0; --count) line_.flags.push_back(some_flag());
    }

    const WomanLine& line() const noexcept { return line_; }

private:
    std::string one_of(const Words& items) { return items[random_.below(items.size())]; }

    Date some_day(int year, int years) {
        return Date::from_ymd(year, 1, 1)
            .plus_days(static_cast<int>(random_.below(static_cast<std::uint64_t>(years) * 365)));
    }

    Date next_day() {
        switch (random_.below(9)) {
            case 0:
            case 1: return day_;
            case 2: return day_.plus_days(1);
            case 3: return day_.plus_days(static_cast<int>(random_.below(90)));
            case 4: return day_.plus_months(12);
            case 5: return day_.plus_months(6).plus_days(static_cast<int>(random_.below(3)) - 1);
            case 6: return day_.plus_months(36);
            case 7: return day_.plus_months(60).plus_days(static_cast<int>(random_.below(3)) - 1);
            default: return some_day(2009, 16);
        }
    }

    std::string dressed(std::string event) {
        if (random_.chance(0.05))
            event.insert(event.size() - 1,
                         R"(,"reported_on":")" + day_.plus_days(14).to_string() + "\"");
        if (random_.chance(0.03)) event = in_error(event);
        if (random_.chance(0.05)) event.insert(event.size() - 1, R"(,"source":"told")");
        return event;
    }

    std::string some_cytology(const std::string& day) {
        static const Words codes{"NILM",  "NILM",   "NILM",     "ASC-US", "LSIL", "ASC-H",
                                 "HSIL",  "SCC",    "AGC",      "AIS",    "ADC",  "UNSAT",
                                 "NO_TZ", "AGC-FN", "BEC",      "AGC-EC", "ESC",  "HIST",
                                 "BGC",   "AGC-EM", "AGC-EC-FN"};
        Words results;
        for (auto count = random_.below(3); count > 0; --count) results.push_back(one_of(codes));
        if (results.empty() && random_.chance(0.8)) results.push_back(one_of(codes));
        return cytology(day, results);
    }

    std::string of_cervix() {
        const auto day = day_.to_string();
        switch (random_.below(8)) {
            case 0:
            case 1: {
                const auto result =
                    one_of({"negative", "negative", "positive", "positive", "invalid", "unknown"});
                Words types;
                if (result == "positive" && random_.chance(0.6))
                    types = {one_of({"16", "18", "45", "52", "other_hr"})};
                return dressed(hpv(day, result, types));
            }
            case 2:
            case 3: return dressed(some_cytology(day));
            case 4:
                return dressed(
                    via(day, one_of({"negative", "positive", "suspected_cancer", "invalid"})));
            case 5:
                if (random_.chance(0.3))
                    return dressed(gyn_exam(day, one_of({"normal", "abnormal"})));
                if (random_.chance(0.2)) return dressed(colposcopy_of_zone(day, "low_grade", 3));
                return dressed(colposcopy(day, one_of({"", "normal", "low_grade", "high_grade",
                                                       "suspected_cancer", "other"})));
            case 6:
                return dressed(histology(day,
                                         one_of({"benign", "CIN1", "CIN2", "CIN3", "HSIL", "AIS",
                                                 "microinvasive", "cancer", "insufficient"}),
                                         one_of({"", "", "cervix", "endometrium"})));
            default:
                return dressed(treatment(day,
                                         one_of({"leep", "cone", "cryotherapy", "thermal_ablation",
                                                 "hysterectomy", "other"}),
                                         one_of({"", "CIN2", "HSIL", "AIS"})));
        }
    }

    std::string of_breast() {
        static const Words birads{"", "0", "1", "1", "2", "3", "4", "4a", "4b", "4c", "5", "6"};
        const auto day = day_.to_string();
        switch (random_.below(6)) {
            case 0: return dressed(breast_exam(day, one_of({"normal", "normal", "abnormal"})));
            case 1:
            case 2: return dressed(scan("breast_ultrasound", day, birads));
            case 3: return dressed(scan("mammogram", day, birads));
            case 4:
                return dressed(
                    senior_review(day, one_of({"short_follow_up", "biopsy", "other"}),
                                  random_.chance(0.6) ? day_.plus_months(6).to_string() : ""));
            default:
                if (random_.chance(0.3))
                    return dressed(treatment(day, one_of({"mastectomy", "lumpectomy"})));
                return dressed(histology(
                    day, one_of({"benign", "LCIS", "DCIS", "invasive", "cancer", "insufficient"}),
                    one_of({"breast_left", "breast_right"})));
        }
    }

    std::string scan(const std::string& type, const std::string& day, const Words& birads) {
        return event(type, day, {{"left", one_of(birads)}, {"right", one_of(birads)}});
    }

    std::string some_flag() {
        const auto code =
            one_of({"hiv", "immunocompromised", "pregnant", "no_cervix", "precancer_history",
                    "breast_high_risk", "abnormal_bleeding", "mastectomy_left", "mastectomy_right",
                    "postmenopausal", "visible_lesion", "des_exposure", "future_pregnancy_concern",
                    "icd10:Z85.4"});
        const auto from = random_.chance(0.7) ? some_day(2000, 25).to_string() : "";
        const auto to = random_.chance(0.3) ? some_day(2015, 12).to_string() : "";
        return flag(code, from, to);
    }

    SeededRandom& random_;
    WomanLine line_;
    Date day_;
};

}  // namespace egret::tests
