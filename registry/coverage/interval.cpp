#include "registry/coverage/interval.h"

#include <algorithm>

namespace egret::coverage {

Intervals::Intervals(std::initializer_list<Interval> intervals)
    : Intervals(std::vector<Interval>(intervals)) {}

Intervals::Intervals(std::vector<Interval> intervals) {
    std::erase_if(intervals, [](const Interval& interval) { return interval.from >= interval.to; });
    std::sort(intervals.begin(), intervals.end(),
              [](const Interval& a, const Interval& b) { return a.from < b.from; });
    for (const auto& interval : intervals) {
        if (!intervals_.empty() && interval.from <= intervals_.back().to) {
            intervals_.back().to = std::max(intervals_.back().to, interval.to);
        } else {
            intervals_.push_back(interval);
        }
    }
}

bool Intervals::contains(Date day) const {
    const auto after = std::upper_bound(
        intervals_.begin(), intervals_.end(), day,
        [](Date asked, const Interval& interval) { return asked < interval.from; });
    return after != intervals_.begin() && day < std::prev(after)->to;
}

Intervals united(const Intervals& a, const Intervals& b) {
    auto both = a.intervals_;
    both.insert(both.end(), b.begin(), b.end());
    return Intervals(std::move(both));
}

Intervals intersected(const Intervals& a, const Intervals& b) {
    Intervals common;
    auto left = a.begin();
    auto right = b.begin();
    while (left != a.end() && right != b.end()) {
        const Interval overlap{std::max(left->from, right->from), std::min(left->to, right->to)};
        if (overlap.from < overlap.to) common.intervals_.push_back(overlap);
        // The one that ends first can meet nothing more.
        if (left->to < right->to) {
            ++left;
        } else {
            ++right;
        }
    }
    return common;
}

Intervals complement(const Intervals& a) {
    Intervals rest;
    auto from = no_start;
    for (const auto& interval : a) {
        if (from < interval.from) rest.intervals_.push_back({from, interval.from});
        from = interval.to;
    }
    if (from < no_end) rest.intervals_.push_back({from, no_end});
    return rest;
}

}  // namespace egret::coverage
