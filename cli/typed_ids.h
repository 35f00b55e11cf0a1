#pragma once

#include "registry/service/clinic.h"

#include <string>

/// Ids as they are typed.
namespace egret::cli {

/// Errors: invalid_input, if it is no id; `field` says where it was typed.
Result<WomanId> parse_woman_id(const std::string& typed, const char* field);

/// Everything of the woman with that id. Errors: as parse_woman_id; not_found, if nobody with it is
/// registered here.
Result<History> load_woman(service::Clinic& clinic, const std::string& typed, const char* field);

/// Errors: invalid_input, if it is no record's number.
Result<EventUid> parse_event_uid(const std::string& typed);

}  // namespace egret::cli
