#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace egret::audit {

/// One line of the audit: who did what, when, and to whom. Never a name, a number of hers, or what
/// was typed in a search.
///
/// Codes are texts here: a program reads those of a newer one, too. What this one writes is in
/// codes.h, and in service/caller.h for role and purpose.
struct Entry {
    std::uint64_t number = 0;  // From 1, without a gap.
    Instant at;                // By the machine's clock, be it right or not.
    Date day;                  // The registry's.
    UserId user;               // Nil: nobody was known yet.
    std::string role;
    std::string purpose;
    std::string action;
    std::string shown;                     // "", if nothing of women was shown.
    std::vector<std::string> searched_by;  // Of a search.
    std::uint64_t women_count = 0;         // Persons.
    // Their ids, by which they are found: of each person the canonical one, then those that were
    // linked with it at the time.
    std::vector<WomanId> women;
    std::vector<EventUid> events;  // The facts that came of it.
    std::vector<UserId> users;     // Whose right to the registry was changed.

    friend bool operator==(const Entry&, const Entry&) = default;
};

/// Deterministic CBOR: equal entries have equal bytes.
Bytes encode(const Entry& entry);

/// Errors: invalid_input, for bytes that encode() never gives.
Result<Entry> decode(ByteView bytes);

}  // namespace egret::audit
