#include "sync/client/link_keys.h"

#include "registry/crypto/aead.h"
#include "registry/crypto/hash.h"
#include "registry/crypto/random_bytes.h"
#include "registry/crypto/wipe.h"
#include "registry/crypto/x509.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "registry/json/reader.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace egret::client {
namespace {

constexpr std::size_t file_bytes_max = 128 * 1024;  // Sealed and in hexadecimal, twice as much.
constexpr std::string_view sealed_format = "egret-link-1";

std::string keys_path(const std::string& dir) {
    return (std::filesystem::path(dir) / "link.keys").string();
}

Error unreadable_keys() { return {ErrorCode::unsupported, "", msg("link.unreadable_keys")}; }

template <std::size_t N>
std::optional<Fixed<N>> read_fixed(const json::Reader& from, std::string_view name) {
    const auto text = from.text(name);
    const auto bytes = text ? from_hex(*text) : std::nullopt;
    if (!bytes || bytes->size() != N) return std::nullopt;
    Fixed<N> fixed;
    std::copy(bytes->begin(), bytes->end(), fixed.begin());
    return fixed;
}

std::optional<LinkMembership> read_membership(const json::Reader& from) {
    const auto device = read_fixed<16>(from, "device");
    const auto root = read_fixed<32>(from, "root");
    auto clinic_code = from.text("clinic_code");
    const auto scope = from.integer("scope", 0);
    auto certificate = from.text("certificate");
    auto url = from.text("url");
    const auto bundle_hex = from.text("bundle");
    auto bundle = bundle_hex ? from_hex(*bundle_hex) : std::nullopt;
    auto said = from.optional_text("joined");
    if (!device || !root || !clinic_code || !scope || !certificate || !url || !bundle || !said)
        return std::nullopt;
    return LinkMembership{{*device},
                          *std::move(clinic_code),
                          static_cast<std::uint64_t>(*scope),
                          *std::move(certificate),
                          *std::move(url),
                          *root,
                          *std::move(bundle),
                          (*said).value_or("")};
}

std::optional<NextKeys> read_next(const json::Reader& from) {
    const auto sign_key = read_fixed<32>(from, "sign_key");
    const auto seal_key = read_fixed<32>(from, "seal_key");
    auto tls = from.text("tls_key");
    if (!sign_key || !seal_key || !tls) return std::nullopt;
    return NextKeys{crypto::SigningKey::from_seed(*sign_key),
                    crypto::SealKeyPair::from_private(*seal_key), *std::move(tls)};
}

json::Value membership_json(const LinkMembership& membership) {
    json::Object object{{"device", to_hex(membership.device.bytes)},
                        {"clinic_code", membership.clinic_code},
                        {"scope", membership.scope},
                        {"certificate", membership.certificate_pem},
                        {"url", membership.url},
                        {"root", to_hex(membership.root)},
                        {"bundle", to_hex(membership.bundle)}};
    if (!membership.joined.empty()) object.set("joined", membership.joined);
    return object;
}

json::Object keys_json(const LinkKeys& keys) {
    json::Object object{{"made_for", to_hex(keys.made_for().bytes)},
                        {"sign_key", to_hex(keys.sign_key().seed())},
                        {"seal_key", to_hex(keys.seal_private())},
                        {"card_key", to_hex(keys.card_key().private_key())},
                        {"tls_key", keys.tls_key_pem()}};
    if (keys.epoch() > 1) object.set("epoch", keys.epoch());
    if (const auto& next = keys.next()) {
        object.set("next", json::Object{{"sign_key", to_hex(next->sign.seed())},
                                        {"seal_key", to_hex(next->seal.private_key())},
                                        {"tls_key", next->tls_key_pem}});
    }
    if (keys.membership()) object.set("membership", membership_json(*keys.membership()));
    return object;
}

/// The content of a sealed file.
Result<json::Value> open_sealed(const json::Object& file, ByteView link_key) {
    const json::Reader from(file);
    const auto format = from.text("format");
    const auto nonce = read_fixed<12>(from, "nonce");
    const auto sealed_hex = from.text("sealed");
    const auto sealed = sealed_hex ? from_hex(*sealed_hex) : std::nullopt;
    if (!format || *format != sealed_format || !nonce || !sealed) return unreadable_keys();
    auto opened = crypto::aes_256_gcm_open(link_key, *nonce, bytes_of(sealed_format), *sealed);
    if (!opened) return Error{ErrorCode::unsupported, "", msg("link.keys_of_other_secret")};
    const crypto::Secret text(*std::move(opened));
    auto parsed = json::parse(text_of(text));
    if (!parsed || !parsed->is_object()) return unreadable_keys();
    return parsed;
}

/// Damage in a key leaves another key, which nobody can tell from the right one.
std::string check_of(const LinkKeys& keys) {
    return to_hex(crypto::Sha256().update(bytes_of(json::dump(keys_json(keys)))).finish());
}

}  // namespace

LinkKeys LinkKeys::make(const DeviceId& registry, Random& random) {
    return {registry, crypto::SigningKey::generate(random), crypto::SealKeyPair::generate(random),
            crypto::Es256Key::generate(random), crypto::make_tls_key()};
}

std::optional<Bytes> LinkKeys::content_in(const std::string& dir, files::Disk& disk) {
    try {
        return disk.read(keys_path(dir), file_bytes_max);
    } catch (const std::system_error&) {
        return std::nullopt;
    }
}

void LinkKeys::prepare_next(Random& random) {
    next_ = NextKeys{crypto::SigningKey::generate(random), crypto::SealKeyPair::generate(random),
                     crypto::make_tls_key()};
}

void LinkKeys::adopt_next(LinkMembership membership) {
    sign_ = std::move(next_->sign);
    seal_ = std::move(next_->seal);
    tls_key_pem_ = std::move(next_->tls_key_pem);
    next_.reset();
    ++epoch_;
    membership_ = std::move(membership);
}

Result<std::optional<LinkKeys>> LinkKeys::load(const std::string& dir, ByteView link_key,
                                               files::Disk& disk) {
    const auto path = keys_path(dir);
    if (!disk.is_there(path)) return std::optional<LinkKeys>();
    std::optional<Bytes> content;
    try {
        content = disk.read(path, file_bytes_max);
    } catch (const std::system_error&) {
        return Error{ErrorCode::unavailable, "", msg("link.keys_blocked", {{"path", path}})};
    }
    auto parsed = content ? json::parse(text_of(*content)) : Result<json::Value>(json::Value());
    if (!parsed || !parsed->is_object()) return unreadable_keys();
    const bool is_sealed = parsed->find("sealed") != nullptr;
    if (is_sealed) {
        if (link_key.empty()) return Error{ErrorCode::locked, "", msg("link.keys_locked")};
        parsed = open_sealed(parsed->as_object(), link_key);
        if (!parsed) return std::move(parsed).error();
    }
    auto keys = read(*parsed);
    if (!keys) return unreadable_keys();
    keys->was_in_the_clear_ = !is_sealed;
    return std::optional<LinkKeys>(*std::move(keys));
}

std::optional<LinkKeys> LinkKeys::read(const json::Value& parsed) {
    const json::Reader from(parsed.as_object());
    const auto made_for = read_fixed<16>(from, "made_for");
    const auto sign = read_fixed<32>(from, "sign_key");
    const auto seal = read_fixed<32>(from, "seal_key");
    const auto card = read_fixed<32>(from, "card_key");
    auto tls = from.text("tls_key");
    auto card_key = card ? crypto::Es256Key::from_private(*card) : std::nullopt;
    if (!made_for || !sign || !seal || !card_key || !tls) return std::nullopt;
    LinkKeys keys({*made_for}, crypto::SigningKey::from_seed(*sign),
                  crypto::SealKeyPair::from_private(*seal), *std::move(card_key), *std::move(tls));
    const auto membership = from.optional_object("membership");
    if (!membership) return std::nullopt;
    if (*membership) {
        keys.membership_ = read_membership(**membership);
        if (!keys.membership_) return std::nullopt;
    }
    const auto epoch = from.optional_integer("epoch", 1, UINT32_MAX);
    const auto next = from.optional_object("next");
    if (!epoch || !next) return std::nullopt;
    keys.epoch_ = static_cast<std::uint32_t>((*epoch).value_or(1));
    if (*next) {
        keys.next_ = read_next(**next);
        if (!keys.next_) return std::nullopt;
    }
    const auto check = from.text("check");
    if (!check || *check != check_of(keys)) return std::nullopt;
    return keys;
}

void LinkKeys::save(const std::string& dir, ByteView link_key, files::Disk& disk) const {
    auto object = keys_json(*this);
    object.set("check", check_of(*this));
    auto text = json::dump_pretty(object);
    if (!link_key.empty()) {
        crypto::SystemRandom random;
        const auto nonce = random.bytes<12>();
        const auto sealed =
            crypto::aes_256_gcm_seal(link_key, nonce, bytes_of(sealed_format), bytes_of(text));
        crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
        text = json::dump(json::Object{
            {"format", sealed_format}, {"nonce", to_hex(nonce)}, {"sealed", to_hex(sealed)}});
    }
    disk.replace(keys_path(dir), bytes_of(text));
}

}  // namespace egret::client
