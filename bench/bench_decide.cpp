// How many persons are decided a minute: the rules alone, on persons that are read already, beside
// the reading of their lines, without which there is nothing to decide.

#include "bench/measure.h"
#include "registry/base/random.h"
#include "registry/codec/person_file.h"
#include "registry/rules/protocol_catalog.h"
#include "registry/rules/vaccination.h"

#include <string>
#include <vector>

namespace egret::bench {
namespace {

constexpr std::size_t persons_usual = 20'000;
constexpr std::size_t persons_full = 1'000'000;
constexpr int repetitions = 5;
constexpr double goal_a_minute = 1e6;

/// A girl or woman with up to three doses, some of a bivalent vaccine, some with a condition.
std::string invented_line(std::size_t number, SeededRandom& random) {
    const auto drawn = [&](int bound) {
        return static_cast<int>(random.below(static_cast<std::uint64_t>(bound)));
    };
    const auto birth = Date::from_ymd(1985, 1, 1).plus_days(drawn(11'000));
    const std::string product = random.chance(0.5) ? "cvx:165" : "egret:cecolin";
    std::string line = R"({"id":"p)" + std::to_string(number) + R"(","birth_date":")" +
                       birth.to_string() + R"(","sex":"female","flags":[)";
    if (random.chance(0.05)) line += R"({"code":"hiv"})";
    line += R"(],"events":[)";
    auto day = birth.plus_days(9 * 366 + drawn(4000));
    const int doses = drawn(4);
    for (int i = 0; i < doses; ++i) {
        line += std::string(i == 0 ? "" : ",") + R"({"type":"dose","date":")" + day.to_string() +
                R"(","product":")" + product + R"("})";
        day = day.plus_days(20 + drawn(300));
    }
    return line + "]}";
}

rules::Subject subject_of_line(const std::string& line) {
    const auto person = codec::parse_person(line);
    require(person, "a line is no person");
    std::vector<const Fact*> facts;
    for (const auto& event : person->events) facts.push_back(&event.fact);
    return rules::subject_of(person->who, facts);
}

void run(const Options& options) {
    const auto count = options.full ? persons_full : persons_usual;
    SeededRandom random(1);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < count; ++i) lines.push_back(invented_line(i, random));
    std::vector<rules::Subject> subjects;
    const auto parse_time = least_cpu_seconds(options.is_profile ? 1 : repetitions, [&] {
        subjects.clear();
        for (const auto& line : lines) subjects.push_back(subject_of_line(line));
    });
    const Table table(options);
    const auto on = Date::from_ymd(2025, 11, 26);
    const auto a_minute = [&](double seconds) { return 60 * static_cast<double>(count) / seconds; };
    for (const auto* name : {"us-cdsi-hpv", "who-hpv-2dose", "cn-nip-hpv-2025"}) {
        const auto protocol = rules::find_protocol(name);
        require(protocol, "there is no such protocol");
        std::size_t doses = 0;
        const auto time = least_cpu_seconds(options.is_profile ? 1 : repetitions, [&] {
            for (const auto& subject : subjects)
                doses += rules::decide(**protocol, subject, on).doses.size();
        });
        require(doses > count, "the persons have no doses");
        table.add({std::string("decide by ") + name, shown(a_minute(time), "a minute"),
                   shown(a_minute(parse_time), "a minute"), parse_time / time, ">= 1 M a minute",
                   judged(a_minute(time) >= goal_a_minute)});
    }
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
