#include "registry/base/ensure.h"
#include "registry/service/clinic.h"
#include "sync/client/detail/calls.h"
#include "sync/client/held_link.h"
#include "sync/client/upload_store.h"
#include "tests/simulation/sync/talk.h"

#include <utility>

namespace egret::sync_world {
namespace {

using sync::SyncStep;

class OldTalk final : public Talk {
public:
    OldTalk(service::Clinic& clinic, std::unique_ptr<client::HeldLink> link)
        : clinic_(clinic),
          link_(std::move(link)),
          log_(clinic.log(), link_->membership().device),
          uploads_(clinic.database()),
          client_({log_, link_->keys().sign_key(), clinic.random()}, identity(),
                  uploads_.load(client::upload_bounds(clinic))) {}

    std::optional<http::Request> start(Instant now) override {
        return carry_out(client_.start(now));
    }

    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override {
        if (answer) return carry_out(client_.on_reply(answer->status, text_of(answer->body), now));
        const bool is_unreachable = answer.error().message.id == "net.unreachable";
        return carry_out(client_.on_failure(is_unreachable ? sync::SyncFailure::unreachable
                                                           : sync::SyncFailure::broken));
    }

    client::HttpsClientOptions way() const override { return link_->way("", clinic_.now()); }

    client::SyncOutcome outcome() const override {
        client::SyncOutcome outcome;
        outcome.report = client_.report();
        outcome.must_stop = step_ == SyncStep::stop;
        outcome.has_all = step_ == SyncStep::done;
        return outcome;
    }

private:
    sync::SyncIdentity identity() const {
        auto identity = link_->identity(1, clinic_.now());
        identity.protocol = 1;
        identity.bundle_number = 0;
        return identity;
    }

    std::optional<http::Request> carry_out(SyncStep step) {
        step_ = step;
        sqlite::WriteTransaction tx(clinic_.database());
        uploads_.save(client_.state(), tx);
        if (client_.state().server_time_ms > 0)
            clinic_.note_server_time(instant_from_unix_ms(client_.state().server_time_ms), tx);
        tx.commit();
        const auto caller = client::detail::caller_of(clinic_, *link_);
        if (step == SyncStep::send)
            return client::detail::upload_request(client_.state().outbox->envelope, caller);
        if (step == SyncStep::ask_head) return client::detail::head_request(caller);
        return std::nullopt;
    }

    service::Clinic& clinic_;
    std::unique_ptr<client::HeldLink> link_;
    client::StoredLog log_;
    client::UploadStore uploads_;
    sync::SyncClient client_;
    SyncStep step_ = SyncStep::wait;
};

}  // namespace

Result<std::unique_ptr<Talk>> old_talk(service::Clinic& clinic, const std::string& dir) {
    auto keys = client::LinkKeys::load(dir, clinic.link_key(), clinic.disk());
    if (!keys) return std::move(keys).error();
    EGRET_ENSURE(*keys);
    auto link =
        client::HeldLink::owning(std::move(**keys), {dir, clinic.link_key(), clinic.disk()});
    if (!link) return std::move(link).error();
    return std::unique_ptr<Talk>(std::make_unique<OldTalk>(clinic, *std::move(link)));
}

}  // namespace egret::sync_world
