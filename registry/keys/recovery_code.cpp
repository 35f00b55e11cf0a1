#include "registry/keys/recovery_code.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/keys/typed.h"

#include <algorithm>
#include <optional>

namespace egret::keys {
namespace {

constexpr std::size_t code_characters = RecoveryCode::group_count * RecoveryCode::group_characters;
constexpr std::size_t check_characters = RecoveryCode::group_characters;
constexpr std::size_t secret_characters = code_characters - check_characters;
constexpr std::size_t secret_bits = secret_characters * 5;
constexpr std::string_view all_characters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

Error bad_code(Message message) { return {ErrorCode::invalid_input, "code", std::move(message)}; }

std::string group_number(std::size_t character) {
    return std::to_string(character / RecoveryCode::group_characters + 1);
}

crypto::Secret bits_of(std::string_view characters, std::size_t bit_count) {
    auto bits = from_crockford(characters, bit_count);
    EGRET_ENSURE(bits);
    return crypto::Secret(*std::move(bits));
}

std::string last_group_of(ByteView secret) {
    const auto hash =
        crypto::Sha256().update(bytes_of("egret/recovery-code/1")).update(secret).finish();
    return to_crockford(hash).substr(0, check_characters);
}

/// Whether the last group is the one that belongs to the others.
bool is_checked(std::string_view code) {
    const auto secret = bits_of(code.substr(0, secret_characters), secret_bits);
    return last_group_of(secret) == code.substr(secret_characters);
}

/// Where one other character, or two that change places, would make it a code.
std::optional<std::size_t> find_slip(std::string_view code) {
    auto room = crypto::Secret(bytes_of(code));
    const auto tried = [&] { return is_checked(text_of(room)); };
    const auto characters = room.span();
    for (std::size_t at = 0; at < code.size(); ++at) {
        const auto before = characters[at];
        for (const char other : all_characters) {
            characters[at] = static_cast<std::uint8_t>(other);
            if (tried()) return at;
        }
        characters[at] = before;
        if (at + 1 == code.size()) break;
        std::swap(characters[at], characters[at + 1]);
        if (tried()) return at;
        std::swap(characters[at], characters[at + 1]);
    }
    return std::nullopt;
}

bool is_between_groups(char c) {
    return c == '-' || c == ' ' || c == '.' || c == '\t' || c == '\r' || c == '\n';
}

/// The typed characters in their one form; of those that no code has, what was typed.
crypto::Secret characters_of(std::string_view typed) {
    const auto plain = narrowed(bytes_of(typed));
    auto room = crypto::Secret::of_size(plain.size());
    std::size_t length = 0;
    for (const auto byte : plain.view()) {
        auto c = static_cast<char>(byte);
        if (is_between_groups(c)) continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
        room.span()[length++] = static_cast<std::uint8_t>(c);
    }
    return crypto::Secret(room.view().first(length));
}

}  // namespace

RecoveryCode RecoveryCode::make(Random& random) {
    auto secret = crypto::Secret::of_size((secret_bits + 7) / 8);
    random.fill(secret.span());
    secret.span().back() &= 0xF0;
    return RecoveryCode(std::move(secret));
}

Result<RecoveryCode> RecoveryCode::parse(std::string_view typed) {
    const auto characters = characters_of(typed);
    const auto code = text_of(characters);
    const auto stranger = code.find_first_not_of(all_characters);
    if (stranger != std::string_view::npos)
        return bad_code(msg("keys.code_character", {{"group", group_number(stranger)}}));
    if (code.size() != code_characters)
        return bad_code(msg("keys.code_length", {{"found", std::to_string(code.size())},
                                                 {"expected", std::to_string(code_characters)}}));
    if (is_checked(code))
        return RecoveryCode(bits_of(code.substr(0, secret_characters), secret_bits));
    if (const auto slip = find_slip(code))
        return bad_code(msg("keys.code_group", {{"group", group_number(*slip)}}));
    return bad_code(msg("keys.code_mistyped"));
}

std::string RecoveryCode::text() const {
    std::string text;
    text.reserve(code_characters + group_count);  // No part of it is left behind in growing.
    for (std::size_t i = 0; i < group_count; ++i) text.append(i == 0 ? "" : "-").append(group(i));
    return text;
}

std::string RecoveryCode::lines() const {
    constexpr std::size_t groups_a_line = 4;
    constexpr std::string_view margin = "    ";
    constexpr std::string_view between = " - ";
    std::string text;
    text.reserve(code_characters + group_count * margin.size());
    for (std::size_t i = 0; i < group_count; ++i) {
        text.append(i % groups_a_line == 0 ? margin : between).append(group(i));
        if (i % groups_a_line == groups_a_line - 1) text += '\n';
    }
    return text;
}

std::string RecoveryCode::group(std::size_t number) const {
    EGRET_ENSURE(number < group_count);
    if (number + 1 == group_count) return last_group_of(secret_);
    auto all = to_crockford(secret_);
    auto one = all.substr(number * group_characters, group_characters);
    crypto::wipe({reinterpret_cast<std::uint8_t*>(all.data()), all.size()});
    return one;
}

bool RecoveryCode::is_group(std::size_t number, std::string_view typed) const {
    return text_of(characters_of(typed)) == group(number);
}

}  // namespace egret::keys
