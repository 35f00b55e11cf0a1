// How long a figure takes: the standard cut (district by year of birth) on any day, beside running
// totals that are looked up by hand, and beside a pass over all women in packed columns.

#include "bench/measure.h"
#include "registry/base/date.h"
#include "registry/base/random.h"
#include "registry/coverage/cube.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace egret::bench {
namespace {

using coverage::Contribution;
using coverage::Part;

constexpr std::size_t women_usual = 1'000'000;
constexpr std::size_t women_full = 10'000'000;
constexpr std::uint32_t districts = 50;
constexpr std::uint32_t facilities_a_district = 20;
constexpr int first_birth_year = 1950;
constexpr std::uint32_t birth_years = 60;
constexpr std::size_t cell_count = std::size_t{districts} * birth_years;
constexpr int days_asked = 200;
constexpr std::int32_t never = 1'000'000;

/// When she belongs, and when she counts: half-open stretches of days.
struct Woman {
    std::uint32_t district = 0;
    std::uint32_t facility = 0;
    std::uint32_t birth_year = 0;  // Since the first.
    std::uint32_t birth_month = 1;
    std::int32_t from = 0;
    std::int32_t to = 0;
    std::array<std::int32_t, 2> screened{never, never};
    std::array<std::int32_t, 2> lapsed{never, never};

    std::uint32_t cell() const { return district * birth_years + birth_year; }
};

Woman invented_woman(SeededRandom& random) {
    const auto drawn = [&](std::uint64_t bound) {
        return static_cast<std::uint32_t>(random.below(bound));
    };
    Woman woman;
    woman.district = drawn(districts);
    woman.facility = drawn(facilities_a_district);
    woman.birth_year = drawn(birth_years);
    woman.birth_month = 1 + drawn(12);
    const int born = first_birth_year + static_cast<int>(woman.birth_year);
    const auto birthday = [&](int age) {
        return Date::from_ymd(born + age, woman.birth_month, 1).days();
    };
    const auto registered = Date::from_ymd(2018, 1, 1).days() + static_cast<int>(drawn(2900));
    woman.from = std::max(registered, birthday(35));
    woman.to = std::max(woman.from, birthday(65));
    std::int32_t day = woman.from;
    for (std::size_t i = 0; i < 2 && woman.from < woman.to; ++i) {
        if (!random.chance(0.8)) break;
        day += static_cast<std::int32_t>(drawn(900)) + (i == 0 ? 0 : 1830);
        woman.screened[i] = std::min(day, woman.to);
        woman.lapsed[i] = std::min(day + 1826, woman.to);
    }
    return woman;
}

void put(Contribution& to, Part part, const coverage::Key& key, std::int32_t from,
         std::int32_t until) {
    if (from >= until) return;
    to.push_back({part, key, Date::from_days(from), 1});
    to.push_back({part, key, Date::from_days(until), -1});
}

Contribution deltas_of(const Woman& woman) {
    const auto district = 350'200 + static_cast<int>(woman.district);
    const auto facility = woman.district * facilities_a_district + woman.facility;
    const coverage::Key key{std::to_string(district), "C" + std::to_string(1000 + facility),
                            (first_birth_year + static_cast<int>(woman.birth_year)) * 13 +
                                static_cast<int>(woman.birth_month)};
    Contribution deltas;
    put(deltas, Part::denominator, key, woman.from, woman.to);
    for (std::size_t i = 0; i < woman.screened.size(); ++i)
        put(deltas, Part::numerator, key, woman.screened[i], woman.lapsed[i]);
    return deltas;
}

struct Counts {
    std::int32_t numerator = 0;
    std::int32_t denominator = 0;

    friend bool operator==(const Counts&, const Counts&) = default;
};

using Figures = std::vector<Counts>;

/// A cell for each district and year, with its totals from each day on on which they change.
class RunningTotals {
public:
    explicit RunningTotals(const std::vector<Woman>& women) : cells_(cell_count) {
        std::vector<std::vector<Step>> steps(cell_count);
        for (const auto& woman : women) {
            auto& own = steps[woman.cell()];
            own.push_back({woman.from, {0, 1}});
            own.push_back({woman.to, {0, -1}});
            for (std::size_t i = 0; i < 2 && woman.screened[i] != never; ++i) {
                own.push_back({woman.screened[i], {1, 0}});
                own.push_back({woman.lapsed[i], {-1, 0}});
            }
        }
        for (std::size_t i = 0; i < cell_count; ++i) sum_up(steps[i], cells_[i]);
    }

    Figures ask(std::int32_t day) const {
        Figures figures(cell_count);
        for (std::size_t i = 0; i < cell_count; ++i) {
            const auto& days = cells_[i].days;
            const auto after = std::upper_bound(days.begin(), days.end(), day);
            if (after != days.begin())
                figures[i] = cells_[i].counts[static_cast<std::size_t>(after - days.begin()) - 1];
        }
        return figures;
    }

private:
    struct Step {
        std::int32_t day;
        Counts by;
    };

    struct Totals {
        std::vector<std::int32_t> days;
        std::vector<Counts> counts;
    };

    static void sum_up(std::vector<Step>& steps, Totals& totals) {
        std::sort(steps.begin(), steps.end(),
                  [](const Step& a, const Step& b) { return a.day < b.day; });
        Counts now;
        for (const auto& step : steps) {
            now.numerator += step.by.numerator;
            now.denominator += step.by.denominator;
            if (totals.days.empty() || totals.days.back() != step.day) {
                totals.days.push_back(step.day);
                totals.counts.push_back(now);
            } else {
                totals.counts.back() = now;
            }
        }
    }

    std::vector<Totals> cells_;
};

/// Every woman looked at, in columns of what the question needs.
class PackedColumns {
public:
    explicit PackedColumns(const std::vector<Woman>& women) {
        for (const auto& woman : women) {
            cell_.push_back(static_cast<std::uint16_t>(woman.cell()));
            from_.push_back(woman.from);
            to_.push_back(woman.to);
            for (std::size_t i = 0; i < 2; ++i) {
                screened_[i].push_back(woman.screened[i]);
                lapsed_[i].push_back(woman.lapsed[i]);
            }
        }
    }

    Figures ask(std::int32_t day) const {
        Figures figures(cell_count);
        for (std::size_t i = 0; i < cell_.size(); ++i) {
            const bool counts = (screened_[0][i] <= day && day < lapsed_[0][i]) ||
                                (screened_[1][i] <= day && day < lapsed_[1][i]);
            auto& figure = figures[cell_[i]];
            figure.denominator += static_cast<std::int32_t>(from_[i] <= day && day < to_[i]);
            figure.numerator += static_cast<std::int32_t>(counts);
        }
        return figures;
    }

private:
    std::vector<std::uint16_t> cell_;
    std::vector<std::int32_t> from_;
    std::vector<std::int32_t> to_;
    std::array<std::vector<std::int32_t>, 2> screened_;
    std::array<std::vector<std::int32_t>, 2> lapsed_;
};

Figures figures_of(const coverage::Answer& answer) {
    Figures figures(cell_count);
    for (const auto& cell : answer.cells) {
        const auto district = static_cast<std::size_t>(std::stoi(cell.values[0]) - 350'200);
        const auto year = static_cast<std::size_t>(std::stoi(cell.values[1]) - first_birth_year);
        figures[district * birth_years + year] = {
            static_cast<std::int32_t>(cell.figure.numerator),
            static_cast<std::int32_t>(cell.figure.denominator)};
    }
    return figures;
}

void run(const Options& options) {
    const auto count = options.full ? women_full : women_usual;
    SeededRandom random(1);
    std::vector<Woman> women;
    women.reserve(count);
    for (std::size_t i = 0; i < count; ++i) women.push_back(invented_woman(random));
    const RunningTotals totals(women);
    const PackedColumns columns(women);

    using coverage::Dimension;
    coverage::Query query{
        {Dimension::area, Dimension::birth_year}, {}, {Date::from_ymd(2026, 1, 1)}};
    coverage::Cube cube;
    double load = 0;
    {
        std::vector<Contribution> chunk;  // Made outside of what is measured.
        for (std::size_t i = 0; i < count; ++i) {
            chunk.push_back(deltas_of(women[i]));
            if (chunk.size() < 10'000 && i + 1 < count) continue;
            load += cpu_seconds_of([&] {
                for (const auto& deltas : chunk) cube.add(deltas);
            });
            chunk.clear();
        }
    }
    const auto first = cpu_seconds_of([&] { cube.ask(query); });

    std::vector<std::int32_t> days;
    days.reserve(days_asked);
    for (int i = 0; i < days_asked; ++i)
        days.push_back(Date::from_ymd(2018, 1, 1).days() +
                       static_cast<std::int32_t>(random.below(6000)));
    for (const auto day : days) {
        query.on = {Date::from_days(day)};
        const auto figures = totals.ask(day);
        require(figures == figures_of(cube.ask(query)), "the cube and the limit don't agree");
        if (day == days.front()) require(figures == columns.ask(day), "the pass doesn't agree");
    }
    const auto ours =
        least_cpu_seconds(5,
                          [&] {
                              for (const auto day : days) {
                                  query.on = {Date::from_days(day)};
                                  require(!cube.ask(query).totals.empty(), "no answer");
                              }
                          }) /
        days_asked;
    const auto limit =
        least_cpu_seconds(5,
                          [&] {
                              for (const auto day : days)
                                  require(totals.ask(day).size() == cell_count, "no answer");
                          }) /
        days_asked;
    const auto scan = least_cpu_seconds(
        5, [&] { require(columns.ask(days.front()).size() == cell_count, "no answer"); });
    const Table table(options);
    const auto size = shown(static_cast<double>(count), "women");
    table.add({"coverage, any day, " + size, shown(ours * 1e3, "ms"), shown(limit * 1e3, "ms"),
               ours / limit, "<= 1 ms", judged(ours <= 1e-3)});
    table.add({"  beside a pass over all women", shown(ours * 1e3, "ms"), shown(scan * 1e3, "ms"),
               ours / scan, "<= 2", judged(ours / scan <= 2)});
    table.add({"  cold: all deltas, and the first answer", shown((load + first) * 1e3, "ms"),
               shown(scan * 1e3, "ms"), (load + first) / scan, "", Verdict::none});
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
