#include "sync/core/feed.h"

#include <algorithm>

namespace egret::sync {
namespace {

Error no_page(std::string_view field) {
    return {ErrorCode::invalid_input, std::string(field), msg("feed.malformed")};
}

Bytes officers_part(ByteView header) {
    Bytes out = copy_of(bytes_of("cr-officer-v1"));
    append(out, header);
    return out;
}

BatchId page_id(const Hash& last_hash) {
    BatchId id;
    std::copy_n(last_hash.begin(), id.bytes.size(), id.bytes.begin());
    return id;
}

std::uint64_t last_pos_of(const FeedPage& page) { return page.end().pos; }

}  // namespace

Bytes seal_page(const FeedPage& page, const PageSeal& seal, const crypto::SigningKey& receipt_key,
                Random& random) {
    EnvelopeHeader header;
    header.suite = seal.suite;
    header.kind = EnvelopeKind::feed;
    header.sender = seal.centre;
    header.sender_epoch = seal.epoch;
    header.first_seq = page.first_pos;
    header.last_seq = last_pos_of(page);
    header.batch_id = page_id(page.last_hash);
    return seal_envelope(header, encode_page(page), seal.device, receipt_key, random);
}

Result<FeedPage> open_page(ByteView envelope, const PageTrust& trust,
                           const crypto::SealKeyPair& device) {
    const auto header = parse_envelope(envelope);
    if (!header) return header.error();
    if (header->kind != EnvelopeKind::feed) return no_page("kind");
    if (trust.centre && header->sender != *trust.centre)
        return Error{ErrorCode::forbidden, "sender", msg("feed.other_centre")};
    auto verified = verify_envelope(envelope, trust.receipt_keys);
    if (!verified) return std::move(verified).error();
    const auto plaintext = open_envelope(envelope, device);
    if (!plaintext) return plaintext.error();
    auto page = decode_page(*plaintext);
    if (!page) return page;
    if (page->scope != trust.scope)
        return Error{ErrorCode::forbidden, "scope", msg("feed.other_centre")};
    if (header->first_seq != page->first_pos || header->last_seq != last_pos_of(*page) ||
        header->batch_id != page_id(page->last_hash))
        return no_page("header");
    return page;
}

Result<PageOutside> outside_of_page(ByteView envelope) {
    const auto header = parse_envelope(envelope);
    if (!header) return header.error();
    const bool is_ordered = header->first_seq > 0 && header->last_seq + 1 >= header->first_seq;
    if (header->kind != EnvelopeKind::feed || !is_ordered) return no_page("header");
    return PageOutside{header->first_seq, header->last_seq, header->batch_id.bytes};
}

crypto::Signature sign_officer(ByteView header, const crypto::SigningKey& centre_device) {
    return crypto::sign(centre_device, officers_part(header));
}

bool is_of_officer(const FeedFact& fact, const crypto::VerifyKey& centre_device) {
    return fact.officer && crypto::verify(centre_device, officers_part(fact.header), *fact.officer);
}

}  // namespace egret::sync
