#pragma once

#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/base/message.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::service {

/// What a nurse should know before she saves. Nothing medical is ever refused: she may go on, and
/// says why.
struct Warning {
    std::string code;  // Stable, for programs: "same_day".
    Message text;
    std::optional<Date> from{};    // The day from which it would be fine.
    std::vector<WomanId> women{};  // Whom it is about, if not (only) the subject.
};

}  // namespace egret::service
