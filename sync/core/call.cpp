#include "sync/core/call.h"

#include "registry/base/ensure.h"
#include "registry/base/key_limits.h"
#include "registry/base/limits.h"
#include "sync/core/detail/cbor_fields.h"

#include <utility>

namespace egret::sync {
namespace {

constexpr std::uint64_t call_version = 1;
constexpr std::uint64_t call_members = 8;

Error bad_call(std::string_view field) {
    return {ErrorCode::invalid_input, std::string(field), msg("call.malformed")};
}

std::vector<CallUser> read_users(cbor::Reader& from) {
    std::vector<CallUser> users;
    const auto count = from.array();
    if (count > limits::registry_users_max) from.fail();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        if (from.array() != 3) from.fail();
        CallUser user;
        user.id = detail::read_id<UserId>(from);
        user.name = detail::read_text(from, limits::name_bytes_max);
        user.role = detail::read_text(from);
        if (!users.empty() && user.id <= users.back().id) from.fail();
        users.push_back(std::move(user));
    }
    return users;
}

}  // namespace

Bytes encode_call(const Call& call) {
    EGRET_ENSURE(call.users.size() <= limits::registry_users_max);
    Bytes out;
    cbor::Writer to(out);
    to.array(call_members);
    to.uint(call_version);
    to.uint(call.top_seq);
    to.uint(call.bundle_number);
    to.uint(call.protocol);
    to.text(call.app_version);
    to.integer(call.clock_ms);
    write_cursors(to, call.cursors);
    to.array(call.users.size());
    for (const auto& user : call.users) {
        to.array(3);
        to.bytes(user.id.bytes);
        to.text(user.name);
        to.text(user.role);
    }
    return out;
}

Result<Call> decode_call(ByteView plaintext) {
    cbor::Reader from(plaintext);
    const auto members = from.array();
    const auto version = from.uint();
    if (from.ok() && version != call_version)
        return Error{ErrorCode::unsupported, "version", msg("batch.unsupported")};
    if (members != call_members) from.fail();
    Call call;
    call.top_seq = detail::read_number(from);
    call.bundle_number = detail::read_number(from);
    call.protocol = static_cast<std::uint16_t>(detail::read_number(from, 1, UINT16_MAX));
    call.app_version = detail::read_text(from);
    call.clock_ms = from.integer();
    call.cursors = read_cursors(from);
    call.users = read_users(from);
    if (!from.ok() || !from.at_end()) return bad_call("");
    return call;
}

Bytes seal_call(const Call& call, const UploadSeal& seal, const crypto::SigningKey& key,
                Random& random) {
    EnvelopeHeader header;
    header.suite = seal.suite;
    header.kind = EnvelopeKind::call;
    header.sender = seal.device;
    header.sender_epoch = seal.epoch;
    header.first_seq = header.last_seq = call.top_seq;
    header.batch_id = make_random_id<BatchTag>(random);
    return seal_envelope(header, encode_call(call), seal.centre, key, random);
}

Result<Call> open_call(ByteView envelope, const KnownDevice& sender,
                       const crypto::SealKeyPair& centre) {
    const auto header = parse_envelope(envelope);
    if (!header) return header.error();
    if (header->kind != EnvelopeKind::call) return bad_call("kind");
    if (header->sender != sender.id)
        return Error{ErrorCode::forbidden, "sender", msg("batch.other_sender")};
    auto verified = verify_envelope(envelope, sender.key);
    if (!verified) return std::move(verified).error();
    const auto plaintext = open_envelope(envelope, centre);
    if (!plaintext) return plaintext.error();
    auto call = decode_call(*plaintext);
    if (call && (header->first_seq != call->top_seq || header->last_seq != call->top_seq))
        return bad_call("header");
    return call;
}

}  // namespace egret::sync
