#include "sync/core/protocol.h"

#include "registry/base/text.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "sync/core/detail/hex_member.h"

#include <array>
#include <utility>

namespace egret::sync {
namespace {

constexpr std::array<std::string_view, 4> upload_code_names = {"applied", "GAP", "FORK",
                                                               "BAD_CHAIN"};

void append_be(Bytes& to, std::uint64_t value, std::size_t size) {
    for (std::size_t i = size; i-- > 0;) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

Bytes signed_standing(std::string_view domain, const Standing& standing) {
    Bytes out = copy_of(bytes_of(domain));
    append(out, standing.device.view());
    append_be(out, standing.head_seq, 8);
    append(out, standing.head_hash);
    append_be(out, standing.safe_seq, 8);
    append_be(out, static_cast<std::uint64_t>(standing.server_time_ms), 8);
    return out;
}

Bytes signed_part(const UploadReply& reply) {
    auto out = signed_standing("cr-reply-v1", reply.standing);
    append_be(out, static_cast<std::uint8_t>(reply.code), 1);
    return out;
}

Bytes signed_part(const HeadReply& reply) {
    auto out = signed_standing("cr-head-v1", reply.standing);
    append_be(out, reply.protocol_min, 2);
    append_be(out, reply.protocol_max, 2);
    return out;
}

void set_standing(json::Object& to, const Standing& standing) {
    to.append("device", standing.device.to_string());
    to.append("head_seq", standing.head_seq);
    to.append("head_hash", to_hex(standing.head_hash));
    to.append("safe_seq", standing.safe_seq);
    to.append("server_time_ms", standing.server_time_ms);
}

Error bad_member(std::string_view name) {
    return {ErrorCode::invalid_input, std::string(name), msg("protocol.malformed")};
}

Result<Standing> read_standing(const json::Reader& from) {
    const auto device = from.text("device");
    if (!device) return device.error();
    const auto id = DeviceId::parse(*device);
    if (!id) return bad_member("device");
    const auto head_seq = from.integer("head_seq", 0);
    if (!head_seq) return head_seq.error();
    const auto head_hash = detail::read_hex<32>(from, "head_hash");
    if (!head_hash) return head_hash.error();
    const auto safe_seq = from.integer("safe_seq", 0);
    if (!safe_seq) return safe_seq.error();
    const auto server_time = from.integer("server_time_ms");
    if (!server_time) return server_time.error();
    return Standing{*id, static_cast<std::uint64_t>(*head_seq), *head_hash,
                    static_cast<std::uint64_t>(*safe_seq), *server_time};
}

Result<UploadCode> read_code(const json::Reader& from) {
    const auto name = from.text("code");
    if (!name) return name.error();
    for (std::size_t i = 0; i < upload_code_names.size(); ++i) {
        if (upload_code_names[i] == *name) return static_cast<UploadCode>(i);
    }
    return bad_member("code");
}

/// The reply, if `body` carries its signature for this device.
template <class Reply>
Result<Reply> checked_reply(const json::Reader& from, Reply reply, const ReplyTrust& trust) {
    const auto signature = detail::read_hex<64>(from, "sig");
    if (!signature) return signature.error();
    if (reply.standing.device != trust.device)
        return Error{ErrorCode::unauthorized, "device", msg("protocol.other_device")};
    if (!crypto::verify(trust.receipt_key, signed_part(reply), *signature))
        return Error{ErrorCode::unauthorized, "sig", msg("protocol.bad_signature")};
    return reply;
}

}  // namespace

int http_status(UploadCode code) { return code == UploadCode::applied ? 200 : 409; }

std::string encode_upload_reply(const UploadReply& reply, const crypto::SigningKey& receipt_key) {
    json::Object body;
    body.append("code", upload_code_names[static_cast<std::size_t>(reply.code)]);
    set_standing(body, reply.standing);
    body.append("sig", to_hex(crypto::sign(receipt_key, signed_part(reply))));
    return json::dump(std::move(body));
}

std::string encode_head_reply(const HeadReply& reply, const crypto::SigningKey& receipt_key) {
    json::Object body;
    set_standing(body, reply.standing);
    body.append("protocol_min", reply.protocol_min);
    body.append("protocol_max", reply.protocol_max);
    body.append("sig", to_hex(crypto::sign(receipt_key, signed_part(reply))));
    return json::dump(std::move(body));
}

Result<UploadReply> decode_upload_reply(std::string_view body, const ReplyTrust& trust) {
    const auto value = json::parse(body);
    if (!value) return value.error();
    const auto from = json::Reader::open(*value);
    if (!from) return from.error();
    const auto code = read_code(*from);
    if (!code) return code.error();
    const auto standing = read_standing(*from);
    if (!standing) return standing.error();
    return checked_reply(*from, UploadReply{*code, *standing}, trust);
}

Result<HeadReply> decode_head_reply(std::string_view body, const ReplyTrust& trust) {
    const auto value = json::parse(body);
    if (!value) return value.error();
    const auto from = json::Reader::open(*value);
    if (!from) return from.error();
    const auto standing = read_standing(*from);
    if (!standing) return standing.error();
    const auto least = from->integer("protocol_min", 0, UINT16_MAX);
    if (!least) return least.error();
    const auto most = from->integer("protocol_max", *least, UINT16_MAX);
    if (!most) return most.error();
    return checked_reply(
        *from,
        HeadReply{*standing, static_cast<std::uint16_t>(*least), static_cast<std::uint16_t>(*most)},
        trust);
}

}  // namespace egret::sync
