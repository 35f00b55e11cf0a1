#pragma once

#include "cli/context.h"
#include "registry/json/value.h"
#include "registry/service/clinic.h"

#include <string>
#include <vector>

/// What commands answer that change what lots of this clinic are worth.
namespace egret::cli {

/// The lots that a record of stock holds or decides on; none, if it is no such record or was
/// voided.
std::vector<std::string> lots_held_by(service::Clinic& clinic, const EventUid& event);

/// What holds of these lots now, of all that was said, and how many women's doses don't count
/// because of them: "Lots A1, B2: in quarantine. …"
Message lots_now(service::Clinic& clinic, const std::vector<std::string>& lots, Language language);

/// The same as members of an answer: lots, states, women_spoilt.
json::Object lots_now_json(service::Clinic& clinic, const std::vector<std::string>& lots);

}  // namespace egret::cli
