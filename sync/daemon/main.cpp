#include "sync/daemon/egretd_commands.h"
#include "sync/daemon/egretd_handlers.h"

int main(int argc, char** argv) {
    return egret::console::run_main(egret::egretd_commands(), egret::daemon::egretd_handlers(),
                                    argc, argv);
}
