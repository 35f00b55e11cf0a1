#include "sync/central/courier.h"

#include "sync/core/protocol.h"
#include "sync/core/receipt.h"

#include <algorithm>
#include <utility>

namespace egret::central {
namespace {

Error stranger() { return {ErrorCode::unauthorized, "device", msg("central.unknown_device")}; }

sync::ReceiptSeal seal_for(const Device& device, const CourierServices& with) {
    return {with.keys.centre_device(), 1, sync::EnvelopeSuite::aes_256_gcm, device.keys.seal};
}

sync::StickName receipt_name(const Device& device) {
    return {sync::StickKind::receipt, device.id, 0, 0, 0, {}};
}

}  // namespace

Result<BroughtUpload> Courier::take(ByteView envelope) {
    const auto header = sync::parse_envelope(envelope);
    if (!header) return header.error();
    const auto device = with_.store.find_device(header->sender);
    if (!device) return stranger();
    const auto before = with_.store.head(device->id).seq;
    auto reply = answer(*device, envelope);
    if (!reply) return std::move(reply).error();
    BroughtUpload brought{*device, *std::move(reply)};
    if (brought.reply.code == sync::UploadCode::gap) {
        brought.waits = with_.store.spool().spool_upload(
            {device->id, header->first_seq, header->last_seq, header->batch_id, envelope},
            with_.clock.now());
    } else if (const auto later = take_waiting(*device)) {
        brought.reply.standing = later->standing;
    }
    const auto after = with_.store.head(device->id).seq;
    brought.added = after > before ? after - before : 0;
    return brought;
}

/// What `envelope` says of its device, and what that is told.
Result<sync::UploadReply> Courier::answer(const Device& device, ByteView envelope) {
    if (!device.revoked) return with_.ingester.ingest(envelope, {});
    if (auto verified = sync::verify_envelope(envelope, device.keys.sign); !verified)
        return std::move(verified).error();
    sync::UploadReply reply;
    reply.code = sync::UploadCode::shut_out;
    reply.standing = standing(device);
    reply.news = news(device);
    return reply;
}

std::optional<sync::UploadReply> Courier::take_waiting(const Device& device) {
    auto& spool = with_.store.spool();
    std::optional<sync::UploadReply> last;
    for (const auto& waiting : spool.spooled(device.id)) {
        const auto head = with_.store.head(device.id).seq;
        if (waiting.first_seq > head + 1) break;
        const auto envelope = spool.spooled_envelope(waiting.id);
        if (envelope && waiting.last_seq > head) {
            // One that was damaged here, or goes another way, was not acknowledged to anybody.
            const auto reply = with_.ingester.ingest(*envelope, {});
            if (reply && reply->code == sync::UploadCode::gap) continue;
            if (reply) last = *reply;
        }
        spool.let_go(waiting.id);
    }
    return last;
}

Result<BroughtCall> Courier::open_call(ByteView envelope) {
    const auto header = sync::parse_envelope(envelope);
    if (!header) return header.error();
    const auto device = with_.store.find_device(header->sender);
    if (!device) return stranger();
    if (device->revoked) {
        if (auto verified = sync::verify_envelope(envelope, device->keys.sign); !verified)
            return std::move(verified).error();
        return Error{ErrorCode::forbidden, "device", msg("central.revoked_device")};
    }
    const bool is_by_next = device->next && header->sender_epoch == device->next->epoch;
    const auto& by = is_by_next ? *device->next : device->keys;
    const auto opened_by = with_.keys.seal_key_for(header->recipient_key_id);
    auto call = sync::open_call(envelope, {device->id, by.sign}, *opened_by);
    if (!call && call.error().code != ErrorCode::not_found) return std::move(call).error();
    if (is_by_next) with_.store.adopt_keys(device->id, by.epoch);
    with_.store.note_seen(device->id, with_.clock.now());
    if (!call) return BroughtCall{*device, std::nullopt};
    with_.store.note_bundle(device->id, call->bundle_number);
    return BroughtCall{*device, *std::move(call)};
}

sync::RelayFile Courier::receipt(const Device& device, const sync::UploadReply& reply) {
    return {receipt_name(device),
            sync::seal_receipt(reply, seal_for(device, with_), with_.keys.receipt(), with_.random)};
}

sync::RelayFile Courier::receipt(const Device& device) {
    if (device.revoked) {
        sync::UploadReply reply;
        reply.code = sync::UploadCode::shut_out;
        reply.standing = standing(device);
        reply.news = news(device);
        return receipt(device, reply);
    }
    sync::HeadReply reply;
    reply.standing = standing(device);
    reply.news = news(device);
    return {receipt_name(device),
            sync::seal_receipt(reply, seal_for(device, with_), with_.keys.receipt(), with_.random)};
}

sync::RelayFile Courier::bundle() const { return {{}, with_.keys.bundle3()}; }

sync::Standing Courier::standing(const Device& device) {
    const auto head = with_.store.head(device.id);
    return {device.id, head.seq, head.hash, with_.store.safe_seq(device.id),
            unix_ms(with_.clock.now())};
}

sync::ReplyNews Courier::news(const Device& device) {
    auto news = with_.store.news(device.id, with_.clock.now());
    news.bundle_number = with_.keys.bundle_number();
    return news;
}

}  // namespace egret::central
