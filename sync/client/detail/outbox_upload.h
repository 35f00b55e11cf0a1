#pragma once

#include "registry/base/random.h"
#include "sync/client/detail/bundle_fetch.h"
#include "sync/client/detail/calls.h"
#include "sync/client/detail/talk.h"
#include "sync/client/held_link.h"
#include "sync/client/outbox_folder.h"
#include "sync/core/sync_client.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace egret::client::detail {

/// Hands over what is in the outbox, file after file, from where the centre is on. Whatever the
/// centre says is kept before anything follows from it; no file is removed.
class OutboxUpload final : public Uploads {
public:
    /// Nobody else may do the same meanwhile. `link` and `random` outlive it.
    OutboxUpload(OutboxFolder folder, HeldLink& link, Random& random);

    std::optional<http::Request> start(Instant now) override;
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override;

    sync::SyncReport report() const override { return {sent_, acked_, left(), error_}; }

    bool must_stop() const override { return step_ == sync::SyncStep::stop; }

    bool has_all() const override { return step_ == sync::SyncStep::done; }

    bool may_go_on() const override;

    const std::optional<sync::ReplyNews>& news() const override { return news_; }

    std::optional<Instant> centre_time() const override { return centre_time_; }

private:
    using Asked = std::optional<http::Request>;

    Caller caller(Instant now) const;
    std::uint64_t left() const;
    Asked end(sync::SyncStep step, Error error);
    Asked ask_head(Instant now);
    Asked send_next(Instant now);
    Asked on_head(const http::Response& answer, Instant now);
    Asked on_upload(const http::Response& answer, Instant now);
    Asked on_reply(const sync::UploadReply& reply, Instant now);
    Asked end_of_items();
    Asked not_understood();
    bool take(const KeptReceipt& receipt, const sync::Standing& standing);

    OutboxFolder folder_;
    HeldLink& link_;
    Random& random_;
    OutboxOwner owner_;
    std::vector<OutboxItem> items_;
    std::optional<OutboxItem> sent_item_;  // Under way; none: the head is asked for.
    std::unique_ptr<BundleFetch> fetch_;   // While the bundle is asked for.
    std::uint64_t position_ = 0;           // How far the centre is, as far as is known.
    int setbacks_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t acked_ = 0;
    sync::SyncStep step_ = sync::SyncStep::wait;
    std::optional<sync::ReplyNews> news_;
    std::optional<Instant> centre_time_;
    std::optional<Error> error_;
};

/// What the centre said of the log, if it is the centre's and of this device.
std::optional<sync::Standing> standing_of(const KeptReceipt& receipt,
                                          const sync::ReplyTrust& trust);

/// The last number of all; 0 without any.
std::uint64_t last_of(const std::vector<OutboxItem>& items);

}  // namespace egret::client::detail
