#pragma once

#include "cli/console/table.h"
#include "registry/json/value.h"
#include "registry/service/school_session.h"

#include <string>
#include <vector>

/// A session list in words.
namespace egret::cli {

/// What a cell of the list says of her.
std::string free_text(const service::SessionLine& line, Language language);
std::string next_text(const service::SessionLine& line, Language language);
std::string window_text(const service::SessionLine& line, Language language);
std::string consent_text(const service::SessionLine& line, Language language);
/// Earlier doses, then why none was given in this round.
std::string doses_text(const service::SessionLine& line, Language language);
/// In a few words each: "pregnant, too soon (from 2026-04-20)".
std::string warnings_text(const service::SessionLine& line, Language language);

/// For a terminal.
console::Table session_table(service::Clinic& clinic,
                             const std::vector<service::SessionLine>& lines, Language language);

/// To be filled in and taken down again: with her id, and empty columns given, reason, lot,
/// because.
console::Table session_form(const std::vector<service::SessionLine>& lines, Language language);

json::Object session_json(const service::SessionLine& line, Language language);

}  // namespace egret::cli
