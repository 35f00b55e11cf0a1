#include "sync/core/protocol.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "sync/core/detail/device_keys.h"
#include "sync/core/detail/hex_member.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <array>
#include <utility>

namespace egret::sync {
namespace {

constexpr std::array<std::string_view, 6> upload_code_names = {
    "applied", "GAP", "FORK", "BAD_CHAIN", "STALE_KEY", "SHUT_OUT"};

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

/// What "sig2" covers of both.
void write_signed(cbor::Writer& to, const Standing& standing, const ReplyNews& news) {
    to.bytes(standing.device.bytes);
    to.uint(standing.head_seq);
    to.bytes(standing.head_hash);
    to.uint(standing.safe_seq);
    to.integer(standing.server_time_ms);
    to.uint(news.bundle_number);
    to.array(news.feed.size());
    for (const auto& head : news.feed) {
        to.array(2);
        to.uint(head.scope);
        to.uint(head.pos);
    }
    to.boolean(news.must_rejoin);
}

Bytes signed_news(const UploadReply& reply) {
    Bytes out = copy_of(bytes_of("cr-reply-v2"));
    cbor::Writer to(out);
    to.array(9);
    to.uint(static_cast<std::uint64_t>(reply.code));
    write_signed(to, reply.standing, *reply.news);
    return out;
}

Bytes signed_news(const HeadReply& reply) {
    Bytes out = copy_of(bytes_of("cr-head-v2"));
    cbor::Writer to(out);
    to.array(10);
    to.uint(reply.protocol_min);
    to.uint(reply.protocol_max);
    write_signed(to, reply.standing, *reply.news);
    return out;
}

template <class Reply>
void append_news(json::Object& to, const Reply& reply, const crypto::SigningKey& receipt_key) {
    if (!reply.news) return;
    EGRET_ENSURE(reply.news->feed.size() <= limits::feed_scopes_max);
    json::Array feed;
    for (const auto& head : reply.news->feed)
        feed.emplace_back(json::Array{json::Value(head.scope), json::Value(head.pos)});
    to.append("bundle", reply.news->bundle_number);
    to.append("feed", std::move(feed));
    to.append("rejoin", reply.news->must_rejoin);
    to.append("sig2", to_hex(crypto::sign(receipt_key, signed_news(reply))));
}

void set_standing(json::Object& to, const Standing& standing) {
    to.append("device", standing.device.to_string());
    to.append("head_seq", standing.head_seq);
    to.append("head_hash", to_hex(standing.head_hash));
    to.append("safe_seq", standing.safe_seq);
    to.append("server_time_ms", standing.server_time_ms);
}

Result<Standing> read_standing(const json::Reader& from) {
    const auto device = from.text("device");
    if (!device) return device.error();
    const auto id = DeviceId::parse(*device);
    if (!id) return detail::bad_member("device");
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
    return detail::bad_member("code");
}

bool is_number(const json::Value& value) { return value.is_integer() && value.as_integer() >= 0; }

Result<std::vector<FeedHead>> read_feed_heads(const json::Reader& from) {
    const auto items = from.array("feed");
    if (!items) return items.error();
    if ((*items)->size() > limits::feed_scopes_max) return detail::bad_member("feed");
    std::vector<FeedHead> heads;
    for (const auto& item : **items) {
        if (!item.is_array() || item.as_array().size() != 2) return detail::bad_member("feed");
        const auto& pair = item.as_array();
        if (!is_number(pair[0]) || !is_number(pair[1])) return detail::bad_member("feed");
        const FeedHead head{static_cast<std::uint64_t>(pair[0].as_integer()),
                            static_cast<std::uint64_t>(pair[1].as_integer())};
        if (!heads.empty() && head.scope <= heads.back().scope) return detail::bad_member("feed");
        heads.push_back(head);
    }
    return heads;
}

Result<ReplyNews> read_news(const json::Reader& from) {
    const auto bundle = from.integer("bundle", 0);
    if (!bundle) return bundle.error();
    auto feed = read_feed_heads(from);
    if (!feed) return std::move(feed).error();
    const auto must_rejoin = from.boolean("rejoin");
    if (!must_rejoin) return must_rejoin.error();
    return ReplyNews{static_cast<std::uint64_t>(*bundle), *std::move(feed), *must_rejoin};
}

bool is_signed(const ReplyTrust& trust, ByteView part, const crypto::Signature& signature) {
    return std::any_of(
        trust.receipt_keys.begin(), trust.receipt_keys.end(),
        [&](const crypto::VerifyKey& key) { return crypto::verify(key, part, signature); });
}

/// Adds what protocol 2 says beside, if it does. Errors: unauthorized, if it isn't signed.
template <class Reply>
Result<Reply> with_news(const json::Reader& from, Reply reply, const ReplyTrust& trust) {
    if (!from.any("sig2")) return reply;
    const auto signature = detail::read_hex<64>(from, "sig2");
    if (!signature) return signature.error();
    auto news = read_news(from);
    if (!news) return std::move(news).error();
    reply.news = *std::move(news);
    if (!is_signed(trust, signed_news(reply), *signature))
        return Error{ErrorCode::unauthorized, "sig2", msg("protocol.bad_signature")};
    return reply;
}

/// The reply, if `body` carries its signature for this device.
template <class Reply>
Result<Reply> checked_reply(const json::Reader& from, Reply reply, const ReplyTrust& trust) {
    const auto signature = detail::read_hex<64>(from, "sig");
    if (!signature) return signature.error();
    if (reply.standing.device != trust.device)
        return Error{ErrorCode::unauthorized, "device", msg("protocol.other_device")};
    if (!is_signed(trust, signed_part(reply), *signature))
        return Error{ErrorCode::unauthorized, "sig", msg("protocol.bad_signature")};
    return with_news(from, std::move(reply), trust);
}

}  // namespace

int http_status(UploadCode code) {
    switch (code) {
        case UploadCode::applied: return 200;
        case UploadCode::gap:
        case UploadCode::fork:
        case UploadCode::bad_chain: return 409;
        case UploadCode::shut_out: return 403;
        case UploadCode::stale_key: break;
    }
    return 422;
}

std::string encode_upload_reply(const UploadReply& reply, const crypto::SigningKey& receipt_key) {
    json::Object body;
    body.append("code", upload_code_names[static_cast<std::size_t>(reply.code)]);
    set_standing(body, reply.standing);
    body.append("sig", to_hex(crypto::sign(receipt_key, signed_part(reply))));
    append_news(body, reply, receipt_key);
    return json::dump(std::move(body));
}

std::string encode_head_reply(const HeadReply& reply, const crypto::SigningKey& receipt_key) {
    json::Object body;
    set_standing(body, reply.standing);
    body.append("protocol_min", reply.protocol_min);
    body.append("protocol_max", reply.protocol_max);
    body.append("sig", to_hex(crypto::sign(receipt_key, signed_part(reply))));
    append_news(body, reply, receipt_key);
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
    return checked_reply(*from, UploadReply{*code, *standing, std::nullopt}, trust);
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
    return checked_reply(*from,
                         HeadReply{*standing, static_cast<std::uint16_t>(*least),
                                   static_cast<std::uint16_t>(*most), std::nullopt},
                         trust);
}

}  // namespace egret::sync
