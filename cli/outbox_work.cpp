#include "cli/outbox_work.h"

#include "cli/console/catalog.h"
#include "registry/sqlite/error.h"
#include "sync/client/outbox_keeper.h"

#include <functional>
#include <memory>
#include <ostream>
#include <system_error>
#include <utility>

namespace egret::cli {
namespace {

void warn(const Command& command, const std::string& reason) {
    command.terminal.err << console::text("cli.warning", command.language())
                         << console::text(msg("outbox.not_sealed", {{"reason", reason}}),
                                          command.language())
                         << '\n';
}

/// Nobody's command fails for what is tried again with the next one.
void try_to(const Command& command, const std::function<void()>& work) {
    try {
        work();
    } catch (const std::system_error& broken) {
        warn(command, broken.code().message());
    } catch (const sqlite::SqliteError& broken) {
        const bool is_full = broken.trouble() == sqlite::Trouble::full;
        warn(command,
             console::text(is_full ? "outbox.disk_full" : "outbox.disk_fails", command.language()));
    }
}

/// Seals what a command recorded, before the registry closes.
class SealNew final : public service::LastWork {
public:
    SealNew(const Command& command, std::unique_ptr<client::OutboxKeeper> keeper)
        : command_(command), keeper_(std::move(keeper)) {}

    void run() override {
        try_to(command_, [&] { keeper_->seal_new(); });
        if (!keeper_->waits_for_repair()) return;
        command_.terminal.err << console::text("cli.warning", command_.language())
                              << console::text("outbox.waits_for_repair", command_.language())
                              << '\n';
    }

private:
    const Command& command_;
    std::unique_ptr<client::OutboxKeeper> keeper_;
};

}  // namespace

void keep_outbox(const Command& command, const std::string& dir, service::Clinic& clinic) {
    try_to(command, [&] {
        auto keeper = client::OutboxKeeper::find(clinic, dir);
        if (!keeper) return;
        keeper->settle();
        clinic.at_end(std::make_unique<SealNew>(command, std::move(keeper)));
    });
}

}  // namespace egret::cli
