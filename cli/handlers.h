#pragma once

#include "cli/context.h"

namespace egret::cli {

/// Everything that the program does, by the names in egret_commands(). The machine outlives them.
console::Handlers make_handlers(const Machine& machine);

// One for each group of commands, in the file of its name.
void add_agent_commands(console::Handlers& handlers, const Machine& machine);
void add_rekey_command(console::Handlers& handlers, const Machine& machine);
void add_init_commands(console::Handlers& handlers, const Machine& machine);
void add_user_commands(console::Handlers& handlers, const Machine& machine);
void add_recover_command(console::Handlers& handlers, const Machine& machine);
void add_backup_commands(console::Handlers& handlers, const Machine& machine);
void add_woman_commands(console::Handlers& handlers, const Machine& machine);
void add_next_commands(console::Handlers& handlers, const Machine& machine);
void add_recall_commands(console::Handlers& handlers, const Machine& machine);
void add_record_commands(console::Handlers& handlers, const Machine& machine);
void add_coverage_commands(console::Handlers& handlers, const Machine& machine);
void add_exchange_commands(console::Handlers& handlers, const Machine& machine);
void add_adverse_event_commands(console::Handlers& handlers, const Machine& machine);
void add_audit_commands(console::Handlers& handlers, const Machine& machine);
void add_card_commands(console::Handlers& handlers, const Machine& machine);
void add_care_commands(console::Handlers& handlers, const Machine& machine);
void add_decide_commands(console::Handlers& handlers, const Machine& machine);
void add_due_commands(console::Handlers& handlers, const Machine& machine);
void add_school_import_commands(console::Handlers& handlers, const Machine& machine);
void add_school_list_commands(console::Handlers& handlers, const Machine& machine);
void add_school_tick_commands(console::Handlers& handlers, const Machine& machine);
void add_nightly_commands(console::Handlers& handlers, const Machine& machine);
void add_stock_commands(console::Handlers& handlers, const Machine& machine);
void add_sync_commands(console::Handlers& handlers, const Machine& machine);
void add_world_commands(console::Handlers& handlers, const Machine& machine);

}  // namespace egret::cli
