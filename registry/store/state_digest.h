#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/store/event_log.h"

#include <optional>

namespace egret::store {

/// What a store makes of its facts, as one hash: equal for two stores that were told the same, in
/// whatever order, however often and in however many pieces, if they judge each fact's clock alike.
/// Free of all that hangs on the order of arrival: rows' numbers, positions, ingests.
///
/// SHA-256("cr-st-v2" ‖ of each woman by canonical id: her id and digest_woman ‖ the sums of all
/// deltas by day known, indicator, part, area, facility, month of birth and day). Reads everything:
/// slow.
Hash state_digest(EventLog& log, sqlite::Database& db);

/// What holds of one woman: her ids; each fact that holds, by uid, as bytes, with its clinic, its
/// author and whether it was corrected or doesn't count; who said what of who she is, and what of
/// it is disputed; what has no effect, and why; and what she adds to each indicator. A clinic that
/// has all of her facts has the centre's digest of her, if both count the same indicators. Nothing,
/// if nothing holds of her.
std::optional<Hash> digest_woman(EventLog& log, sqlite::Database& db, const WomanId& id);

}  // namespace egret::store
