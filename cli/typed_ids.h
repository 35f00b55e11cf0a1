#pragma once

#include "registry/service/clinic.h"

#include <string>

/// Ids as they are typed.
namespace egret::cli {

/// The woman whose id was typed: all of it, or a beginning of at least eight digits that no other
/// id here has. Dashes and the case of letters don't matter. `field` says where it was typed.
/// Errors: invalid_input, if it is no id and no beginning of one; not_found, if no id here begins
/// so; conflict, if several do. A whole id is taken as it is, whether it is known here or not.
Result<WomanId> read_woman_id(service::Clinic& clinic, const std::string& typed, const char* field);

/// Everything of the woman with that id, noted in the audit as shown to who unlocked it. Errors: as
/// read_woman_id; not_found, if nobody with it is registered here.
Result<History> view_woman(service::Clinic& clinic, const std::string& typed, const char* field,
                           audit::Shown shown);

/// As much of her id as is to be typed: read_woman_id takes it for her, until somebody comes whose
/// id begins so, too.
std::string short_id(service::Clinic& clinic, const WomanId& woman);

/// Errors: invalid_input, if it is no record's number.
Result<EventUid> parse_event_uid(const std::string& typed);

}  // namespace egret::cli
