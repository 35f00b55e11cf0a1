#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "registry/files/disk.h"
#include "registry/keys/data_key.h"
#include "sync/central/key_seal.h"
#include "sync/core/key_bundle.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace egret::central {

/// A key to which devices seal, or have sealed, what they send.
struct SealSlot {
    std::uint32_t epoch = 0;
    std::int64_t from_ms = 0;  // From when on clinics seal to it.
    /// The number of the first bundle that doesn't name it any more; 0, while the newest does.
    std::uint64_t left_with = 0;
    std::shared_ptr<const crypto::SealKeyPair> key;
};

/// The keys of a centre that change over the years, and the bundles that tell of them. All of it
/// lies in one file, so that no power cut leaves a bundle without its keys.
struct KeyRing {
    std::shared_ptr<const crypto::SigningKey> receipt;  // Signs the centre's answers.
    std::vector<SealSlot> seal_keys;  // By epoch and time, ascending. Destroyed ones are gone.
    Bytes bundle;                     // Signed, of version 2.
    Bytes bundle3;                    // The same of version 3.
};

/// Whether what the ring holds belongs together, and is signed by `root`: the receipt key is the
/// bundles', and each seal key that they name is here. Then, what the bundle of version 3 says.
std::optional<sync::KeyBundle> open_ring(const KeyRing& ring, const crypto::VerifyKey& root);

/// The file ring.key in a folder, sealed under the centre's data key:
///
///   CBOR array of 5: [1, bundle, bundle of version 3, seed of the receipt key(32), [[epoch,
///   private key(32), from (Unix ms), left with]…]]
class RingFile {
public:
    static constexpr auto file_name = "ring.key";

    /// `disk` outlives it.
    RingFile(const std::string& folder, const keys::DataKey& key,
             files::Disk& disk = files::system_disk())
        : path_(folder + "/" + file_name), seal_(key), disk_(disk) {}

    const std::string& path() const noexcept { return path_; }

    /// Errors: not_found, unsupported: it isn't there, or holds no such keys.
    Result<KeyRing> load() const;
    /// Replaces it in one step. Throws std::system_error if the disk fails or is full.
    void save(const KeyRing& ring, Random& random) const;

private:
    std::string path_;
    KeySeal seal_;
    files::Disk& disk_;
};

}  // namespace egret::central
