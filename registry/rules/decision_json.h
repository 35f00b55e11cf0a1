#pragma once

#include "registry/json/value.h"
#include "registry/rules/decision.h"

#include <functional>
#include <string>

namespace egret::rules {

/// How a sentence is said in the reader's language.
using Say = std::function<std::string(const std::variant<Message, BothLanguages>&)>;

/// A decision as others read it, without the member `id`. `out_of_force`, `not_counted`, `warnings`
/// and `eligibility` are there only if there are any.
json::Object to_json(const Decision& decision, const Say& say);

}  // namespace egret::rules
