#include "registry/coverage/suppress.h"

#include <algorithm>
#include <vector>

namespace egret::coverage {
namespace {

bool is_small(std::int64_t count, int least) { return count > 0 && count < least; }

/// A figure with its details, or what hidden ones add up to.
struct Shown {
    Figure* figure;
    CaseDetails* details;
};

class Suppressor {
public:
    Suppressor(int least, bool in_three) : least_(least), in_three_(in_three) {}

    /// The figures of one day: suppresses cells until their sum tells of enough people.
    void suppress_day(std::vector<Shown> cells, const Shown& total) const {
        // The smallest first; stable, so that equal ones go in the order of the cells.
        std::stable_sort(cells.begin(), cells.end(), [](const Shown& a, const Shown& b) {
            return a.figure->denominator < b.figure->denominator;
        });
        std::vector<Shown> shown;
        Figure hidden;
        CaseDetails hidden_details;
        int hidden_count = 0;
        const auto hide_cell = [&](const Shown& cell) {
            hidden.numerator += cell.figure->numerator;
            hidden.denominator += cell.figure->denominator;
            hidden_details.documented += cell.details->documented;
            ++hidden_count;
            hide(cell);
        };
        for (const auto& cell : cells) {
            if (tells_of_few(*cell.figure, *cell.details)) {
                hide_cell(cell);
            } else {
                shown.push_back(cell);
            }
        }
        if (tells_of_few(*total.figure, *total.details)) return hide(total);
        if (hidden_count == 0) return;
        for (const auto& cell : shown) {
            if (hidden_count > 1 && !tells_of_few(hidden, hidden_details)) return;
            hide_cell(cell);
        }
        // All are hidden now; what they add up to is the total, which is not small.
    }

private:
    bool tells_of_few(const Figure& figure, const CaseDetails& details) const {
        if (is_small(figure.numerator, least_) || is_small(figure.denominator, least_)) return true;
        const auto unknown = figure.denominator - figure.numerator - details.documented;
        return in_three_ && (is_small(details.documented, least_) || is_small(unknown, least_));
    }

    static void hide(const Shown& shown) {
        *shown.figure = {0, 0, true};
        *shown.details = {};
    }

    int least_;
    bool in_three_;
};

}  // namespace

void suppress_small_cells(Answer& answer, int least, bool in_three) {
    const Suppressor suppressor(least, in_three);
    for (auto& total : answer.totals) {
        std::vector<Shown> cells;
        for (auto& cell : answer.cells) {
            if (cell.on == total.on) cells.push_back({&cell.figure, &cell.details});
        }
        suppressor.suppress_day(std::move(cells), {&total.figure, &total.details});
    }
}

}  // namespace egret::coverage
