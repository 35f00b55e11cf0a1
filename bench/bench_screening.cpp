// How many histories of screening are decided a minute: the rules alone, on persons that are read
// already, beside the reading of their lines, without which there is nothing to decide.

#include "bench/measure.h"
#include "registry/base/random.h"
#include "registry/codec/person_file.h"
#include "registry/rules/screening/catalog.h"
#include "registry/rules/screening/screening.h"

#include <string>
#include <string_view>
#include <vector>

namespace egret::bench {
namespace {

constexpr std::size_t persons_usual = 10'000;
constexpr std::size_t persons_full = 500'000;
constexpr int repetitions = 5;
constexpr double goal_a_minute = 500e3;

using Words = std::vector<std::string_view>;

/// A woman of 21 to 80 with up to nine findings of cervix and breast: tests, and what follows them,
/// of one visit or after the intervals of the guidelines. One in fifty has days known to the month.
class InventedWoman {
public:
    explicit InventedWoman(SeededRandom& random) : random_(random), day_(some_day(2008, 14)) {}

    std::string line() {
        const bool is_blurred = random_.chance(0.02);
        std::string text = R"({"id":"w","birth_date":")" + some_day(1944, 59).to_string() +
                           R"(","sex":"female","flags":[)";
        if (random_.chance(0.05))
            text += std::string(R"({"code":")") + one_of({"hiv", "precancer_history"}) + R"("})";
        text += R"(],"events":[)";
        const auto findings = random_.below(10);
        for (std::uint64_t i = 0; i < findings; ++i) {
            auto date = day_.to_string();
            if (is_blurred) date.resize(7);
            text += (i == 0 ? "" : ",") + finding(date);
            day_ = next_day();
        }
        return text + "]}";
    }

private:
    std::string one_of(const Words& words) {
        return std::string(words[random_.below(words.size())]);
    }

    Date some_day(int year, std::uint64_t years) {
        return Date::from_ymd(year, 1, 1).plus_days(static_cast<int>(random_.below(years * 365)));
    }

    Date next_day() {
        switch (random_.below(8)) {
            case 0:
            case 1: return day_;
            case 2: return day_.plus_days(1);
            case 3: return day_.plus_days(static_cast<int>(random_.below(90)));
            case 4: return day_.plus_months(6);
            case 5: return day_.plus_months(12);
            default: return day_.plus_months(36);
        }
    }

    static std::string event(std::string_view type, const std::string& date,
                             const std::string& member, const std::string& value) {
        return R"({"type":")" + std::string(type) + R"(","date":")" + date + R"(",")" + member +
               R"(":)" + value + "}";
    }

    std::string quoted(const Words& words) { return '"' + one_of(words) + '"'; }

    std::string finding(const std::string& date) {
        static const Words cells{"NILM", "NILM", "NILM", "ASC-US", "LSIL", "ASC-H", "HSIL", "AGC"};
        static const Words tissue{"benign", "CIN1", "CIN2", "CIN3", "AIS", "cancer"};
        static const Words birads{"1", "1", "2", "3", "4a", "5"};
        const auto both_breasts = [&] { return quoted(birads) + R"(,"right":)" + quoted(birads); };
        switch (random_.below(12)) {
            case 0:
            case 1:
            case 2: return event("hpv_test", date, "result", quoted({"negative"}));
            case 3:
                return event("hpv_test", date, "result",
                             R"("positive","types":[)" + quoted({"16", "18", "other_hr"}) + "]");
            case 4:
            case 5:
            case 6: return event("cytology", date, "results", "[" + quoted(cells) + "]");
            case 7:
                return event("colposcopy", date, "impression",
                             quoted({"normal", "low_grade", "high_grade"}));
            case 8: return event("histology", date, "results", "[" + quoted(tissue) + "]");
            case 9: return event("treatment", date, "procedure", quoted({"leep", "cryotherapy"}));
            case 10: return event("breast_ultrasound", date, "left", both_breasts());
            default: return event("mammogram", date, "left", both_breasts());
        }
    }

    SeededRandom& random_;
    Date day_;
};

rules::ScreeningSubject subject_of_line(const std::string& line) {
    const auto person = codec::parse_person(line);
    require(person, "a line is no person");
    std::vector<const Fact*> facts;
    for (const auto& event : person->events) facts.push_back(&event.fact);
    return rules::screening_subject_of(person->who, facts);
}

void run(const Options& options) {
    const auto count = options.full ? persons_full : persons_usual;
    const auto times = options.is_profile ? 1 : repetitions;
    SeededRandom random(1);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < count; ++i) lines.push_back(InventedWoman(random).line());
    std::vector<rules::ScreeningSubject> subjects;
    const auto parse_time = least_cpu_seconds(times, [&] {
        subjects.clear();
        for (const auto& line : lines) subjects.push_back(subject_of_line(line));
    });
    const Table table(options);
    const auto on = Date::from_ymd(2026, 6, 1);
    const auto a_minute = [&](double seconds) { return 60 * static_cast<double>(count) / seconds; };
    for (const auto* name :
         {"cn-cervical-2021", "cn-breast-2021", "who-cervical-2021", "us-asccp-2019"}) {
        const auto pathway = rules::find_pathway(name);
        require(pathway, "there is no such pathway");
        std::size_t actions = 0;
        const auto time = least_cpu_seconds(times, [&] {
            actions = 0;
            for (const auto& subject : subjects)
                actions += rules::decide(**pathway, subject, on).actions.size();
        });
        require(actions >= count, "a woman got no answer");
        table.add({std::string("decide by ") + name, shown(a_minute(time), "a minute"),
                   shown(a_minute(parse_time), "a minute"), parse_time / time, ">= 500 k a minute",
                   judged(a_minute(time) >= goal_a_minute)});
    }
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
