#pragma once

#include "registry/base/clock.h"
#include "registry/base/limits.h"
#include "registry/base/random.h"
#include "registry/crypto/sign.h"
#include "sync/core/batch.h"
#include "sync/core/chain.h"
#include "sync/core/key_bundle.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret::sync {

/// A sealed batch that the centre has not acknowledged yet. It is sent again byte by byte the same,
/// so that a lost answer costs nothing.
struct Outbox {
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    Hash last_hash{};  // Of the log when it was sealed.
    int tries = 0;     // How often the line broke while it was under way.
    Bytes envelope;

    std::size_t fact_count() const noexcept {
        return static_cast<std::size_t>(last_seq - first_seq + 1);
    }

    friend bool operator==(const Outbox&, const Outbox&) = default;
};

/// What an upload is made of. All of it outlives who is given this.
struct UploadMeans {
    const LogView& log;
    const crypto::SigningKey& key;
    Random& random;
};

/// Who uploads, and to whom.
struct SyncIdentity {
    UploadSeal seal;
    crypto::VerifyKey receipt_key{};  // The centre's, of its key bundle.
    std::string app_version;
    std::uint32_t schema_version = 0;
    std::vector<crypto::VerifyKey> former_receipt_keys{};  // Those of its key bundle.
    // What the centre speaks: the protocol_max of its key bundle. At 1 the rest isn't said to it.
    std::uint16_t protocol = 1;
    std::uint64_t bundle_number = 0;    // Of the key bundle held.
    std::vector<CursorMark> cursors{};  // By scope, each once, ascending.
};

/// Takes over what `bundle` says: to which key uploads are sealed at `now`, who signs the answers,
/// and what the centre speaks.
void use_bundle(SyncIdentity& identity, const KeyBundle& bundle, Instant now);

/// Which facts of the log are wanted in a batch.
struct PieceRange {
    std::uint64_t first_seq = 1;
    std::size_t count = 1;  // At most limits::batch_facts_max are taken.
    std::size_t bytes = limits::batch_sealed_bytes_max;  // Of the envelope; one fact always goes.
};

/// The facts from range.first_seq on, about as many as are wanted and fit.
/// Nothing, if the first of them is damaged or isn't there.
std::optional<Outbox> seal_piece(const UploadMeans& means, const SyncIdentity& identity,
                                 const PieceRange& range, Instant now);

}  // namespace egret::sync
