#include "sync/core/receipt.h"

#include "registry/json/parse.h"

#include <utility>

namespace egret::sync {
namespace {

Error no_receipt(std::string_view field) {
    return {ErrorCode::invalid_input, std::string(field), msg("receipt.malformed")};
}

Bytes seal_body(const std::string& body, std::uint64_t head_seq, const ReceiptSeal& seal,
                const crypto::SigningKey& receipt_key, Random& random) {
    EnvelopeHeader header;
    header.suite = seal.suite;
    header.kind = EnvelopeKind::receipt;
    header.sender = seal.centre;
    header.sender_epoch = seal.epoch;
    header.first_seq = header.last_seq = head_seq;
    header.batch_id = make_random_id<BatchTag>(random);
    return seal_envelope(header, bytes_of(body), seal.device_key, receipt_key, random);
}

template <class Reply>
Result<Receipt> receipt_of(std::string body, Result<Reply> reply) {
    if (!reply) return std::move(reply).error();
    return Receipt{std::move(body), *std::move(reply)};
}

}  // namespace

Bytes seal_receipt(const UploadReply& reply, const ReceiptSeal& seal,
                   const crypto::SigningKey& receipt_key, Random& random) {
    return seal_body(encode_upload_reply(reply, receipt_key), reply.standing.head_seq, seal,
                     receipt_key, random);
}

Bytes seal_receipt(const HeadReply& reply, const ReceiptSeal& seal,
                   const crypto::SigningKey& receipt_key, Random& random) {
    return seal_body(encode_head_reply(reply, receipt_key), reply.standing.head_seq, seal,
                     receipt_key, random);
}

Result<Receipt> open_receipt(ByteView envelope, const ReplyTrust& trust,
                             const crypto::SealKeyPair& device_key) {
    const auto header = parse_envelope(envelope);
    if (!header) return header.error();
    if (header->kind != EnvelopeKind::receipt) return no_receipt("kind");
    auto verified = verify_envelope(envelope, trust.receipt_keys);
    if (!verified) return std::move(verified).error();
    const auto plaintext = open_envelope(envelope, device_key);
    if (!plaintext) return plaintext.error();
    std::string body(text_of(*plaintext));
    const auto value = json::parse(body);
    if (!value) return no_receipt("body");
    // Only the answer to an upload says what became of it.
    const bool is_of_upload = value->find("code") != nullptr;
    auto receipt = is_of_upload ? receipt_of(body, decode_upload_reply(body, trust))
                                : receipt_of(body, decode_head_reply(body, trust));
    if (receipt &&
        (receipt->standing().head_seq != header->last_seq || header->first_seq != header->last_seq))
        return no_receipt("header");
    return receipt;
}

}  // namespace egret::sync
