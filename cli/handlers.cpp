#include "cli/handlers.h"

namespace egret::cli {

console::Handlers make_handlers(const Machine& machine) {
    console::Handlers handlers;
    add_agent_commands(handlers, machine);
    add_rekey_command(handlers, machine);
    add_init_commands(handlers, machine);
    add_user_commands(handlers, machine);
    add_recover_command(handlers, machine);
    add_backup_commands(handlers, machine);
    add_woman_commands(handlers, machine);
    add_recall_commands(handlers, machine);
    add_record_commands(handlers, machine);
    add_next_commands(handlers, machine);
    add_coverage_commands(handlers, machine);
    add_exchange_commands(handlers, machine);
    add_adverse_event_commands(handlers, machine);
    add_audit_commands(handlers, machine);
    add_card_commands(handlers, machine);
    add_care_commands(handlers, machine);
    add_decide_commands(handlers, machine);
    add_due_commands(handlers, machine);
    add_school_import_commands(handlers, machine);
    add_school_list_commands(handlers, machine);
    add_school_tick_commands(handlers, machine);
    add_nightly_commands(handlers, machine);
    add_stock_commands(handlers, machine);
    add_sync_commands(handlers, machine);
    add_world_commands(handlers, machine);
    return handlers;
}

}  // namespace egret::cli
