#pragma once

#include "cli/console/terminal.h"
#include "registry/domain/history.h"
#include "registry/json/value.h"
#include "registry/service/changes.h"
#include "registry/service/warning.h"

#include <string>
#include <string_view>
#include <vector>

/// Records in words, for people.
namespace egret::cli {

/// What a fact says beside its date and place: "阳性；16、18". Facts of hers that it is about are
/// told by their kind and day where her history is given, else by their number.
std::string describe(const Fact& fact, Language language, const History* others = nullptr);

/// The same with the date before it, and of a registration who she is.
std::string describe_whole(const Fact& fact, Language language);

/// Her name, sex, birth date and what else is known of who she is, a line each.
std::string describe_woman(const History& history, Language language);

/// What it says of one member, "birth_date"; "" if nothing.
std::string describe_who(const Demographics& who, std::string_view member, Language language);

/// A clinic as its own registry knows it.
struct Place {
    std::string code;
    std::string name;
};

/// Her records as a table, the oldest first; `here` is shown by its name.
std::string timeline(const History& history, const Place& here, Language language);

/// What was corrected and voided as a table: before, after, by whom, when and why.
std::string changes_table(service::Clinic& clinic, const std::vector<service::Change>& changes,
                          Language language);
json::Array to_json(service::Clinic& clinic, const std::vector<service::Change>& changes);

/// [{code, text, from}], with the ids of the women it is about, if there are any.
json::Array to_json(const std::vector<service::Warning>& warnings, Language language);

/// Says each on standard error, unless they go out as JSON.
void print_warnings(const std::vector<service::Warning>& warnings,
                    const console::Terminal& terminal);

}  // namespace egret::cli
