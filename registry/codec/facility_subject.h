#pragma once

#include "registry/base/ids.h"

#include <string_view>

namespace egret::codec {

/// The subject of the facts about a facility, from its code: the same everywhere, and never a
/// woman's id (domain/facility_id.h). The code can't be read from it.
WomanId facility_subject(std::string_view facility_code);

}  // namespace egret::codec
