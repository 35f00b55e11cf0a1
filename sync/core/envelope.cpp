#include "sync/core/envelope.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/crypto/hash.h"
#include "registry/zstd/compress.h"
#include "sync/core/padme.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace egret::sync {
namespace {

constexpr std::string_view envelope_magic = "CRB1";
constexpr std::uint8_t envelope_version = 1;
constexpr std::uint8_t flag_compressed = 1;
constexpr std::string_view signature_domain = "cr-batch-v1";

constexpr std::size_t bound_bytes = 72;  // What HPKE binds: all before enc.
constexpr std::size_t enc_bytes = 32;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t length_bytes = 4;
constexpr std::size_t padded_bytes_min = 224;
constexpr std::size_t outer_bytes = bound_bytes + enc_bytes + signature_bytes;

/// Appends the low `size` bytes of `value`, big end first.
void append_number(Bytes& to, std::uint64_t value, std::size_t size) {
    for (std::size_t i = size; i-- > 0;) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// Takes an envelope's fields one after the other. Whoever uses it has checked the length.
class FieldCursor {
public:
    explicit FieldCursor(ByteView bytes) : rest_(bytes) {}

    ByteView take(std::size_t size) {
        const auto field = rest_.first(size);
        rest_ = rest_.subspan(size);
        return field;
    }

    template <std::size_t N>
    Fixed<N> take_fixed() {
        Fixed<N> out;
        const auto field = take(N);
        std::copy(field.begin(), field.end(), out.begin());
        return out;
    }

    std::uint64_t take_number(std::size_t size) {
        std::uint64_t value = 0;
        for (const auto byte : take(size)) value = (value << 8) | byte;
        return value;
    }

private:
    ByteView rest_;
};

struct EnvelopeParts {
    EnvelopeHeader header;
    ByteView bound;
    crypto::SealPublicKey enc;
    ByteView ciphertext;
    crypto::Signature signature;
};

Error malformed() { return {ErrorCode::invalid_input, "", msg("envelope.malformed")}; }

Error unsupported(std::string_view field) {
    return {ErrorCode::unsupported, std::string(field), msg("envelope.unsupported")};
}

Error too_large(std::size_t limit) {
    return {ErrorCode::too_large, "",
            msg("envelope.too_large", {{"limit", std::to_string(limit)}})};
}

std::size_t padded_size(std::size_t content_bytes) {
    const auto length = std::max(length_bytes + content_bytes, padded_bytes_min);
    return static_cast<std::size_t>(padme_length(length));
}

crypto::Aead aead_of(EnvelopeSuite suite) {
    switch (suite) {
        case EnvelopeSuite::aes_256_gcm: return crypto::Aead::aes_256_gcm;
        case EnvelopeSuite::chacha20_poly1305: break;
    }
    return crypto::Aead::chacha20_poly1305;
}

Bytes encode_bound(const EnvelopeHeader& header, std::size_t ciphertext_bytes) {
    Bytes out;
    out.reserve(outer_bytes + ciphertext_bytes);
    append(out, bytes_of(envelope_magic));
    out.push_back(envelope_version);
    out.push_back(static_cast<std::uint8_t>(header.suite));
    out.push_back(static_cast<std::uint8_t>(header.kind));
    out.push_back(header.is_compressed ? flag_compressed : 0);
    append(out, header.sender.view());
    append_number(out, header.sender_epoch, 4);
    append(out, header.recipient_key_id);
    append_number(out, header.first_seq, 8);
    append_number(out, header.last_seq, 8);
    append(out, header.batch_id.view());
    append_number(out, ciphertext_bytes, 4);
    EGRET_ENSURE(out.size() == bound_bytes);
    return out;
}

Bytes signed_bytes(ByteView unsigned_envelope) {
    Bytes out;
    out.reserve(signature_domain.size() + unsigned_envelope.size());
    append(out, bytes_of(signature_domain));
    append(out, unsigned_envelope);
    return out;
}

/// The four bytes after the magic. Errors: unsupported.
Result<EnvelopeHeader> decode_choices(ByteView choices) {
    EnvelopeHeader header;
    if (choices[0] != envelope_version) return unsupported("version");
    if (choices[1] < 1 || choices[1] > 2) return unsupported("suite");
    if (choices[2] < 1 || choices[2] > 6) return unsupported("kind");
    if ((choices[3] & ~flag_compressed) != 0) return unsupported("flags");
    header.suite = static_cast<EnvelopeSuite>(choices[1]);
    header.kind = static_cast<EnvelopeKind>(choices[2]);
    header.is_compressed = (choices[3] & flag_compressed) != 0;
    return header;
}

Result<EnvelopeParts> split_envelope(ByteView envelope) {
    if (envelope.size() > limits::batch_sealed_bytes_max)
        return too_large(limits::batch_sealed_bytes_max);
    if (envelope.size() < outer_bytes || text_of(envelope.first(4)) != envelope_magic)
        return malformed();

    FieldCursor cursor(envelope.subspan(4));
    auto header = decode_choices(cursor.take(4));
    if (!header) return std::move(header).error();
    EnvelopeParts parts{*std::move(header), envelope.first(bound_bytes), {}, {}, {}};
    parts.header.sender.bytes = cursor.take_fixed<16>();
    parts.header.sender_epoch = static_cast<std::uint32_t>(cursor.take_number(4));
    parts.header.recipient_key_id = cursor.take_fixed<8>();
    parts.header.first_seq = cursor.take_number(8);
    parts.header.last_seq = cursor.take_number(8);
    parts.header.batch_id.bytes = cursor.take_fixed<16>();

    const auto ciphertext_bytes = cursor.take_number(4);
    if (ciphertext_bytes != envelope.size() - outer_bytes) return malformed();
    if (ciphertext_bytes < padded_bytes_min + tag_bytes) return malformed();
    const auto padded_bytes = ciphertext_bytes - tag_bytes;
    if (padme_length(padded_bytes) != padded_bytes) return malformed();

    parts.enc = cursor.take_fixed<enc_bytes>();
    parts.ciphertext = cursor.take(static_cast<std::size_t>(ciphertext_bytes));
    parts.signature = cursor.take_fixed<signature_bytes>();
    return parts;
}

/// The content without its length and its padding, of which there is only one right amount. Empty
/// if that isn't so.
std::optional<ByteView> unpad(ByteView padded) {
    FieldCursor cursor(padded);
    const auto content_bytes = cursor.take_number(length_bytes);
    if (content_bytes > padded.size() - length_bytes) return std::nullopt;
    const auto content = cursor.take(static_cast<std::size_t>(content_bytes));
    if (padded_size(content.size()) != padded.size()) return std::nullopt;
    const auto padding = padded.subspan(length_bytes + content.size());
    const bool is_zero = std::all_of(padding.begin(), padding.end(), [](auto b) { return b == 0; });
    if (!is_zero) return std::nullopt;
    return content;
}

}  // namespace

KeyId key_id_of(const crypto::SealPublicKey& key) {
    const auto hash = crypto::sha256(key);
    KeyId id;
    std::copy_n(hash.begin(), id.size(), id.begin());
    return id;
}

Bytes seal_envelope(EnvelopeHeader header, ByteView plaintext,
                    const crypto::SealPublicKey& recipient, const crypto::SigningKey& sender,
                    Random& random) {
    EGRET_ENSURE(plaintext.size() <= limits::batch_open_bytes_max);
    header.recipient_key_id = key_id_of(recipient);

    // Compressing before encrypting tells an attacker nothing here: nothing that he chose is
    // compressed together with a secret, and the length is padded.
    const auto content = header.is_compressed ? zstd::compress(plaintext) : copy_of(plaintext);
    Bytes padded;
    padded.reserve(padded_size(content.size()));
    append_number(padded, content.size(), length_bytes);
    append(padded, content);
    padded.resize(padded_size(content.size()), 0);

    auto envelope = encode_bound(header, padded.size() + tag_bytes);
    const Bytes bound = envelope;
    const auto sealed =
        crypto::seal(aead_of(header.suite), recipient, {bound, bound}, padded, random);
    append(envelope, sealed.enc);
    append(envelope, sealed.ciphertext);
    append(envelope, crypto::sign(sender, signed_bytes(envelope)));
    return envelope;
}

Result<EnvelopeHeader> parse_envelope(ByteView envelope) {
    const auto parts = split_envelope(envelope);
    if (!parts) return parts.error();
    return parts->header;
}

Result<Done> verify_envelope(ByteView envelope, const crypto::VerifyKey& sender) {
    return verify_envelope(envelope, std::vector<crypto::VerifyKey>{sender});
}

Result<Done> verify_envelope(ByteView envelope, const std::vector<crypto::VerifyKey>& sender) {
    const auto parts = split_envelope(envelope);
    if (!parts) return parts.error();
    const auto message = signed_bytes(envelope.first(envelope.size() - signature_bytes));
    const bool is_of_sender =
        std::any_of(sender.begin(), sender.end(), [&](const crypto::VerifyKey& key) {
            return crypto::verify(key, message, parts->signature);
        });
    if (!is_of_sender) return Error{ErrorCode::unauthorized, "", msg("envelope.bad_signature")};
    return Done{};
}

Result<Bytes> open_envelope(ByteView envelope, const crypto::SealKeyPair& recipient) {
    const auto parts = split_envelope(envelope);
    if (!parts) return parts.error();
    if (parts->header.recipient_key_id != key_id_of(recipient.public_key()))
        return Error{ErrorCode::not_found, "", msg("envelope.wrong_recipient")};

    const auto padded = crypto::open(aead_of(parts->header.suite), recipient,
                                     {parts->bound, parts->bound}, parts->enc, parts->ciphertext);
    if (!padded) return Error{ErrorCode::invalid_input, "", msg("envelope.cannot_open")};
    const auto content = unpad(*padded);
    if (!content) return malformed();
    if (!parts->header.is_compressed) return copy_of(*content);

    auto plaintext = zstd::decompress(*content, limits::batch_open_bytes_max);
    if (plaintext) return plaintext;
    const bool is_too_large = plaintext.error().code == ErrorCode::too_large;
    return is_too_large ? too_large(limits::batch_open_bytes_max) : malformed();
}

}  // namespace egret::sync
