#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/kdf.h"
#include "registry/crypto/wipe.h"
#include "registry/keys/sealing_chip.h"

#include <cstdint>
#include <string>

namespace egret::keys {

/// What a guess at a PIN or at a passphrase costs; less only in tests.
inline constexpr crypto::ScryptCost guess_cost{65536, 8, 1};

/// Where the secret of this machine comes from. The numbers stand in key files.
enum class DeviceKind : std::uint8_t {
    none = 0,        // There is none: PINs alone protect the registry.
    key_file = 1,    // A file, best on a stick that is taken away.
    passphrase = 2,  // Typed when the machine was started.
    chip = 3,        // Sealed in a TPM 2.0.
};

/// What must be known to get the secret of a machine again: no secret itself.
struct DeviceBinding {
    DeviceKind kind = DeviceKind::none;
    std::string path;           // key_file: from the registry's folder, or absolute.
    Bytes data;                 // passphrase: its salt; chip: what it sealed.
    crypto::ScryptCost cost{};  // passphrase.
    Fixed<16> check{};          // Tells the secret from another one.
};

/// What may be needed to load a machine's secret.
struct DeviceAccess {
    std::string dir;              // The registry's folder.
    std::string path;             // Where the key file is now, if not where it was; else "".
    ByteView passphrase;          // If that is its kind.
    SealingChip* chip = nullptr;  // If that is its kind.
};

/// A secret of 32 bytes that is not in the registry's folder, or is worth nothing without this
/// machine: whoever has a copy of the folder alone can't try PINs.
class DeviceSecret {
public:
    /// Without one, somebody with a copy of the folder finds a PIN of six digits within days.
    static DeviceSecret none();
    /// Writes a new file. `path` is absolute, or from the registry's folder `dir`.
    /// Errors: conflict, if there is a file; throws std::system_error if the disk fails.
    static Result<DeviceSecret> make_file(const std::string& dir, const std::string& path,
                                          Random& random);
    /// Errors: invalid_input, field "passphrase", if it has less than five words with spaces
    /// between them, or without spaces less than 16 characters, or nearly always the same ones.
    static Result<DeviceSecret> make_passphrase(ByteView passphrase, Random& random,
                                                const crypto::ScryptCost& cost = guess_cost);
    /// Errors: as SealingChip.
    static Result<DeviceSecret> make_sealed(SealingChip& chip, Random& random);

    /// The secret again. Errors: not_found, if the key file is gone; conflict, if it is another
    /// one; locked, if the passphrase is needed or wrong; unavailable, if the chip doesn't give it,
    /// or the file can't be read.
    static Result<DeviceSecret> load(const DeviceBinding& binding, const DeviceAccess& access);

    const DeviceBinding& binding() const noexcept { return binding_; }

    /// 32 bytes; none at all, if there is none.
    ByteView view() const noexcept { return secret_.view(); }

    /// A key of this machine for another use ("egret/link"), of 32 bytes; the same as long as the
    /// secret is. Only if there is a secret.
    crypto::Secret key_for(std::string_view use) const;

private:
    DeviceSecret(DeviceBinding binding, crypto::Secret secret)
        : binding_(std::move(binding)), secret_(std::move(secret)) {}

    static DeviceSecret made(DeviceBinding binding, crypto::Secret secret);

    DeviceBinding binding_;
    crypto::Secret secret_;
};

}  // namespace egret::keys
