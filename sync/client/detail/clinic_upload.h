#pragma once

#include "registry/service/clinic.h"
#include "sync/client/detail/bundle_fetch.h"
#include "sync/client/detail/handover.h"
#include "sync/client/detail/repair.h"
#include "sync/client/detail/talk.h"
#include "sync/client/held_link.h"
#include "sync/client/upload_store.h"
#include "sync/core/sync_client.h"

#include <memory>
#include <optional>

namespace egret::client::detail {

/// Hands over what an open registry holds: carries out the steps of a SyncClient, and saves what
/// that remembers before each of them. Before all goes what an older copy of the registry left in
/// the outbox.
class ClinicUpload final : public Uploads {
public:
    /// Both outlive it.
    ClinicUpload(service::Clinic& clinic, HeldLink& link);

    std::optional<http::Request> start(Instant now) override;
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override;

    sync::SyncReport report() const override;

    bool must_stop() const override { return step_ == sync::SyncStep::stop; }

    bool has_all() const override { return step_ == sync::SyncStep::done; }

    bool may_go_on() const override;

    const std::optional<sync::ReplyNews>& news() const override { return client_.news(); }

    std::optional<Instant> centre_time() const override;

    RepairReport repairs() const override { return repairs_; }

private:
    using Asked = std::optional<http::Request>;

    Asked after_handover(Instant now);
    Asked carry_out(sync::SyncStep step, Instant now);
    Asked repair(Instant now);
    sync::SyncStep after_fetch(Instant now);
    sync::SyncStep after_repair();
    void remember();
    void end();

    service::Clinic& clinic_;
    HeldLink& link_;
    StoredLog log_;
    UploadStore uploads_;
    sync::SyncClient client_;
    sync::SyncStep step_ = sync::SyncStep::wait;
    RepairReport repairs_;
    std::optional<Error> error_;  // Of what came before the upload.
    // At most one at a time, while it is under way.
    std::unique_ptr<Handover> handover_;
    std::unique_ptr<BundleFetch> fetch_;
    std::unique_ptr<Repair> repair_;
};

}  // namespace egret::client::detail
