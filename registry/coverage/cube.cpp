#include "registry/coverage/cube.h"

#include "registry/base/ensure.h"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

namespace egret::coverage {
namespace {

// Looking through so many rows takes less than a tenth of a millisecond.
constexpr std::size_t tail_rows_max = 4096;

/// What must be told apart to answer: the query's own dimensions, then those that its filters
/// decide by. Cells that differ in the latter only are neighbours.
std::vector<Dimension> dimensions_of(const Query& query) {
    auto dimensions = query.by;
    std::vector<Dimension> deciding;
    for (const auto& filter : query.where) deciding.push_back(deciding_dimension(filter));
    std::sort(deciding.begin(), deciding.end());
    for (const auto dimension : deciding) {
        if (std::find(dimensions.begin(), dimensions.end(), dimension) == dimensions.end())
            dimensions.push_back(dimension);
    }
    return dimensions;
}

/// A filter, and the column of a cell's values that it looks at.
struct Sieve {
    const Filter* filter;
    std::size_t column;
};

std::vector<Sieve> sieves_of(const Query& query, const std::vector<Dimension>& dimensions) {
    std::vector<Sieve> sieves;
    for (const auto& filter : query.where) {
        const auto found =
            std::find(dimensions.begin(), dimensions.end(), deciding_dimension(filter));
        sieves.push_back({&filter, static_cast<std::size_t>(found - dimensions.begin())});
    }
    return sieves;
}

bool passes(const std::vector<Sieve>& sieves, const std::vector<std::string>& values) {
    return std::all_of(sieves.begin(), sieves.end(), [&](const Sieve& sieve) {
        return std::any_of(sieves.begin(), sieves.end(), [&](const Sieve& other) {
            return other.filter->dimension == sieve.filter->dimension &&
                   values[other.column] == other.filter->value;
        });
    });
}

void add_figure(Figure& to, const Figure& more) {
    to.numerator += more.numerator;
    to.denominator += more.denominator;
}

}  // namespace

std::size_t Cube::KeyHash::operator()(const Key& key) const noexcept {
    const std::hash<std::string> hash;
    const auto birth = static_cast<std::size_t>(key.birth_month);
    return (hash(key.area) * 31 + hash(key.facility)) * 4099 + birth;
}

void Cube::add(const Delta& delta) {
    const auto next = static_cast<std::uint32_t>(keys_.size());
    const auto [found, is_new] = numbers_.try_emplace(delta.key, next);
    if (is_new) keys_.push_back(delta.key);
    Row row{found->second, {delta.day.days(), 0, 0}};
    (delta.part == Part::denominator ? row.change.denominator : row.change.numerator) =
        delta.amount;
    rows_.push_back(row);
    if (rows_.size() > rows_to_compact_) compact();
}

void Cube::add(const Contribution& deltas) {
    for (const auto& delta : deltas) add(delta);
}

void Cube::compact() {
    const auto rows_before = rows_.size();
    for (auto& [dimensions, cut] : cuts_) merge_tail(prepare(dimensions));
    std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
        return std::tie(a.key, a.change.day) < std::tie(b.key, b.change.day);
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        auto& last = rows_[kept == 0 ? 0 : kept - 1];
        if (kept > 0 && last.key == rows_[i].key && last.change.day == rows_[i].change.day) {
            last.change.denominator += rows_[i].change.denominator;
            last.change.numerator += rows_[i].change.numerator;
        } else {
            rows_[kept++] = rows_[i];
        }
    }
    rows_.resize(kept);
    std::erase_if(rows_, [](const Row& row) {
        return row.change.denominator == 0 && row.change.numerator == 0;
    });
    // Where hardly any could be united, as on a first load, the next try can wait.
    const bool was_worth_it = rows_.size() < rows_before / 4 * 3;
    rows_to_compact_ = std::max(rows_to_compact_least, rows_.size() * (was_worth_it ? 2 : 8));
    for (auto& [dimensions, cut] : cuts_) cut.rows_merged = rows_.size();
}

Figure Cube::Series::at(Date day) const {
    if (totals.empty() || day.days() < totals.front().day) return {};
    // The last one up to `day`. Halving without a branch: the next step can't be guessed, but the
    // searches of several cells can go on at the same time.
    const auto* last = totals.data();
    for (auto count = totals.size(); count > 1;) {
        const auto half = count / 2;
        last += last[half].day <= day.days() ? half : 0;
        count -= half;
    }
    return {last->numerator, last->denominator, false};
}

void Cube::Series::merge(const Change* first, const Change* last) {
    std::vector<Change> merged;
    merged.reserve(totals.size() + static_cast<std::size_t>(last - first));
    std::size_t old = 0;
    Change added;  // The sum of all changes so far.
    while (old < totals.size() || first != last) {
        const auto day = old == totals.size() ? first->day
                         : first == last      ? totals[old].day
                                              : std::min(totals[old].day, first->day);
        if (old < totals.size() && totals[old].day == day) ++old;
        for (; first != last && first->day == day; ++first) {
            added.denominator += first->denominator;
            added.numerator += first->numerator;
        }
        const auto before = old == 0 ? Change{} : totals[old - 1];
        const Change total{day, before.denominator + added.denominator,
                           before.numerator + added.numerator};
        const auto said = merged.empty() ? Change{} : merged.back();
        const bool is_as_before =
            said.denominator == total.denominator && said.numerator == total.numerator;
        if (!is_as_before) merged.push_back(total);
    }
    merged.shrink_to_fit();
    totals = std::move(merged);
}

Cube::Cut& Cube::prepare(const Dimensions& dimensions) {
    auto& cut = cuts_[dimensions];
    for (auto key = cut.cell_of_key.size(); key < keys_.size(); ++key) {
        std::vector<std::string> values;
        values.reserve(dimensions.size());
        for (const auto dimension : dimensions) values.push_back(value_of(dimension, keys_[key]));
        const auto next = static_cast<std::uint32_t>(cut.cells.size());
        const auto [found, is_new] = cut.by_values.try_emplace(values, next);
        if (is_new) cut.cells.push_back({std::move(values), {}});
        cut.cell_of_key.push_back(found->second);
    }
    if (cut.in_order.size() < cut.cells.size()) {
        cut.in_order.clear();
        for (const auto& [values, cell] : cut.by_values) cut.in_order.push_back(cell);
    }
    if (rows_.size() - cut.rows_merged > tail_rows_max) merge_tail(cut);
    return cut;
}

void Cube::merge_tail(Cut& cut) const {
    // Distributed over the cells first, so that only short stretches are left to sort.
    std::vector<std::size_t> ends(cut.cells.size() + 1, 0);
    for (auto i = cut.rows_merged; i < rows_.size(); ++i)
        ++ends[cut.cell_of_key[rows_[i].key] + std::size_t{1}];
    for (std::size_t cell = 1; cell < ends.size(); ++cell) ends[cell] += ends[cell - 1];
    auto next = ends;
    std::vector<Change> changes(rows_.size() - cut.rows_merged);
    for (auto i = cut.rows_merged; i < rows_.size(); ++i)
        changes[next[cut.cell_of_key[rows_[i].key]]++] = rows_[i].change;
    for (std::size_t cell = 0; cell < cut.cells.size(); ++cell) {
        if (ends[cell] == ends[cell + 1]) continue;
        auto* const first = changes.data() + ends[cell];
        auto* const last = changes.data() + ends[cell + 1];
        std::sort(first, last, [](const Change& a, const Change& b) { return a.day < b.day; });
        cut.cells[cell].series.merge(first, last);
    }
    cut.rows_merged = rows_.size();
}

Answer Cube::ask(const Query& query) {
    const auto dimensions = dimensions_of(query);
    const auto& cut = prepare(dimensions);
    const auto sieves = sieves_of(query, dimensions);
    std::vector<std::uint32_t> asked;  // The cells that pass, in the order of their values.
    for (const auto cell : cut.in_order) {
        if (passes(sieves, cut.cells[cell].values)) asked.push_back(cell);
    }
    Answer answer{query.by, {}, {}};
    answer.cells.reserve(asked.size());
    std::vector<Figure> figures(cut.cells.size());
    for (const auto day : query.on) {
        for (const auto cell : asked) figures[cell] = cut.cells[cell].series.at(day);
        for (auto i = cut.rows_merged; i < rows_.size(); ++i) {
            const auto& change = rows_[i].change;
            if (change.day > day.days()) continue;
            add_figure(figures[cut.cell_of_key[rows_[i].key]],
                       {change.numerator, change.denominator, false});
        }
        Figure total;
        const auto first_of_day = answer.cells.size();
        const auto drop_if_empty = [&] {
            if (answer.cells.size() > first_of_day && answer.cells.back().figure == Figure{})
                answer.cells.pop_back();
        };
        for (const auto number : asked) {
            const auto& cell = cut.cells[number];
            const auto& figure = figures[number];
            add_figure(total, figure);
            const auto by_end = cell.values.begin() + static_cast<std::ptrdiff_t>(query.by.size());
            const bool is_next =
                answer.cells.size() > first_of_day &&
                std::equal(cell.values.begin(), by_end, answer.cells.back().values.begin());
            if (is_next) {
                add_figure(answer.cells.back().figure, figure);
                continue;
            }
            drop_if_empty();
            answer.cells.push_back({day, {cell.values.begin(), by_end}, figure});
        }
        drop_if_empty();
        answer.totals.push_back({day, total});
    }
    return answer;
}

}  // namespace egret::coverage
