#pragma once

#include "registry/base/result.h"
#include "registry/service/clinic.h"
#include "registry/service/recorder.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// Looking at women: what is shown was noted in the audit before.
namespace egret::service {

struct FoundWoman {
    store::WomanRow row;
    std::optional<store::Former> former;  // By which of what she had before she was found.
};

struct FoundWomen {
    std::vector<FoundWoman> women;
    bool has_more = false;
};

/// Whoever fits what was typed, as store::Search finds them.
FoundWomen find_women(Clinic& clinic, const Caller& caller, const std::string& typed,
                      std::size_t rows_max);

/// Everything of the woman who has that id.
/// Errors: not_found, if nobody with it is registered here.
Result<History> view_woman(Clinic& clinic, const Caller& caller, const WomanId& woman,
                           audit::Shown shown);

/// The woman as she stands after what was just recorded of her, which says in the audit who saw
/// her. Nothing, if it is about a facility.
std::optional<History> history_after(Clinic& clinic, const Recorded& recorded);

}  // namespace egret::service
