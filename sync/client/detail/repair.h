#pragma once

#include "registry/service/clinic.h"
#include "sync/client/detail/talk.h"
#include "sync/client/held_link.h"
#include "sync/core/log_repair.h"

#include <cstdint>
#include <optional>

namespace egret::client::detail {

/// The way out of a fork (docs/adr/0026): asks what the centre has of this machine's log, and has
/// the registry go on from there.
class Repair final : public Talk {
public:
    /// All outlive it. `acked_seq` is how far the centre had the log, as this machine remembers.
    Repair(service::Clinic& clinic, HeldLink& link, const sync::LogView& log,
           std::uint64_t acked_seq);

    std::optional<http::Request> start(Instant now) override;
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override;

    /// Why nothing was changed.
    const std::optional<Error>& error() const noexcept { return error_; }

    /// Facts that the centre had and this registry hadn't.
    std::uint64_t taken_over() const noexcept { return taken_over_; }

    /// Facts that only this registry had, and that have new numbers now.
    std::uint64_t renumbered() const noexcept { return renumbered_; }

private:
    sync::RepairStep on_answer(const http::Response& answer);
    std::optional<http::Request> carry_out(sync::RepairStep step);
    void adopt();

    service::Clinic& clinic_;
    HeldLink& link_;
    const sync::LogView& log_;
    sync::LogRepair repair_;
    sync::RepairStep step_ = sync::RepairStep::wait;
    std::uint64_t taken_over_ = 0;
    std::uint64_t renumbered_ = 0;
    std::optional<Error> error_;
};

}  // namespace egret::client::detail
