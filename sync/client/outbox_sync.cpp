#include "sync/client/outbox_sync.h"

#include "sync/client/detail/calls.h"
#include "sync/core/key_bundle.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace egret::client {
namespace {

using sync::SyncStep;

constexpr int setbacks_max = 8;  // Answers that brought nothing forward.

Error outbox_error(ErrorCode code, Message message) { return {code, "", std::move(message)}; }

std::uint64_t last_of(const std::vector<OutboxItem>& items) {
    std::uint64_t last = 0;
    for (const auto& item : items) last = std::max(last, item.last_seq);
    return last;
}

std::optional<sync::Standing> standing_of(const KeptReceipt& receipt,
                                          const sync::ReplyTrust& trust) {
    if (receipt.is_head) {
        const auto head = sync::decode_head_reply(receipt.body, trust);
        return head ? std::optional(head->standing) : std::nullopt;
    }
    const auto reply = sync::decode_upload_reply(receipt.body, trust);
    return reply ? std::optional(reply->standing) : std::nullopt;
}

}  // namespace

/// One run over a connection: asks how far the centre is, then sends file after file.
class OutboxSync::Run {
public:
    Run(const Parts& parts, const OutboxFolder& folder, Transport& line,
        const sync::KeyBundle& bundle)
        : parts_(parts),
          folder_(folder),
          line_(line),
          owner_{parts.keys.membership()->device, parts.keys.sign_key().public_key(),
                 bundle.seal_key_id()},
          trust_{owner_.device, bundle.receipt_key},
          items_(folder.items()) {}

    SyncStep run(Progress& progress) {
        auto step = ask_head();
        while (step == SyncStep::send) {
            progress.at(acked_, acked_ + left());
            step = send_next();
        }
        return step;
    }

    sync::SyncReport report() const { return {sent_, acked_, left(), error_}; }

private:
    detail::Caller caller() const {
        return {owner_.device, parts_.keys.sign_key(), parts_.clock.now(), parts_.random};
    }

    std::uint64_t left() const {
        // Before the centre has said anything, all may be left.
        const auto from = std::max(position_, items_.empty() ? 0 : items_.front().first_seq - 1);
        const auto last = last_of(items_);
        return last > from ? last - from : 0;
    }

    SyncStep end(SyncStep step, Error error) {
        error_ = std::move(error);
        return step;
    }

    /// The answer, if it says something of the log; else how this ends.
    std::optional<http::Response> call(const http::Request& request, SyncStep& step) {
        auto answer = line_.send(request);
        if (!answer) {
            step = end(SyncStep::wait, answer.error());
            return std::nullopt;
        }
        if (auto refused = sync::refusal_of(answer->status)) {
            step = end(refused->step, std::move(refused->error));
            return std::nullopt;
        }
        return *std::move(answer);
    }

    SyncStep ask_head() {
        auto step = SyncStep::wait;
        const auto answer = call(detail::head_request(caller()), step);
        if (!answer) return step;
        const auto body = std::string(text_of(answer->body));
        const auto head = sync::decode_head_reply(body, trust_);
        if (answer->status != 200 || !head) return not_understood();
        return take({true, body}, head->standing);
    }

    SyncStep send_next() {
        items_ = folder_.items();
        const auto* item = find_next(items_, position_);
        if (item == nullptr) return end_of_items();
        Bytes envelope;
        switch (folder_.inspect(*item, owner_, &envelope)) {
            case OutboxFlaw::none:
            case OutboxFlaw::old_key: break;  // The centre keeps its old keys for a while.
            case OutboxFlaw::damaged:
            case OutboxFlaw::other_device:
                return end(SyncStep::stop,
                           outbox_error(ErrorCode::conflict, msg("outbox.damaged")));
        }
        if (envelope.empty()) envelope = folder_.read(*item).value_or(Bytes());
        const auto before = position_;
        const auto first = std::max(item->first_seq, position_ + 1);
        auto step = SyncStep::wait;
        const auto answer = call(detail::upload_request(std::move(envelope), caller()), step);
        if (!answer) return step;
        const auto body = std::string(text_of(answer->body));
        const auto reply = sync::decode_upload_reply(body, trust_);
        if (answer->status != 200 && answer->status != 409) {
            return end(
                SyncStep::stop,
                outbox_error(ErrorCode::unsupported,
                             msg("sync.refused", {{"status", std::to_string(answer->status)}})));
        }
        if (!reply) return not_understood();
        const auto last = item->last_seq;
        step = take_reply({false, body}, *reply);
        if (reply->code == sync::UploadCode::applied && position_ > before) {
            sent_ += last - first + 1;
            acked_ += position_ - before;
        }
        return step;
    }

    SyncStep take_reply(const KeptReceipt& receipt, const sync::UploadReply& reply) {
        const auto before = position_;
        auto step = take(receipt, reply.standing);
        if (step != SyncStep::send) return step;
        switch (reply.code) {
            case sync::UploadCode::applied:
            case sync::UploadCode::gap: break;
            case sync::UploadCode::fork: return forked();
            // Only with a status of its own, which doesn't come here.
            case sync::UploadCode::stale_key: return not_understood();
            case sync::UploadCode::bad_chain:
                return end(SyncStep::stop,
                           outbox_error(ErrorCode::conflict, msg("sync.bad_chain")));
        }
        if (position_ <= before && ++setbacks_ > setbacks_max)
            return end(SyncStep::wait,
                       outbox_error(ErrorCode::unavailable, msg("sync.no_progress")));
        return step;
    }

    /// Keeps the answer before anything follows from it.
    SyncStep take(const KeptReceipt& receipt, const sync::Standing& standing) {
        folder_.keep_receipt(receipt);
        position_ = standing.head_seq;
        for (const auto& item : items_) {
            if (item.last_seq == position_ && item.hash != name_part(standing.head_hash) &&
                !has_match(standing))
                return forked();
        }
        return SyncStep::send;
    }

    bool has_match(const sync::Standing& standing) const {
        return std::any_of(items_.begin(), items_.end(), [&](const OutboxItem& item) {
            return item.last_seq == standing.head_seq && item.hash == name_part(standing.head_hash);
        });
    }

    SyncStep end_of_items() {
        if (left() == 0) return SyncStep::done;
        // Facts before these are missing at the centre, and stand in the registry alone.
        return end(SyncStep::stop, outbox_error(ErrorCode::conflict, msg("outbox.needs_registry")));
    }

    SyncStep forked() {
        return end(SyncStep::stop, outbox_error(ErrorCode::conflict, msg("sync.fork")));
    }

    SyncStep not_understood() {
        // Whoever said that, it wasn't the centre: as good as no answer.
        return end(SyncStep::wait, outbox_error(ErrorCode::unavailable, msg("sync.no_line")));
    }

    const Parts& parts_;
    const OutboxFolder& folder_;
    Transport& line_;
    OutboxOwner owner_;
    sync::ReplyTrust trust_;
    std::vector<OutboxItem> items_;
    std::uint64_t position_ = 0;  // How far the centre is.
    int setbacks_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t acked_ = 0;
    std::optional<Error> error_;
};

std::optional<sync::Standing> OutboxSync::kept_standing(const sync::KeyBundle& bundle) const {
    const auto receipt = folder_.find_receipt();
    if (!receipt) return std::nullopt;
    return standing_of(*receipt, {parts_.keys.membership()->device, bundle.receipt_key});
}

Result<ClinicLink::Outcome> OutboxSync::sync(const std::string& url, Progress& progress) {
    const auto lock = parts_.disk.take_lock((std::filesystem::path(dir_) / "outbox.lock").string());
    if (!lock) return outbox_error(ErrorCode::unavailable, msg("outbox.busy"));
    const auto& membership = *parts_.keys.membership();
    const auto bundle = sync::open_bundle(membership.bundle, membership.root);
    if (!bundle) return bundle.error();
    auto now = std::max(parts_.clock.now(), parts_.not_before);
    if (const auto standing = kept_standing(*bundle))
        now = std::max(now, instant_from_unix_ms(standing->server_time_ms));
    auto line = connect_(
        detail::contact(url.empty() ? membership.url : url, *bundle, now,
                        ClientIdentity{membership.certificate_pem, parts_.keys.tls_key_pem()}));
    if (!line) return std::move(line).error();
    Run run(parts_, folder_, **line, *bundle);
    ClinicLink::Outcome outcome;
    outcome.must_stop = run.run(progress) == SyncStep::stop;
    outcome.report = run.report();
    return outcome;
}

OutboxStatus OutboxSync::status() const {
    OutboxStatus status;
    const auto& membership = *parts_.keys.membership();
    const auto bundle = sync::open_bundle(membership.bundle, membership.root);
    const auto standing = bundle ? kept_standing(*bundle) : std::nullopt;
    const auto items = folder_.items();
    auto from = items.empty() ? 0 : items.front().first_seq - 1;
    if (standing) {
        status.acked_seq = standing->head_seq;
        status.server_time = instant_from_unix_ms(standing->server_time_ms);
        from = std::max(from, standing->head_seq);
    }
    const auto last = last_of(items);
    status.left = last > from ? last - from : 0;
    return status;
}

}  // namespace egret::client
