#include "registry/keys/device_secret.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/files/private_file.h"
#include "registry/keys/typed.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

namespace egret::keys {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t salt_bytes = 16;
constexpr std::ptrdiff_t words_min = 5;        // Five of a list of 7,776 are 64 bits.
constexpr std::ptrdiff_t characters_min = 16;  // For those that have no spaces.
constexpr std::size_t different_min = 8;

Fixed<16> check_of(ByteView secret) {
    const auto value = crypto::hkdf_sha256(secret, {}, bytes_of("egret/device/check"), 16);
    Fixed<16> check{};
    std::copy(value.view().begin(), value.view().end(), check.begin());
    return check;
}

crypto::Secret draw_secret(Random& random) {
    auto secret = crypto::Secret::of_size(secret_bytes);
    random.fill(secret.span());
    return secret;
}

/// The words with one space between them.
crypto::Secret even_spaces(ByteView passphrase) {
    const auto plain = narrowed(passphrase);
    auto room = crypto::Secret::of_size(plain.size());
    std::size_t length = 0;
    bool is_word_done = false;
    for (const auto byte : plain.view()) {
        if (byte == ' ' || byte == '\t') {
            is_word_done = length > 0;
            continue;
        }
        if (is_word_done) room.span()[length++] = ' ';
        is_word_done = false;
        room.span()[length++] = byte;
    }
    return crypto::Secret(room.view().first(length));
}

bool is_strong(ByteView passphrase) {
    const auto spaces = std::count(passphrase.begin(), passphrase.end(), std::uint8_t{' '});
    const auto characters = std::count_if(passphrase.begin(), passphrase.end(),
                                          [](std::uint8_t byte) { return (byte & 0xC0) != 0x80; });
    const std::set<std::uint8_t> different(passphrase.begin(), passphrase.end());
    const bool is_long = spaces > 0 ? spaces + 1 >= words_min : characters >= characters_min;
    return is_long && different.size() >= different_min;
}

std::string place_of(const std::string& dir, const std::string& path) {
    return (fs::path(dir) / path).string();
}

Result<crypto::Secret> load_file(const std::string& path) {
    auto room = crypto::Secret::of_size(secret_bytes + 1);
    std::optional<std::size_t> length;
    try {
        length = read_file_into(room.span(), path);
    } catch (const std::system_error&) {
        return Error{ErrorCode::unavailable, "", msg("keys.blocked", {{"path", path}})};
    }
    if (!length)
        return Error{ErrorCode::not_found, "", msg("keys.device_file_gone", {{"path", path}})};
    return crypto::Secret(room.view().first(*length));
}

Result<crypto::Secret> load_secret(const DeviceBinding& binding, const DeviceAccess& access) {
    switch (binding.kind) {
        case DeviceKind::none: return crypto::Secret();
        case DeviceKind::key_file:
            return load_file(
                place_of(access.dir, access.path.empty() ? binding.path : access.path));
        case DeviceKind::passphrase:
            if (access.passphrase.empty())
                return Error{ErrorCode::locked, "passphrase", msg("keys.passphrase_needed")};
            return crypto::scrypt(even_spaces(access.passphrase), binding.data, binding.cost);
        case DeviceKind::chip:
            if (access.chip == nullptr)
                return Error{ErrorCode::unavailable, "", msg("keys.chip_refuses")};
            return access.chip->unseal(binding.data);
    }
    EGRET_ENSURE(false);
}

Error other_secret(const DeviceBinding& binding) {
    switch (binding.kind) {
        case DeviceKind::passphrase:
            return {ErrorCode::locked, "passphrase", msg("keys.passphrase_wrong")};
        case DeviceKind::key_file: return {ErrorCode::conflict, "", msg("keys.device_file_other")};
        default: return {ErrorCode::unavailable, "", msg("keys.chip_refuses")};
    }
}

}  // namespace

DeviceSecret DeviceSecret::none() { return {DeviceBinding{}, crypto::Secret()}; }

DeviceSecret DeviceSecret::made(DeviceBinding binding, crypto::Secret secret) {
    binding.check = check_of(secret);
    return {std::move(binding), std::move(secret)};
}

Result<DeviceSecret> DeviceSecret::make_file(const std::string& dir, const std::string& path,
                                             Random& random) {
    const auto place = place_of(dir, path);
    if (fs::exists(place))
        return Error{ErrorCode::conflict, "", msg("keys.device_file_there", {{"path", place}})};
    auto secret = draw_secret(random);
    const auto folder = fs::path(place).parent_path().string();
    try {
        create_private_file(place, secret);
        sync_folder(folder.empty() ? "." : folder);
    } catch (const std::system_error& failure) {
        // One that somebody else put there meanwhile is not ours to remove.
        std::error_code ignored;
        if (failure.code() != std::errc::file_exists) fs::remove(place, ignored);
        throw;
    }
    return made({DeviceKind::key_file, path, {}, {}, {}}, std::move(secret));
}

Result<DeviceSecret> DeviceSecret::make_passphrase(ByteView passphrase, Random& random,
                                                   const crypto::ScryptCost& cost) {
    const auto even = even_spaces(passphrase);
    if (!is_strong(even))
        return Error{ErrorCode::invalid_input, "passphrase", msg("keys.passphrase_weak")};
    const auto salt = random.bytes<salt_bytes>();
    return made({DeviceKind::passphrase, "", copy_of(salt), cost, {}},
                crypto::scrypt(even, salt, cost));
}

Result<DeviceSecret> DeviceSecret::make_sealed(SealingChip& chip, Random& random) {
    auto secret = draw_secret(random);
    auto sealed = chip.seal(secret);
    if (!sealed) return sealed.error();
    return made({DeviceKind::chip, "", *std::move(sealed), {}, {}}, std::move(secret));
}

Result<DeviceSecret> DeviceSecret::load(const DeviceBinding& binding, const DeviceAccess& access) {
    auto secret = load_secret(binding, access);
    if (!secret) return secret.error();
    if (binding.kind == DeviceKind::none) return none();
    if (secret->size() != secret_bytes || check_of(*secret) != binding.check)
        return other_secret(binding);
    return DeviceSecret(binding, *std::move(secret));
}

crypto::Secret DeviceSecret::key_for(std::string_view use) const {
    EGRET_ENSURE(secret_.size() == secret_bytes);
    return crypto::hkdf_sha256(secret_, {}, bytes_of(use), secret_bytes);
}

}  // namespace egret::keys
