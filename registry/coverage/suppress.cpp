#include "registry/coverage/suppress.h"

#include <algorithm>
#include <vector>

namespace egret::coverage {
namespace {

bool is_small(std::int64_t count, int least) { return count > 0 && count < least; }

bool is_small(const Figure& figure, int least) {
    return is_small(figure.numerator, least) || is_small(figure.denominator, least);
}

void hide(Figure& figure) { figure = {0, 0, true}; }

/// The figures of one day: suppresses cells until their sum tells of enough people.
void suppress_day(std::vector<Figure*> cells, Figure& total, int least) {
    // The smallest first; stable, so that equal ones go in the order of the cells.
    std::stable_sort(cells.begin(), cells.end(), [](const Figure* a, const Figure* b) {
        return a->denominator < b->denominator;
    });
    std::vector<Figure*> shown;
    Figure hidden;
    int hidden_count = 0;
    const auto hide_cell = [&](Figure& cell) {
        hidden.numerator += cell.numerator;
        hidden.denominator += cell.denominator;
        ++hidden_count;
        hide(cell);
    };
    for (auto* cell : cells) {
        if (is_small(*cell, least)) {
            hide_cell(*cell);
        } else {
            shown.push_back(cell);
        }
    }
    if (is_small(total, least)) return hide(total);
    if (hidden_count == 0) return;
    for (auto* cell : shown) {
        if (hidden_count > 1 && !is_small(hidden, least)) return;
        hide_cell(*cell);
    }
    // All are hidden now; what they add up to is the total, which is not small.
}

}  // namespace

void suppress_small_cells(Answer& answer, int least) {
    for (auto& total : answer.totals) {
        std::vector<Figure*> cells;
        for (auto& cell : answer.cells) {
            if (cell.on == total.on) cells.push_back(&cell.figure);
        }
        suppress_day(std::move(cells), total.figure, least);
    }
}

}  // namespace egret::coverage
