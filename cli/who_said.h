#pragma once

#include "registry/domain/history.h"
#include "registry/json/value.h"
#include "registry/service/clinic.h"

#include <string>

/// Who said what of who a woman is, and what has no effect, for people.
namespace egret::cli {

/// A paragraph for each critical member of hers that a person has to settle, with the values that
/// stand; "" if there is none.
std::string disputes_text(service::Clinic& clinic, const History& history, Language language);

/// Every value with who said it, when, where, and what it replaced.
std::string said_table(service::Clinic& clinic, const History& history, Language language);

/// What was said of her that has no effect, since its maker has no say in it or the centre refused
/// it, and why; "" if there is nothing.
std::string unheeded_text(service::Clinic& clinic, const History& history, Language language);

/// [{field, value, event, author, clinic, recorded_on, replaced, stands, shown}], …
json::Array said_json(service::Clinic& clinic, const History& history);
/// ["birth_date"]
json::Array disputed_json(const History& history);
/// [{event, type, about, why, author, clinic}]
json::Array unheeded_json(service::Clinic& clinic, const History& history);

}  // namespace egret::cli
