#include "sync/daemon/egretd_handlers.h"

#include "sync/daemon/backup_commands.h"
#include "sync/daemon/centre_sheet.h"
#include "sync/daemon/check_commands.h"
#include "sync/daemon/clinic_commands.h"
#include "sync/daemon/desk_commands.h"
#include "sync/daemon/figure_commands.h"
#include "sync/daemon/init_command.h"
#include "sync/daemon/promote_command.h"
#include "sync/daemon/recover_clinic_command.h"
#include "sync/daemon/serve_command.h"
#include "sync/daemon/status_command.h"
#include "sync/daemon/stick_command.h"
#include "sync/daemon/stock_command.h"

namespace egret::daemon {

const console::Handlers& egretd_handlers() {
    static const console::Handlers all = {
        {"init", init},
        {"serve", serve},
        {"clinic add", add_clinic},
        {"clinic invite", invite_clinic},
        {"clinic list", list_clinics},
        {"clinic recover", recover_clinic},
        {"clinic scope", scope_clinic},
        {"clinic revoke", revoke_clinic},
        {"user add", add_centre_user},
        {"user list", list_centre_users},
        {"user remove", remove_centre_user},
        {"void", void_at_centre},
        {"erase", erase_woman},
        {"erase-list", erase_list},
        {"woman link", link_women},
        {"woman unlink", unlink_women},
        {"woman transfer", transfer_woman},
        {"quarantine list", list_quarantine},
        {"quarantine accept", accept_quarantined},
        {"quarantine refuse", refuse_quarantined},
        {"coverage", coverage},
        {"indicators list", list_indicators},
        {"indicators show", show_indicator},
        {"report check", check_report},
        {"stock wastage", stock_wastage},
        {"status", status},
        {"sync", sync_stick},
        {"check", check},
        {"verify", verify},
        {"promote-key", promote_key},
        {"rebuild", rebuild},
        {"backup", backup},
        {"restore", restore},
        {"recovery-sheet", make_centre_sheet},
        {"recover", recover_centre},
    };
    return all;
}

}  // namespace egret::daemon
