#include "registry/card/verify.h"

#include "registry/base/base64url.h"
#include "registry/base/text.h"
#include "registry/card/detail/card_code.h"
#include "registry/deflate/deflate.h"
#include "registry/json/parse.h"
#include "registry/json/reader.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace egret::card {
namespace {

using detail::code_scheme;
using detail::lowest_character;

constexpr std::size_t payload_bytes_max = 64 * 1024;  // Far above what one QR code can hold.
constexpr int highest_value = 'z' - lowest_character;
constexpr std::string_view health_card_type = "https://smarthealth.cards#health-card";
constexpr std::string_view immunization_type = "https://smarthealth.cards#immunization";

Error refusal(ErrorCode code, std::string field, Message why) {
    return {code, std::move(field), std::move(why)};
}

Error malformed(std::string field) {
    return refusal(ErrorCode::invalid_input, std::move(field), msg("card.malformed"));
}

/// White space that a minified text has not: any outside of its strings.
bool is_minified(std::string_view text) {
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string && c == '\\') ++i;
        if (c == '"') in_string = !in_string;
        if (!in_string && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) return false;
    }
    return true;
}

/// The members of a JSON object, minified and nothing else.
Result<json::Value> parse_minified(ByteView bytes, std::string_view field) {
    const auto text = text_of(bytes);
    auto value = json::parse(text);
    if (!value || !value->is_object() || !is_minified(text)) return malformed(std::string(field));
    return value;
}

struct Parts {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
    std::string_view signed_part;
};

std::optional<Parts> split_jws(std::string_view jws) {
    const auto parts = split(jws, '.');
    if (parts.size() != 3) return std::nullopt;
    return Parts{parts[0], parts[1], parts[2], jws.substr(0, jws.rfind('.'))};
}

/// The name of the key that a header says, if it is the header of a card.
Result<std::string> read_header(std::string_view encoded) {
    const auto bytes = from_base64url(encoded);
    if (!bytes) return malformed("header");
    const auto header = parse_minified(*bytes, "header");
    if (!header) return header.error();
    const json::Reader from(header->as_object());
    const auto known = from.only({"alg", "zip", "kid"});
    const auto algorithm = from.text("alg");
    const auto packing = from.text("zip");
    auto key_id = from.text("kid");
    if (!known || !algorithm || *algorithm != "ES256" || !packing || *packing != "DEF" || !key_id)
        return malformed("header");
    return key_id;
}

Result<Done> check_signature(const Parts& parts, const std::string& key_id,
                             const TrustedIssuer& issuer) {
    const auto key = std::find_if(issuer.keys.begin(), issuer.keys.end(), [&](const auto& one) {
        return crypto::thumbprint(one) == key_id;
    });
    if (key == issuer.keys.end())
        return refusal(ErrorCode::unauthorized, "kid", msg("card.unknown_key"));
    const auto bytes = from_base64url(parts.signature);
    crypto::Es256Signature signature{};
    const bool has_form = bytes && bytes->size() == signature.size();
    if (has_form) std::copy(bytes->begin(), bytes->end(), signature.begin());
    if (!has_form || !crypto::verify(*key, bytes_of(parts.signed_part), signature))
        return refusal(ErrorCode::unauthorized, "signature", msg("card.bad_signature"));
    return Done{};
}

/// A NumericDate: seconds, perhaps with a fraction, which is dropped.
std::optional<Instant> read_time(const json::Value* value) {
    if (!value) return std::nullopt;
    std::int64_t seconds = 0;
    if (value->is_integer()) {
        seconds = value->as_integer();
    } else if (value->is_decimal()) {
        const auto& raw = value->as_decimal().raw;
        const auto whole = std::string_view(raw).substr(0, raw.find('.'));
        const auto end = whole.data() + whole.size();
        const auto [at, failure] = std::from_chars(whole.data(), end, seconds);
        if (at != end || failure != std::errc{}) return std::nullopt;
    } else {
        return std::nullopt;
    }
    constexpr std::int64_t seconds_max = 1LL << 40;  // 36,000 years.
    if (seconds < 0 || seconds > seconds_max) return std::nullopt;
    return instant_from_unix_ms(seconds * 1000);
}

bool is_issuer_url(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    return url.starts_with(scheme) && url.size() > scheme.size() && !url.ends_with('/');
}

/// Issuer and times. Answers when it was issued.
Result<Instant> check_claims(const json::Value& payload, const TrustedIssuer& issuer, Instant now) {
    const json::Reader from(payload.as_object());
    if (!from.only({"iss", "nbf", "exp", "vc"})) return malformed("payload");
    const auto said = from.text("iss");
    if (!said || !is_issuer_url(*said)) return malformed("iss");
    if (*said != issuer.url) return refusal(ErrorCode::unauthorized, "iss", msg("card.bad_issuer"));
    const auto issued = read_time(payload.find("nbf"));
    if (!issued) return malformed("nbf");
    if (*issued > now) return refusal(ErrorCode::invalid_input, "nbf", msg("card.not_yet"));
    if (payload.find("exp")) {
        const auto expires = read_time(payload.find("exp"));
        if (!expires) return malformed("exp");
        if (*expires <= now) return refusal(ErrorCode::invalid_input, "exp", msg("card.expired"));
    }
    return *issued;
}

/// The bundle of a card of vaccinations.
Result<json::Value> read_credential(const json::Value& payload) {
    const auto* credential = payload.find("vc");
    if (!credential || !credential->is_object()) return malformed("vc");
    const json::Reader from(credential->as_object());
    const auto types = from.texts("type");
    if (!types || !from.only({"type", "credentialSubject", "rid"})) return malformed("vc");
    for (const auto wanted : {health_card_type, immunization_type}) {
        if (std::find(types->begin(), types->end(), wanted) == types->end())
            return refusal(ErrorCode::invalid_input, "vc.type", msg("card.wrong_type"));
    }
    const auto subject = from.object("credentialSubject");
    if (!subject || !subject->only({"fhirVersion", "fhirBundle"}))
        return malformed("vc.credentialSubject");
    const auto version = subject->text("fhirVersion");
    if (!version || !version->starts_with("4.0.")) return malformed("vc.credentialSubject");
    const auto bundle = subject->any("fhirBundle");
    if (!bundle) return malformed("vc.credentialSubject");
    if (auto checked = check_bundle(**bundle); !checked)
        return std::move(checked).error().within("fhirBundle");
    return **bundle;
}

}  // namespace

Result<VerifiedCard> verify_code(std::string_view code, const TrustedIssuer& issuer, Instant now) {
    const auto no_code = refusal(ErrorCode::invalid_input, "", msg("card.no_code"));
    if (!code.starts_with(code_scheme)) return no_code;
    const auto digits = code.substr(code_scheme.size());
    if (digits.find('/') != std::string_view::npos)
        return refusal(ErrorCode::unsupported, "", msg("card.in_parts"));
    if (digits.empty() || digits.size() % 2 != 0 || !is_digits(digits)) return no_code;
    std::string jws;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int value = (digits[i] - '0') * 10 + (digits[i + 1] - '0');
        if (value > highest_value) return no_code;
        jws += static_cast<char>(lowest_character + value);
    }
    return verify_jws(jws, issuer, now);
}

Result<VerifiedCard> verify_jws(std::string_view jws, const TrustedIssuer& issuer, Instant now) {
    const auto parts = split_jws(jws);
    if (!parts) return malformed("");
    auto key_id = read_header(parts->header);
    if (!key_id) return std::move(key_id).error();
    // What is inside is opened only once it is known whose it is.
    if (auto checked = check_signature(*parts, *key_id, issuer); !checked)
        return std::move(checked).error();
    const auto packed = from_base64url(parts->payload);
    if (!packed) return malformed("payload");
    const auto content = deflate::unpack(*packed, payload_bytes_max);
    if (!content) return content.error();
    const auto payload = parse_minified(*content, "payload");
    if (!payload) return payload.error();
    const auto issued = check_claims(*payload, issuer, now);
    if (!issued) return issued.error();
    auto bundle = read_credential(*payload);
    if (!bundle) return std::move(bundle).error();
    return VerifiedCard{*std::move(key_id), *issued, *std::move(bundle)};
}

}  // namespace egret::card
