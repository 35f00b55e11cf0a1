#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "sync/central/centre_keys.h"
#include "sync/central/feed_store.h"
#include "sync/central/store.h"
#include "sync/http/route.h"

namespace egret::server {

/// What the two endpoints of the feed work with. All must outlive them.
struct FeedServices {
    central::CentralStore& store;
    central::FeedStore& feeds;
    const central::CentreKeys& keys;  // Of the device, too, in whose name pages are sent.
    const Clock& clock;
    Random& random;
};

/// GET /v1/sync/feed?scope=S&pos=P&hash=H: what the centre tells the device that asks, after the
/// cursor of position P and hash H (64 hexadecimal digits), sealed to it (sync/core/feed.h). 409
/// and 410 say why there is no page. The signature decides (signer_of).
///
/// Safe to repeat: asking changes nothing but what is noted of how far the device is.
class FeedHandler final : public http::Handler {
public:
    explicit FeedHandler(const FeedServices& services) noexcept : with_(services) {}

    /// Errors: those of signer_of and FeedStore::feed_page; invalid_input, for a cursor that can't
    /// be one.
    Result<http::Response> handle(const http::Request& request) override;

private:
    FeedServices with_;
};

/// GET /v1/sync/snapshot?scope=S[&next=N]: all that the scope holds, page by page; N is "next" of
/// the page before, in hexadecimal. 410: begin anew.
class SnapshotHandler final : public http::Handler {
public:
    explicit SnapshotHandler(const FeedServices& services) noexcept : with_(services) {}

    /// Errors: those of signer_of and FeedStore::snapshot_page.
    Result<http::Response> handle(const http::Request& request) override;

private:
    FeedServices with_;
};

}  // namespace egret::server
