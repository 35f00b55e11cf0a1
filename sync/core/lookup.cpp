#include "sync/core/lookup.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "sync/core/detail/hex_member.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <utility>

namespace egret::sync {
namespace {

Error bad_lookup(std::string_view name) {
    return {ErrorCode::invalid_input, std::string(name), msg("lookup.malformed")};
}

Bytes signed_lookup(const LookupReply& reply, const LookupAsked& asked) {
    Bytes out = copy_of(bytes_of("cr-lookup-v1"));
    cbor::Writer to(out);
    to.array(5);
    to.bytes(asked.device.bytes);
    to.bytes(asked.request_hash);
    to.bytes(reply.woman.bytes);
    to.integer(reply.until_ms);
    to.uint(reply.scope);
    return out;
}

/// A word of a program: not empty and short.
Result<std::string> read_word(const json::Reader& from, std::string_view name,
                              std::size_t most = limits::wire_word_bytes_max) {
    auto text = from.text(name);
    if (text && (text->empty() || text->size() > most)) return bad_lookup(name);
    return text;
}

template <class Id>
Result<Id> read_lookup_id(const json::Reader& from, std::string_view name) {
    const auto text = from.text(name);
    if (!text) return text.error();
    const auto id = Id::parse(*text);
    if (!id || id->is_nil()) return bad_lookup(name);
    return *id;
}

}  // namespace

std::string encode_lookup_request(const LookupRequest& request) {
    json::Object body;
    body.append("kind", request.kind);
    body.append("number", request.number);
    body.append("birth_date", request.birth_date.to_string());
    body.append("user", request.user.to_string());
    body.append("purpose", request.purpose);
    return json::dump(std::move(body));
}

Result<LookupRequest> decode_lookup_request(std::string_view body) {
    const auto value = json::parse(body);
    if (!value) return value.error();
    const auto from = json::Reader::open(*value);
    if (!from) return from.error();
    const auto known = from->only({"kind", "number", "birth_date", "user", "purpose"});
    if (!known) return known.error();
    auto kind = read_word(*from, "kind");
    if (!kind) return std::move(kind).error();
    auto number = read_word(*from, "number", limits::name_bytes_max);
    if (!number) return std::move(number).error();
    const auto day = from->text("birth_date");
    if (!day) return day.error();
    const auto birth_date = Date::parse(*day);
    if (!birth_date) return bad_lookup("birth_date");
    const auto user = read_lookup_id<UserId>(*from, "user");
    if (!user) return user.error();
    auto purpose = read_word(*from, "purpose");
    if (!purpose) return std::move(purpose).error();
    return LookupRequest{*std::move(kind), *std::move(number), *birth_date, *user,
                         *std::move(purpose)};
}

std::string encode_lookup_reply(const LookupReply& reply, const LookupAsked& asked,
                                const crypto::SigningKey& receipt_key) {
    json::Object body;
    body.append("woman", reply.woman.to_string());
    body.append("until_ms", reply.until_ms);
    body.append("scope", reply.scope);
    body.append("sig", to_hex(crypto::sign(receipt_key, signed_lookup(reply, asked))));
    return json::dump(std::move(body));
}

Result<LookupReply> decode_lookup_reply(std::string_view body, const LookupAsked& asked,
                                        const std::vector<crypto::VerifyKey>& receipt_keys) {
    const auto value = json::parse(body);
    if (!value) return value.error();
    const auto from = json::Reader::open(*value);
    if (!from) return from.error();
    const auto woman = read_lookup_id<WomanId>(*from, "woman");
    if (!woman) return woman.error();
    const auto until = from->integer("until_ms", 0);
    if (!until) return until.error();
    const auto scope = from->integer("scope", 1);
    if (!scope) return scope.error();
    const auto signature = detail::read_hex<64>(*from, "sig");
    if (!signature) return signature.error();
    const LookupReply reply{*woman, *until, static_cast<std::uint64_t>(*scope)};
    const auto part = signed_lookup(reply, asked);
    const bool is_signed = std::any_of(
        receipt_keys.begin(), receipt_keys.end(),
        [&](const crypto::VerifyKey& key) { return crypto::verify(key, part, *signature); });
    if (!is_signed) return Error{ErrorCode::unauthorized, "sig", msg("protocol.bad_signature")};
    return reply;
}

}  // namespace egret::sync
