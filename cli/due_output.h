#pragma once

#include "cli/console/table.h"
#include "registry/json/value.h"
#include "registry/service/worklist.h"

#include <cstdint>
#include <optional>
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

/// That an open loop was given up, and why it is asked for again.
Message asked_again(const follow_up::Loop& loop);

/// One person gave it up, or recorded her death.
Message awaits_second(const follow_up::Loop& loop);

/// That last days lie in a year whose holidays aren't known yet; nothing, if none of these does.
std::optional<Message> beyond_calendar(const std::vector<follow_up::Loop>& loops);

/// What is to be done, of an open loop.
std::string loop_text(const follow_up::Loop& loop, Language language);

}  // namespace egret::cli
