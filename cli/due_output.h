#pragma once

#include "cli/console/table.h"
#include "registry/json/value.h"
#include "registry/service/worklist.h"

#include <cstdint>
#include <string>
#include <vector>

/// Worklists, for people and for programs.
namespace egret::cli {

json::Object work_json(const service::WorkItem& item);

/// A spreadsheet gets her whole id: of a beginning it may make a number.
enum class IdForm : std::uint8_t { shown, whole };

/// Of doses alone with the school; else with what was found and who owes it.
console::Table work_table(service::Clinic& clinic, const std::vector<service::WorkItem>& items,
                          IdForm form, Language language);

/// What is to be done for her: "dose 2", "colposcopy", "tell her the result".
std::string action_text(const service::WorkItem& item, Language language);

/// The same of an open loop.
std::string loop_text(const follow_up::Loop& loop, Language language);

}  // namespace egret::cli
