#include "sync/client/detail/outbox_upload.h"

#include "sync/client/detail/calls.h"
#include "sync/client/detail/http_status.h"

#include <algorithm>
#include <string>
#include <utility>

namespace egret::client::detail {
namespace {

using sync::SyncStep;

constexpr int setbacks_max = 8;  // Answers that brought nothing forward.

Error outbox_error(ErrorCode code, Message message) { return {code, "", std::move(message)}; }

sync::ReplyTrust trust_in(const HeldLink& link) {
    return {link.membership().device, link.bundle()};
}

}  // namespace

std::optional<sync::Standing> standing_of(const KeptReceipt& receipt,
                                          const sync::ReplyTrust& trust) {
    if (receipt.is_head) {
        const auto head = sync::decode_head_reply(receipt.body, trust);
        return head ? std::optional(head->standing) : std::nullopt;
    }
    const auto reply = sync::decode_upload_reply(receipt.body, trust);
    return reply ? std::optional(reply->standing) : std::nullopt;
}

std::uint64_t last_of(const std::vector<OutboxItem>& items) {
    std::uint64_t last = 0;
    for (const auto& item : items) last = std::max(last, item.last_seq);
    return last;
}

OutboxUpload::OutboxUpload(OutboxFolder folder, HeldLink& link, Random& random)
    : folder_(std::move(folder)),
      link_(link),
      random_(random),
      owner_{link.membership().device, link.keys().sign_key().public_key(),
             link.bundle().seal_key_id()},
      items_(folder_.items()) {}

OutboxUpload::Asked OutboxUpload::start(Instant now) {
    // Where the centre last was, or else from where on there are files: what it has meanwhile, or
    // has lost, its answer tells.
    if (!items_.empty()) {
        const auto receipt = folder_.find_receipt();
        const auto standing = receipt ? standing_of(*receipt, trust_in(link_)) : std::nullopt;
        position_ = standing ? standing->head_seq : items_.front().first_seq - 1;
        if (find_next(items_, position_) != nullptr) return send_next(now);
        position_ = 0;
    }
    return ask_head(now);
}

OutboxUpload::Asked OutboxUpload::next(const Result<http::Response>& answer, Instant now) {
    if (fetch_) {
        if (auto request = fetch_->next(answer, now)) return request;
        fetch_.reset();
        // Sealed anew, to a key that the centre has, they are once the registry is open.
        return end(SyncStep::stop, outbox_error(ErrorCode::conflict, msg("outbox.needs_registry")));
    }
    if (!answer) return end(SyncStep::wait, answer.error());
    if (auto refused = sync::refusal_of(answer->status))
        return end(refused->step, std::move(refused->error));
    return sent_item_ ? on_upload(*answer, now) : on_head(*answer, now);
}

bool OutboxUpload::may_go_on() const {
    const bool is_shut_out = error_ && error_->code == ErrorCode::forbidden;
    return news_.has_value() && !is_shut_out && step_ != SyncStep::wait;
}

Caller OutboxUpload::caller(Instant now) const {
    return {owner_.device, link_.keys().epoch(), link_.keys().sign_key(), now, random_};
}

std::uint64_t OutboxUpload::left() const {
    // Before the centre has said anything, all may be left.
    const auto from = std::max(position_, items_.empty() ? 0 : items_.front().first_seq - 1);
    const auto last = last_of(items_);
    return last > from ? last - from : 0;
}

OutboxUpload::Asked OutboxUpload::end(SyncStep step, Error error) {
    step_ = step;
    error_ = std::move(error);
    return std::nullopt;
}

OutboxUpload::Asked OutboxUpload::ask_head(Instant now) {
    sent_item_.reset();
    return head_request(caller(now), link_.bundle().number);
}

OutboxUpload::Asked OutboxUpload::on_head(const http::Response& answer, Instant now) {
    const auto body = std::string(text_of(answer.body));
    const auto head = sync::decode_head_reply(body, trust_in(link_));
    if (answer.status != http_ok || !head) return not_understood();
    if (head->news) news_ = head->news;
    if (!take({true, body}, head->standing)) return std::nullopt;
    return send_next(now);
}

OutboxUpload::Asked OutboxUpload::send_next(Instant now) {
    items_ = folder_.items();
    const auto* item = find_next(items_, position_);
    if (item == nullptr) return end_of_items();
    Bytes envelope;
    switch (folder_.inspect(*item, owner_, &envelope)) {
        case OutboxFlaw::none:
        case OutboxFlaw::old_key: break;  // The centre keeps its old keys for a while.
        case OutboxFlaw::damaged:
        case OutboxFlaw::other_device:
            return end(SyncStep::stop, outbox_error(ErrorCode::conflict, msg("outbox.damaged")));
    }
    if (envelope.empty()) envelope = folder_.read(*item).value_or(Bytes());
    sent_item_ = *item;
    return upload_request(std::move(envelope), caller(now));
}

OutboxUpload::Asked OutboxUpload::on_upload(const http::Response& answer, Instant now) {
    const auto body = std::string(text_of(answer.body));
    const auto reply = sync::decode_upload_reply(body, trust_in(link_));
    const bool is_stale = answer.status == http_unprocessable && reply;
    if (answer.status != http_ok && answer.status != http_conflict && !is_stale) {
        return end(SyncStep::stop,
                   outbox_error(ErrorCode::unsupported,
                                msg("sync.refused", {{"status", std::to_string(answer.status)}})));
    }
    if (!reply) return not_understood();
    if (reply->news) news_ = reply->news;
    const auto before = position_;
    const auto first = std::max(sent_item_->first_seq, before + 1);
    if (!take({false, body}, reply->standing)) return std::nullopt;
    if (reply->code == sync::UploadCode::applied && position_ > before) {
        sent_ += sent_item_->last_seq - first + 1;
        acked_ += position_ - before;
    } else if (position_ <= before && ++setbacks_ > setbacks_max) {
        return end(SyncStep::wait, outbox_error(ErrorCode::unavailable, msg("sync.no_progress")));
    }
    return on_reply(*reply, now);
}

OutboxUpload::Asked OutboxUpload::on_reply(const sync::UploadReply& reply, Instant now) {
    switch (reply.code) {
        case sync::UploadCode::applied:
        case sync::UploadCode::gap: break;
        case sync::UploadCode::fork:
            return end(SyncStep::stop, outbox_error(ErrorCode::conflict, msg("outbox.forked")));
        case sync::UploadCode::stale_key:
            fetch_ = std::make_unique<BundleFetch>(link_);
            return fetch_->start(now);
        case sync::UploadCode::shut_out:
            return end(SyncStep::stop, outbox_error(ErrorCode::forbidden, msg("sync.re_enrol")));
        case sync::UploadCode::bad_chain:
            return end(SyncStep::stop, outbox_error(ErrorCode::conflict, msg("sync.bad_chain")));
    }
    return send_next(now);
}

/// Keeps the answer before anything follows from it. False, if the log went two ways.
bool OutboxUpload::take(const KeptReceipt& receipt, const sync::Standing& standing) {
    folder_.keep_receipt(receipt);
    position_ = standing.head_seq;
    centre_time_ = instant_from_unix_ms(standing.server_time_ms);
    const auto ends_there = [&](const OutboxItem& item) { return item.last_seq == position_; };
    const auto matches = [&](const OutboxItem& item) {
        return ends_there(item) && item.hash == name_part(standing.head_hash);
    };
    const bool is_other = std::any_of(items_.begin(), items_.end(), ends_there) &&
                          std::none_of(items_.begin(), items_.end(), matches);
    if (is_other) end(SyncStep::stop, outbox_error(ErrorCode::conflict, msg("outbox.forked")));
    return !is_other;
}

OutboxUpload::Asked OutboxUpload::end_of_items() {
    if (left() > 0) {
        // Facts before these are missing at the centre, and stand in the registry alone.
        return end(SyncStep::stop, outbox_error(ErrorCode::conflict, msg("outbox.needs_registry")));
    }
    step_ = SyncStep::done;
    return std::nullopt;
}

OutboxUpload::Asked OutboxUpload::not_understood() {
    // Whoever said that, it wasn't the centre: as good as no answer.
    return end(SyncStep::wait, outbox_error(ErrorCode::unavailable, msg("sync.no_line")));
}

}  // namespace egret::client::detail
