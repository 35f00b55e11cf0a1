#include "sync/core/request_signature.h"

#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/hash.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace egret::sync {
namespace {

constexpr std::string_view scheme = "CR1 ";

Error not_authorized() { return {ErrorCode::unauthorized, "", msg("request.unauthorized")}; }

Bytes signed_request(const RequestClaim& claim, const RequestParts& parts) {
    Bytes out = copy_of(bytes_of("cr-req-v1"));
    cbor::Writer to(out);
    to.array(7);
    to.bytes(claim.device.bytes);
    to.uint(claim.epoch);
    to.integer(claim.stamp.time_ms);
    to.bytes(claim.stamp.nonce);
    // As bytes: what came in a request line need not be UTF-8.
    to.bytes(bytes_of(parts.method));
    to.bytes(bytes_of(parts.target));
    to.bytes(crypto::sha256(parts.body));
    return out;
}

/// The value of `name=value`, if that is the name.
std::optional<std::string_view> value_of(std::string_view pair, std::string_view name) {
    if (!pair.starts_with(name) || pair.size() <= name.size() || pair[name.size()] != '=')
        return std::nullopt;
    return pair.substr(name.size() + 1);
}

/// A number in its one form, up to `most`.
std::optional<std::uint64_t> number_of(std::string_view pair, std::string_view name,
                                       std::uint64_t most) {
    const auto text = value_of(pair, name);
    if (!text || !is_digits(*text) || (text->size() > 1 && text->front() == '0'))
        return std::nullopt;
    std::uint64_t number = 0;
    const auto end = text->data() + text->size();
    const auto [at, failure] = std::from_chars(text->data(), end, number);
    if (at != end || failure != std::errc{} || number > most) return std::nullopt;
    return number;
}

template <std::size_t N>
std::optional<Fixed<N>> bytes_in(std::string_view pair, std::string_view name) {
    const auto text = value_of(pair, name);
    const auto bytes = text && text->size() == 2 * N ? from_hex(*text) : std::nullopt;
    if (!bytes) return std::nullopt;
    Fixed<N> out{};
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

}  // namespace

std::string authorize_request(const RequestSigner& signer, const RequestStamp& stamp,
                              const RequestParts& parts) {
    const RequestClaim claim{signer.device, signer.epoch, stamp, {}};
    const auto signature = crypto::sign(signer.key, signed_request(claim, parts));
    return std::string(scheme) + "device=" + to_hex(signer.device.bytes) +
           ",epoch=" + std::to_string(signer.epoch) + ",ts=" + std::to_string(stamp.time_ms) +
           ",nonce=" + to_hex(stamp.nonce) + ",sig=" + to_hex(signature);
}

Result<RequestClaim> parse_authorization(std::string_view header) {
    constexpr std::size_t header_bytes_max = 512;
    if (header.size() > header_bytes_max || !header.starts_with(scheme)) return not_authorized();
    const auto pairs = split(header.substr(scheme.size()), ',');
    if (pairs.size() != 5) return not_authorized();
    const auto device = bytes_in<16>(pairs[0], "device");
    const auto epoch = number_of(pairs[1], "epoch", UINT32_MAX);
    const auto time_ms = number_of(pairs[2], "ts", std::numeric_limits<std::int64_t>::max());
    const auto nonce = bytes_in<16>(pairs[3], "nonce");
    const auto signature = bytes_in<64>(pairs[4], "sig");
    if (!device || !epoch || !time_ms || !nonce || !signature) return not_authorized();
    return RequestClaim{DeviceId{*device},
                        static_cast<std::uint32_t>(*epoch),
                        {static_cast<std::int64_t>(*time_ms), *nonce},
                        *signature};
}

Result<Done> verify_request(const RequestClaim& claim, const RequestParts& parts,
                            const crypto::VerifyKey& key) {
    if (!crypto::verify(key, signed_request(claim, parts), claim.signature))
        return not_authorized();
    return Done{};
}

}  // namespace egret::sync
