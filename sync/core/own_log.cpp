#include "sync/core/own_log.h"

namespace egret::sync {
namespace {

Error no_own_log(std::string_view field) {
    return {ErrorCode::invalid_input, std::string(field), msg("own_log.malformed")};
}

}  // namespace

Bytes seal_own_log(const Batch& batch, const OwnLogSeal& seal,
                   const crypto::SigningKey& receipt_key, Random& random) {
    EnvelopeHeader header;
    header.suite = seal.suite;
    header.kind = EnvelopeKind::own_log;
    header.sender = seal.device;
    header.sender_epoch = seal.epoch;
    header.first_seq = batch.first_seq;
    header.last_seq = batch.last_seq();
    header.batch_id = make_random_id<BatchTag>(random);
    return seal_envelope(header, encode_batch(batch), seal.device_key, receipt_key, random);
}

Result<Batch> open_own_log(ByteView envelope, const OwnLogTrust& trust,
                           const crypto::SealKeyPair& device_key) {
    const auto header = parse_envelope(envelope);
    if (!header) return header.error();
    if (header->kind != EnvelopeKind::own_log) return no_own_log("kind");
    if (header->sender != trust.device)
        return Error{ErrorCode::forbidden, "sender", msg("protocol.other_device")};
    auto verified = verify_envelope(envelope, trust.receipt_keys);
    if (!verified) return std::move(verified).error();
    const auto plaintext = open_envelope(envelope, device_key);
    if (!plaintext) return plaintext.error();
    auto batch = decode_batch(*plaintext, header->first_seq, header->last_seq);
    if (!batch) return batch;
    const bool is_from_start = batch->first_seq > 1 || batch->prev_hash == codec::chain_start;
    if (!is_from_start || batch->events.back().hash != batch->last_hash)
        return no_own_log("events");
    return batch;
}

}  // namespace egret::sync
