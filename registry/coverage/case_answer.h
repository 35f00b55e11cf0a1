#pragma once

#include "registry/coverage/cube.h"
#include "registry/coverage/delta.h"
#include "registry/coverage/query.h"

#include <map>
#include <tuple>
#include <vector>

namespace egret::coverage {

/// All deltas of one indicator of cases. Its figures of a period are what there is up to its last
/// day, less what there was before its first.
class CaseCube {
public:
    void add(const Delta& delta);

    /// The figures of each period asked, with those that are documented among their details.
    Answer ask(const Query& query);

private:
    Cube counting_;
    Cube documented_;  // With these in the place of the numerator.
};

/// All deltas of one indicator of times.
class TimesTally {
public:
    void add(const Delta& delta);

    Answer ask(const Query& query) const;

private:
    // How many cases took so many days, of a key and a day.
    std::map<std::tuple<Key, Date, int>, std::int64_t> cases_;
};

/// So many took so many days.
using TimesTaken = std::map<int, std::int64_t>;

/// Their number, as denominator, and what lies in their middle.
std::pair<Figure, CaseDetails> figure_of(const TimesTaken& times);

}  // namespace egret::coverage
