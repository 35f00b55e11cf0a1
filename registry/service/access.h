#pragma once

#include "registry/audit/codes.h"
#include "registry/base/ids.h"

#include <optional>
#include <vector>

namespace egret::service {

/// What somebody does, as the audit notes it. Who does it, and when, is added.
struct Access {
    audit::Action action = audit::Action::viewed;
    std::optional<audit::Shown> shown{};
    std::vector<WomanId> women{};  // In any order, by any of their ids. Facilities are passed over.
    std::vector<EventUid> events{};
    std::vector<audit::SearchBy> searched_by{};
    std::vector<UserId> users{};  // Whose right to the registry is changed.
};

/// What the entry of a change says beside what its facts tell.
struct Besides {
    std::optional<audit::Action> action{};  // In place of the facts' own.
    std::vector<WomanId> women{};           // Whom its answer names, too.
};

}  // namespace egret::service
