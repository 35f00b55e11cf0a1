#pragma once

#include "registry/base/bytes.h"
#include "registry/base/date.h"
#include "registry/base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace egret::coverage {

/// Which of an indicator's counts a delta belongs to. `documented`: of the cases that don't count,
/// those of which it is written why. From `time` on, cases that took so many days: time_part().
enum class Part : std::uint32_t { denominator, numerator, documented, time };

/// Longer times than these count as this long: 200 years.
inline constexpr int time_days_max = 73'050;

constexpr Part time_part(int days) {
    return static_cast<Part>(static_cast<std::uint32_t>(Part::time) +
                             static_cast<std::uint32_t>(days));
}

/// Of a part from `time` on.
constexpr int days_of_part(Part part) {
    return static_cast<int>(static_cast<std::uint32_t>(part) -
                            static_cast<std::uint32_t>(Part::time));
}

/// Where a woman counts. All women with one key add up before anything is asked.
struct Key {
    std::string area;      // Her home area's code as the facts have it, "" if not known.
    std::string facility;  // Who cares for her, "" if not known.
    int birth_month = 0;   // birth_month_of(); 0 if her birth date is not known.

    friend auto operator<=>(const Key&, const Key&) = default;
};

/// A birth date as a key has it: year * 13 + month, with month 0 where only the year is known. So
/// birth_month / 13 is the year, always.
int birth_month_of(const PartialDate& birth);

/// From `day` on, `amount` more women (of indicators of cases: cases) count in `key` (fewer, if
/// negative).
struct Delta {
    Part part = Part::denominator;
    Key key;
    Date day;
    int amount = 0;  // Never 0 in a normalised contribution; of women 1 or -1 from a single one.

    friend auto operator<=>(const Delta&, const Delta&) = default;
};

/// What one woman adds to one indicator, over all days.
using Contribution = std::vector<Delta>;

/// The same sum in its one form: sorted by part, key and day; one delta for each of these; no
/// zeros.
Contribution normalise(Contribution contribution);

/// The deltas that must be appended so that what was `before` becomes what is `now`. Normalised;
/// empty if nothing changed.
Contribution difference(const Contribution& now, const Contribution& before);

/// A few bytes per delta, for keeping beside the woman. Equal normalised contributions give equal
/// bytes, and nothing gives no bytes.
///
/// Format: a version byte 1; the number of keys, then each in order as area, facility (each a
/// length and its bytes) and birth month; the number of deltas, then each as key number, part,
/// day and amount. All numbers are LEB128, the last two zigzag.
Bytes encode_contribution(const Contribution& normalised);
/// Errors: invalid_input, for bytes that encode_contribution() did not write.
Result<Contribution> decode_contribution(ByteView bytes);

}  // namespace egret::coverage
