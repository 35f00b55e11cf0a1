#pragma once

#include "registry/service/clinic.h"
#include "sync/client/detail/bundle_fetch.h"
#include "sync/client/detail/talk.h"
#include "sync/client/held_link.h"
#include "sync/client/upload_store.h"
#include "sync/core/sync_client.h"

#include <memory>
#include <optional>

namespace egret::client::detail {

/// Hands over what an open registry holds: carries out the steps of a SyncClient, and saves what
/// that remembers before each of them.
class ClinicUpload final : public Uploads {
public:
    /// Both outlive it.
    ClinicUpload(service::Clinic& clinic, HeldLink& link);

    std::optional<http::Request> start(Instant now) override;
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override;

    sync::SyncReport report() const override { return client_.report(); }

    bool must_stop() const override { return step_ == sync::SyncStep::stop; }

    bool may_go_on() const override;

    const std::optional<sync::ReplyNews>& news() const override { return client_.news(); }

private:
    std::optional<http::Request> carry_out(sync::SyncStep step, Instant now);
    sync::SyncStep come_back(Instant now);
    void remember();
    void end();

    service::Clinic& clinic_;
    HeldLink& link_;
    StoredLog log_;
    UploadStore uploads_;
    sync::SyncClient client_;
    sync::SyncStep step_ = sync::SyncStep::wait;
    std::unique_ptr<BundleFetch> fetch_;  // While the bundle is asked for amid the upload.
};

}  // namespace egret::client::detail
