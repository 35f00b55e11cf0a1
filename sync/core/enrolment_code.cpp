#include "sync/core/enrolment_code.h"

#include "registry/base/text.h"
#include "registry/crypto/hash.h"

#include <algorithm>

namespace egret::sync {
namespace {

constexpr std::size_t secret_bits = 50;
constexpr std::size_t secret_characters = secret_bits / 5;
constexpr std::size_t code_characters = secret_characters + root_hash_bits / 5;
constexpr std::size_t group_characters = 5;

/// The canonical characters of `text`, if it is `bit_count` bits.
Result<std::string> canonical(std::string_view text, std::size_t bit_count) {
    const auto bits = from_crockford(text, bit_count);
    if (!bits) return bits.error();
    return to_crockford(*bits).substr(0, bit_count / 5);
}

}  // namespace

EnrolmentCode make_enrolment_code(const crypto::VerifyKey& root, Random& random) {
    const auto secret = to_crockford(random.bytes<7>()).substr(0, secret_characters);
    return {secret, root_hash_of(root)};
}

std::string format_enrolment_code(const EnrolmentCode& code) {
    const auto text = code.secret + format_root_hash(code.root_hash);
    std::string grouped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        // What is left over makes the last group one longer.
        const bool is_new_group = i % group_characters == 0 && i + 1 < text.size();
        if (i > 0 && is_new_group) grouped += '-';
        grouped += text[i];
    }
    return grouped;
}

Result<EnrolmentCode> parse_enrolment_code(std::string_view text) {
    std::string characters;
    for (const char c : trim(text)) {
        if (c != '-' && c != ' ') characters += c;
    }
    for (std::size_t i = 0; i < characters.size(); ++i) {
        if (!from_crockford(std::string_view(characters).substr(i, 1), 5))
            return Error{ErrorCode::invalid_input, "code",
                         msg("code.wrong_character", {{"position", std::to_string(i + 1)}})};
    }
    if (characters.size() != code_characters)
        return Error{ErrorCode::invalid_input, "code",
                     msg("code.wrong_length", {{"found", std::to_string(characters.size())},
                                               {"expected", std::to_string(code_characters)}})};

    const auto view = std::string_view(characters);
    const auto secret = canonical(view.substr(0, secret_characters), secret_bits);
    if (!secret) return secret.error();
    const auto hash = from_crockford(view.substr(secret_characters), root_hash_bits);
    if (!hash) return hash.error();
    EnrolmentCode code{*secret, {}};
    std::copy(hash->begin(), hash->end(), code.root_hash.begin());
    return code;
}

bool is_enrolment_secret(std::string_view text) {
    const auto secret = canonical(text, secret_bits);
    return secret && *secret == text;
}

Hash hash_enrolment_secret(std::string_view secret, ByteView table_key) {
    return crypto::hmac_sha256(table_key, bytes_of("cr-code-v1" + std::string(secret)));
}

}  // namespace egret::sync
