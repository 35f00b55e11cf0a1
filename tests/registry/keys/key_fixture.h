#pragma once

#include "registry/base/random.h"
#include "registry/keys/key_file.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::tests {

/// Guesses that cost nothing.
inline constexpr crypto::ScryptCost cheap{16, 1, 1};

inline Instant at_minute(double minute) {
    return instant_from_unix_ms(1'790'000'000'000 + static_cast<std::int64_t>(minute * 60'000));
}

inline UserId user_id(std::uint8_t number) {
    UserId id;
    id.bytes.fill(number);
    return id;
}

/// A folder with the keys of a registry: one user, a key file for the machine, a recovery sheet.
class KeyFixture {
public:
    static constexpr const char* pin = "482915";

    explicit KeyFixture(const crypto::ScryptCost& cost = cheap)
        : device(*keys::DeviceSecret::make_file(dir.path(), "device.key", random)),
          code(keys::RecoveryCode::make(random)),
          created(*keys::KeyFile::create(
              dir.path(), {registry, user_id(1), "林秀英", {bytes_of(pin), device, cost}, code},
              random)) {}

    keys::KeyFile::NewPin new_pin(std::string_view text) const {
        return {bytes_of(text), device, cheap};
    }

    Result<keys::DataKey> unlock(keys::KeyFile& file, std::string_view text, double minute = 0,
                                 std::uint8_t user = 1) const {
        return file.unlock_with_pin(user_id(user), bytes_of(text), device, at_minute(minute));
    }

    keys::KeyFile load() const { return *keys::KeyFile::load(dir.path()); }

    keys::KeyFile& file() { return created.file; }

    const keys::DataKey& key() const { return created.key; }

    std::string path() const { return dir.file(keys::KeyFile::file_name); }

    bool is_key(const Result<keys::DataKey>& found) const {
        return found &&
               std::equal(found->view().begin(), found->view().end(), created.key.view().begin());
    }

    TempDir dir;
    SeededRandom random{7};
    keys::RegistryId registry{{9, 9, 9}};
    keys::DeviceSecret device;
    keys::RecoveryCode code;
    keys::KeyFile::Created created;
};

/// The id of the sentence with which it was refused; "" if it wasn't.
template <class T>
std::string refusal(const Result<T>& result) {
    return result ? "" : result.error().message.id;
}

template <class T>
std::string refusal_argument(const Result<T>& result) {
    if (result || result.error().message.arguments.empty()) return "";
    return result.error().message.arguments[0].second;
}

}  // namespace egret::tests
