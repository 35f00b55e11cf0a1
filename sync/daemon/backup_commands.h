#pragma once

#include "cli/console/program.h"
#include "registry/icu/time_zone.h"
#include "sync/central/sqlite_store.h"

#include <optional>

namespace egret::daemon {

/// `egretd backup FILE`: a copy of the whole centre, as encrypted as that.
Result<console::ExitStatus> backup(const console::Parsed& parsed,
                                   const console::Terminal& terminal);
/// `egretd verify --backup FILE`: the drill, after which what is in it counts as safe.
Result<console::ExitStatus> drill(const console::Parsed& parsed, const console::Terminal& terminal);
/// `egretd restore FILE`: the centre of a backup in a folder of its own.
Result<console::ExitStatus> restore(const console::Parsed& parsed,
                                    const console::Terminal& terminal);

/// What to do about backups: none was made, none was tried, or the last one tried is old.
std::optional<Message> advise_backup(const std::vector<central::Backup>& backups, Instant now,
                                     const icu::TimeZone& zone);

}  // namespace egret::daemon
