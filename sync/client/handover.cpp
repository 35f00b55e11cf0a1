#include "sync/client/detail/handover.h"

#include "sync/client/detail/calls.h"
#include "sync/client/detail/http_status.h"
#include "sync/client/outbox_strangers.h"

#include <string>
#include <utility>

namespace egret::client::detail {
namespace {

using sync::SyncStep;

sync::ReplyTrust trust_in(const HeldLink& link) {
    return {link.membership().device, link.bundle()};
}

/// Whoever said that, it wasn't the centre: as good as no answer.
sync::Refusal not_understood() {
    return {{ErrorCode::unavailable, "", msg("sync.no_line")}, SyncStep::wait};
}

}  // namespace

Handover::Handover(service::Clinic& clinic, HeldLink& link, const sync::ChainView& log)
    : clinic_(clinic), link_(link), folder_(link.dir(), clinic.disk()) {
    const OutboxOwner owner{link.membership().device, link.keys().sign_key().public_key(),
                            link.bundle().seal_key_id()};
    strangers_ = find_strangers(folder_, owner, log);
}

std::optional<http::Request> Handover::start(Instant) {
    if (strangers_.empty()) return std::nullopt;
    return head_request(caller_of(clinic_, link_));
}

std::optional<http::Request> Handover::next(const Result<http::Response>& answer, Instant) {
    if (!answer) return fail({answer.error(), SyncStep::wait});
    if (auto refused = sync::refusal_of(answer->status)) return fail(*std::move(refused));
    if (position_) return on_upload(*answer);
    const auto head = sync::decode_head_reply(text_of(answer->body), trust_in(link_));
    if (answer->status != http_ok || !head) return fail(not_understood());
    position_ = head->standing.head_seq;
    return send_next();
}

std::optional<http::Request> Handover::send_next() {
    while (sent_ < strangers_.size()) {
        const auto& item = strangers_[sent_++];
        auto envelope = folder_.read(item);
        // What was before it is neither here nor there.
        const bool is_after_gap = item.first_seq > *position_ + 1;
        if (envelope && !is_after_gap)
            return upload_request(*std::move(envelope), caller_of(clinic_, link_));
        folder_.set_aside(item);
        ++set_aside_;
    }
    return std::nullopt;
}

std::optional<http::Request> Handover::on_upload(const http::Response& answer) {
    const auto reply = sync::decode_upload_reply(text_of(answer.body), trust_in(link_));
    if (!reply) {
        if (answer.status == http_ok) return fail(not_understood());
        return fail({{ErrorCode::unsupported, "",
                      msg("sync.refused", {{"status", std::to_string(answer.status)}})},
                     SyncStep::stop});
    }
    position_ = reply->standing.head_seq;
    if (reply->code != sync::UploadCode::applied) {
        // It can't follow any more, or nobody has its key: for people, if for anybody.
        folder_.set_aside(strangers_[sent_ - 1]);
        ++set_aside_;
    }
    return send_next();
}

std::optional<http::Request> Handover::fail(sync::Refusal refusal) {
    refusal_ = std::move(refusal);
    return std::nullopt;
}

}  // namespace egret::client::detail
