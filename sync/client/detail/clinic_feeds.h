#pragma once

#include "registry/service/clinic.h"
#include "sync/client/detail/feeds.h"
#include "sync/client/held_link.h"
#include "sync/core/feed_client.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace egret::client::detail {

/// Follows a feed in an open registry: each page is taken in with the cursor behind it.
class ClinicFeed final : public FeedTalk {
public:
    /// Both outlive it.
    ClinicFeed(service::Clinic& clinic, HeldLink& link, std::uint64_t scope);

    std::optional<http::Request> start(Instant now) override;
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override;

    const std::optional<sync::Refusal>& refusal() const override { return refusal_; }

    std::uint64_t received() const override { return received_; }

private:
    sync::FeedStep on_answer(const http::Response& answer);
    std::optional<http::Request> carry_out(sync::FeedStep step);
    std::optional<http::Request> fail(sync::SyncStep step, Error error);
    bool take_in();

    service::Clinic& clinic_;
    HeldLink& link_;
    std::uint64_t scope_;
    sync::FeedClient client_;
    std::uint64_t received_ = 0;
    std::optional<sync::Refusal> refusal_;
};

class ClinicFeeds final : public Feeds {
public:
    /// Both outlive it.
    ClinicFeeds(service::Clinic& clinic, HeldLink& link) : clinic_(clinic), link_(link) {}

    std::unique_ptr<FeedTalk> follow(const sync::FeedHead& head) override {
        return std::make_unique<ClinicFeed>(clinic_, link_, head.scope);
    }

private:
    service::Clinic& clinic_;
    HeldLink& link_;
};

/// Who may have made a page of that scope.
sync::PageTrust page_trust(const HeldLink& link, std::uint64_t scope);

}  // namespace egret::client::detail
