#include "registry/coverage/case_answer.h"

#include "registry/base/ensure.h"

#include <algorithm>
#include <utility>

namespace egret::coverage {
namespace {

/// What is left of `all` when `before` is taken away. Every cell of `before` is one of `all`, since
/// cases only become more from day to day; cells of which nothing is left go.
Answer without(Answer all, const Answer& before) {
    std::map<Date, Date> day_before;  // Of each last day of a period.
    for (std::size_t i = 0; i < all.totals.size(); ++i)
        day_before.emplace(all.totals[i].on, before.totals[i].on);
    std::map<std::pair<Date, std::vector<std::string>>, const Cell*> cells_before;
    for (const auto& cell : before.cells) cells_before[{cell.on, cell.values}] = &cell;
    for (auto& cell : all.cells) {
        const auto found = cells_before.find({day_before.at(cell.on), cell.values});
        if (found == cells_before.end()) continue;
        cell.figure.numerator -= found->second->figure.numerator;
        cell.figure.denominator -= found->second->figure.denominator;
    }
    std::erase_if(all.cells, [](const Cell& cell) { return cell.figure == Figure{}; });
    for (std::size_t i = 0; i < all.totals.size(); ++i) {
        all.totals[i].figure.numerator -= before.totals[i].figure.numerator;
        all.totals[i].figure.denominator -= before.totals[i].figure.denominator;
    }
    return all;
}

Answer ask_cube(Cube& cube, const Query& query) {
    auto plain = query;
    plain.from.clear();
    auto answer = cube.ask(plain);
    if (query.from.empty()) return answer;
    EGRET_ENSURE(query.from.size() == query.on.size());
    for (std::size_t i = 0; i < query.from.size(); ++i) plain.on[i] = query.from[i].plus_days(-1);
    return without(std::move(answer), cube.ask(plain));
}

/// By dimension: one of the filters of each must be met.
bool passes_filters(const std::vector<Filter>& where, const Key& key) {
    return std::all_of(where.begin(), where.end(), [&](const Filter& filter) {
        return std::any_of(where.begin(), where.end(), [&](const Filter& other) {
            return other.dimension == filter.dimension &&
                   value_of(deciding_dimension(other), key) == other.value;
        });
    });
}

}  // namespace

void CaseCube::add(const Delta& delta) {
    auto documented = delta;
    switch (delta.part) {
        case Part::denominator: counting_.add(delta); break;
        case Part::numerator: counting_.add(delta); return;
        case Part::documented: documented.part = Part::numerator; break;
        case Part::time: return;
    }
    documented_.add(documented);
}

Answer CaseCube::ask(const Query& query) {
    auto answer = ask_cube(counting_, query);
    const auto documented = ask_cube(documented_, query);
    // The documented are some of the denominator: no cell is there that isn't in `answer`.
    auto cell = answer.cells.begin();
    for (const auto& other : documented.cells) {
        while (cell->on != other.on || cell->values != other.values) ++cell;
        cell->details.documented = other.figure.numerator;
    }
    for (std::size_t i = 0; i < answer.totals.size(); ++i)
        answer.totals[i].details.documented = documented.totals[i].figure.numerator;
    return answer;
}

void TimesTally::add(const Delta& delta) {
    if (delta.part < Part::time) return;
    cases_[{delta.key, delta.day, days_of_part(delta.part)}] += delta.amount;
}

Answer TimesTally::ask(const Query& query) const {
    Answer answer{query.by, {}, {}};
    for (std::size_t i = 0; i < query.on.size(); ++i) {
        std::map<std::vector<std::string>, TimesTaken> cells;
        TimesTaken all;
        for (const auto& [what, count] : cases_) {
            const auto& [key, day, days] = what;
            if (count == 0 || query.on[i] < day || !passes_filters(query.where, key)) continue;
            if (!query.from.empty() && day < query.from[i]) continue;
            std::vector<std::string> values;
            for (const auto dimension : query.by) values.push_back(value_of(dimension, key));
            cells[std::move(values)][days] += count;
            all[days] += count;
        }
        for (const auto& [values, times] : cells) {
            const auto [figure, details] = figure_of(times);
            answer.cells.push_back({query.on[i], values, figure, details});
        }
        const auto [figure, details] = figure_of(all);
        answer.totals.push_back({query.on[i], figure, details});
    }
    return answer;
}

std::pair<Figure, CaseDetails> figure_of(const TimesTaken& times) {
    Figure figure;
    CaseDetails details;
    for (const auto& [days, count] : times) figure.denominator += count;
    if (figure.denominator == 0) return {figure, details};
    // The one with so many before it.
    const auto at = [&](std::int64_t index) {
        for (const auto& [days, count] : times) {
            if (index < count) return std::int64_t{days};
            index -= count;
        }
        return std::int64_t{0};
    };
    const auto n = figure.denominator;
    details.median_halves = at((n - 1) / 2) + at(n / 2);
    details.percentile_90 = at((9 * n + 9) / 10 - 1);
    return {figure, details};
}

}  // namespace egret::coverage
