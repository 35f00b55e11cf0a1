#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "sync/core/chain.h"
#include "sync/core/envelope.h"
#include "sync/core/feed_cursor.h"

#include <cstdint>
#include <string>
#include <vector>

/// What an upload (envelope kind 1) holds: a piece of one device's log.
///
///   batch = CBOR array of 8: [1, hash before the first event(32), program version, schema version,
///           clock (Unix ms), number of the newest event in the device's log,
///           hash of the last event here(32), [event…]]
///   event = [header without its commitment, salt(16), payload], or [header] if it was erased
///
/// Version 2 tells the centre what the device has of it. Version 1 is read for ever, and written
/// for a centre whose key bundle says that it knows no other:
///
///   batch = CBOR array of 10: [2, …the six after the version as above…, number of the key bundle
///           that the device holds, [[scope, pos, first bytes of the feed's hash there(8)]…],
///           [event…]]
///
/// The numbers of the first and the last event are in the envelope's header, which the content is
/// bound to. Commitments and hashes are left out: the reader computes them, and the one at the end
/// must be the sender's.
namespace egret::sync {

struct Batch {
    std::uint64_t first_seq = 1;
    Hash prev_hash = codec::chain_start;
    std::string app_version;
    std::uint32_t schema_version = 0;
    std::int64_t clock_ms = 0;  // What the device's clock showed then, right or wrong.
    std::uint64_t top_seq = 0;  // How far its log goes: tells what is still to come.
    Hash last_hash{};           // What the device holds to be the hash of the last event here.
    std::vector<LogEntry> events;
    std::uint16_t version = 1;
    // What follows is empty in version 1.
    std::uint64_t bundle_number = 0;  // Of the key bundle that the device holds.
    std::vector<CursorMark> cursors;  // How far it is in its feeds.

    std::uint64_t last_seq() const noexcept { return first_seq + events.size() - 1; }

    friend bool operator==(const Batch&, const Batch&) = default;
};

/// An upper bound of what `entry` takes in a batch.
std::size_t batch_bytes_of(const LogEntry& entry);

/// `batch` has 1 to limits::batch_facts_max events, whose contents are what their headers commit
/// to (else the reader will find another last hash).
Bytes encode_batch(const Batch& batch);

/// The batch with the numbers that its envelope gives. The hashes of its events are computed from
/// prev_hash, so they are a chain; whether it ends as the sender says, decide_upload looks.
/// Whether a header or a payload can be understood is not asked here: that must stop no batch.
/// Errors: too_large, for more than limits::batch_facts_max events; unsupported, for a version that
/// we don't know; invalid_input, if it is no batch, or not one with these numbers.
Result<Batch> decode_batch(ByteView plaintext, std::uint64_t first_seq, std::uint64_t last_seq);

/// Whose a batch is and who may open it.
struct UploadSeal {
    DeviceId device;
    std::uint32_t epoch = 1;  // Of the device's signing key.
    EnvelopeSuite suite = EnvelopeSuite::aes_256_gcm;
    crypto::SealPublicKey centre{};
};

/// The envelope. May be longer than limits::batch_sealed_bytes_max: then put less into it.
Bytes seal_batch(const Batch& batch, const UploadSeal& seal, const crypto::SigningKey& key,
                 Random& random);

/// A device as the centre knows it.
struct KnownDevice {
    DeviceId id;
    crypto::VerifyKey key{};
};

/// All that there is between the bytes that came and decide_upload. `sender` is the device that
/// parse_envelope names, as it was found in the centre's own table; `centre` the key of that id.
/// Errors: those of verify_envelope, open_envelope and decode_batch; forbidden, if it names another
/// device; invalid_input, if it is no upload.
Result<Batch> open_batch(ByteView envelope, const KnownDevice& sender,
                         const crypto::SealKeyPair& centre);

}  // namespace egret::sync
