#pragma once

#include "registry/base/date.h"
#include "registry/base/result.h"
#include "registry/service/clinic.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace egret::service {

/// What is asked of the audit; what is absent doesn't matter.
struct AuditQuestion {
    std::optional<WomanId> woman{};  // By any of her ids: entries of all of them are found.
    std::optional<UserId> user{};
    std::optional<Date> from{};  // The registry's days, both inclusive.
    std::optional<Date> to{};
    std::uint64_t limit = 50;
};

struct AuditPage {
    std::vector<audit::Entry> entries;  // The last ones, in order: the newest is the last.
    bool has_more = false;              // There are older ones.
};

/// For a lead only, who leaves an entry by it, which isn't in the answer yet.
/// Errors: forbidden.
Result<AuditPage> show_audit(Clinic& clinic, const Caller& caller, const AuditQuestion& question);

}  // namespace egret::service
