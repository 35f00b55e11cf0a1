#pragma once

#include "registry/service/clinic.h"
#include "sync/client/detail/talk.h"
#include "sync/client/held_link.h"
#include "sync/client/outbox_folder.h"
#include "sync/core/chain.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace egret::client::detail {

/// Hands over the strangers in the outbox (outbox_strangers.h), before anything else takes their
/// numbers. They stay there until the registry has them, too; those that don't go on from what the
/// centre has are set aside.
class Handover final : public Talk {
public:
    /// All outlive it.
    Handover(service::Clinic& clinic, HeldLink& link, const sync::ChainView& log);

    /// Nothing, if there are none.
    std::optional<http::Request> start(Instant now) override;
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override;

    /// Why it isn't done; then nothing else must be handed over.
    const std::optional<sync::Refusal>& refusal() const noexcept { return refusal_; }

    /// Files that were set aside.
    std::uint64_t set_aside() const noexcept { return set_aside_; }

private:
    std::optional<http::Request> send_next();
    std::optional<http::Request> on_upload(const http::Response& answer);
    std::optional<http::Request> fail(sync::Refusal refusal);

    service::Clinic& clinic_;
    HeldLink& link_;
    OutboxFolder folder_;
    std::vector<OutboxItem> strangers_;
    std::size_t sent_ = 0;                   // Of them; the one before it is under way.
    std::optional<std::uint64_t> position_;  // How far the centre is, once it has said so.
    std::uint64_t set_aside_ = 0;
    std::optional<sync::Refusal> refusal_;
};

}  // namespace egret::client::detail
