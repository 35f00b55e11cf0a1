#include "sync/central/ingest.h"

#include <algorithm>
#include <utility>

namespace egret::central {
namespace {

Error unknown_device() {
    return {ErrorCode::unauthorized, "device", msg("central.unknown_device")};
}

Error revoked_device() { return {ErrorCode::forbidden, "device", msg("central.revoked_device")}; }

}  // namespace

std::int64_t clock_offset_ms(std::int64_t clock_ms, Instant received) {
    constexpr std::int64_t clock_max = (1LL << 48) - 1;  // What a log's clock can hold.
    return unix_ms(received) - std::clamp<std::int64_t>(clock_ms, 0, clock_max);
}

Result<sync::UploadReply> Ingester::ingest(ByteView envelope, const Delivery& delivery) {
    const auto header = sync::parse_envelope(envelope);
    if (!header) return header.error();
    const auto device = store_.find_device(header->sender);
    if (!device) return unknown_device();
    if (device->revoked) return revoked_device();
    if (delivery.device && *delivery.device != device->id)
        return Error{ErrorCode::forbidden, "device", msg("batch.other_sender")};
    const bool is_by_next = device->next && header->sender_epoch == device->next->epoch;
    const auto& by = is_by_next ? *device->next : device->keys;
    const auto opened_by = keys_.seal_key_for(header->recipient_key_id);
    auto batch = sync::open_batch(envelope, {device->id, by.sign}, *opened_by);
    const bool is_of_device =
        batch || batch.error().code == ErrorCode::not_found;  // Which is looked at after all else.
    if (is_by_next && is_of_device) store_.adopt_keys(device->id, by.epoch);
    if (!batch && batch.error().code == ErrorCode::not_found) return stale_key(device->id);
    if (!batch) return std::move(batch).error();

    Upload upload;
    upload.batch = *std::move(batch);
    upload.device = device->id;
    upload.batch_id = header->batch_id;
    upload.received = clock_.now();
    upload.known_day = zone_.local_day(upload.received);
    upload.clock_offset_ms =
        clock_offset_ms(delivery.clock_ms.value_or(upload.batch.clock_ms), upload.received);
    upload.verdicts.reserve(upload.batch.events.size());
    for (const auto& entry : upload.batch.events) upload.verdicts.push_back(judge(entry));

    auto ingested = store_.ingest(std::move(upload));
    if (!ingested) return std::move(ingested).error();
    sync::UploadReply reply;
    reply.code = ingested->code;
    reply.standing = {device->id, ingested->head.seq, ingested->head.hash, ingested->safe_seq,
                      unix_ms(clock_.now())};
    reply.news = std::move(ingested->news);
    reply.news->bundle_number = keys_.bundle_number();
    return reply;
}

/// It is the device's, whole, and sealed to a key that isn't here: of a bundle before the last.
sync::UploadReply Ingester::stale_key(const DeviceId& device) {
    const auto now = clock_.now();
    store_.note_seen(device, now);
    const auto head = store_.head(device);
    sync::UploadReply reply;
    reply.code = sync::UploadCode::stale_key;
    reply.standing = {device, head.seq, head.hash, store_.safe_seq(device), unix_ms(now)};
    reply.news = news(device);
    return reply;
}

sync::ReplyNews Ingester::news(const DeviceId& device) {
    auto news = store_.news(device, clock_.now());
    news.bundle_number = keys_.bundle_number();
    return news;
}

}  // namespace egret::central
