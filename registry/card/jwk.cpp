#include "registry/card/jwk.h"

#include "registry/base/base64url.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "registry/json/reader.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace egret::card {
namespace {

Error bad_keys(std::string field) {
    return {ErrorCode::invalid_input, std::move(field), msg("card.bad_keys")};
}

bool is_text(const json::Value& key, std::string_view name, std::string_view wanted) {
    const auto* value = key.find(name);
    return value && value->is_text() && value->as_text() == wanted;
}

std::optional<Fixed<32>> read_coordinate(const json::Value& key, std::string_view name) {
    const auto* value = key.find(name);
    const auto bytes = value && value->is_text() ? from_base64url(value->as_text()) : std::nullopt;
    if (!bytes || bytes->size() != 32) return std::nullopt;
    Fixed<32> coordinate;
    std::copy(bytes->begin(), bytes->end(), coordinate.begin());
    return coordinate;
}

bool is_signing_key(const json::Value& key) {
    return is_text(key, "kty", "EC") && is_text(key, "use", "sig") && is_text(key, "alg", "ES256");
}

std::optional<crypto::Es256PublicKey> read_key(const json::Value& key) {
    const auto x = read_coordinate(key, "x");
    const auto y = read_coordinate(key, "y");
    if (!x || !y || !is_text(key, "crv", "P-256") || key.find("d")) return std::nullopt;
    const crypto::Es256PublicKey read{*x, *y};
    if (!crypto::is_usable(read) || !is_text(key, "kid", crypto::thumbprint(read)))
        return std::nullopt;
    return read;
}

}  // namespace

std::string encode_key_set(const std::vector<crypto::Es256PublicKey>& keys) {
    json::Array all;
    for (const auto& key : keys) {
        all.emplace_back(json::Object{{"kty", "EC"},
                                      {"kid", crypto::thumbprint(key)},
                                      {"use", "sig"},
                                      {"alg", "ES256"},
                                      {"crv", "P-256"},
                                      {"x", to_base64url(key.x)},
                                      {"y", to_base64url(key.y)}});
    }
    return json::dump(json::Object{{"keys", std::move(all)}});
}

Result<std::vector<crypto::Es256PublicKey>> parse_key_set(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) return document.error();
    const auto from = json::Reader::open(*document);
    if (!from) return from.error();
    const auto listed = from->array("keys");
    if (!listed) return listed.error();
    std::vector<crypto::Es256PublicKey> keys;
    for (std::size_t i = 0; i < (*listed)->size(); ++i) {
        const auto& item = (**listed)[i];
        if (!item.is_object()) return bad_keys("keys[" + std::to_string(i) + "]");
        if (!is_signing_key(item)) continue;
        const auto key = read_key(item);
        if (!key) return bad_keys("keys[" + std::to_string(i) + "]");
        keys.push_back(*key);
    }
    return keys;
}

}  // namespace egret::card
