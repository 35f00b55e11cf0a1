#pragma once

#include "registry/coverage/delta.h"
#include "registry/coverage/query.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

namespace egret::coverage {

/// All deltas of one indicator in memory, ready to be summed up to any day.
///
/// A cut (a set of dimensions) is prepared when it is first asked for: one pass over all deltas.
/// From then on an answer costs one binary search for each of its cells, whatever the number of
/// women, and deltas that came since are looked through until there are enough of them to merge.
///
/// Not thread-safe, since asking prepares: it belongs to whoever holds the lock around it. Holds
/// for up to two thousand million people.
class Cube {
public:
    void add(const Delta& delta);
    void add(const Contribution& deltas);

    /// The figures of each day asked.
    Answer ask(const Query& query);

private:
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };

    /// From `day` on so many, or so many more.
    struct Change {
        std::int32_t day = 0;
        std::int32_t denominator = 0;
        std::int32_t numerator = 0;
    };

    struct Row {
        std::uint32_t key = 0;
        Change change;
    };

    /// One cell over all days: what it holds from each day on on which that changes, by day.
    struct Series {
        std::vector<Change> totals;

        Figure at(Date day) const;
        /// `changes` must be sorted by day.
        void merge(const Change* first, const Change* last);
    };

    struct CutCell {
        std::vector<std::string> values;
        Series series;
    };

    struct Cut {
        std::vector<CutCell> cells;
        std::map<std::vector<std::string>, std::uint32_t> by_values;
        std::vector<std::uint32_t> in_order;     // The cells as they stand in answers: by values.
        std::vector<std::uint32_t> cell_of_key;  // By the number of the key.
        std::size_t rows_merged = 0;             // The others are its tail.
    };

    // Below this there is nothing to gain by uniting rows.
    static constexpr std::size_t rows_to_compact_least = 65'536;

    using Dimensions = std::vector<Dimension>;

    /// With a cell for every key, and a short tail.
    Cut& prepare(const Dimensions& dimensions);
    void merge_tail(Cut& cut) const;
    /// Unites rows of one key and day, when retractions and repetitions may have doubled them.
    void compact();

    std::vector<Key> keys_;
    std::unordered_map<Key, std::uint32_t, KeyHash> numbers_;
    std::vector<Row> rows_;
    std::size_t rows_to_compact_ = rows_to_compact_least;
    std::map<Dimensions, Cut> cuts_;
};

}  // namespace egret::coverage
