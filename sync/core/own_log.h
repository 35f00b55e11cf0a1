#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "sync/core/batch.h"
#include "sync/core/envelope.h"

#include <cstdint>
#include <vector>

/// What the centre has of a device's own log, for a device that was restored from a backup, or
/// copied: the way back out of a fork (log_repair.h).
///
///   GET /v1/sync/mylog?from=SEQ
///     200  an envelope of kind 5: a batch (batch.h) from SEQ on, as much of it as fits
///     404  the centre's log of that device ends before SEQ
///
/// The envelope's sender is the device whose log it is; it is signed with the centre's receipt key
/// and sealed to the device.
namespace egret::sync {

struct OwnLogSeal {
    DeviceId device;
    std::uint32_t epoch = 1;
    EnvelopeSuite suite = EnvelopeSuite::aes_256_gcm;
    crypto::SealPublicKey device_key{};
};

/// May be longer than limits::batch_sealed_bytes_max: then put less into it.
Bytes seal_own_log(const Batch& batch, const OwnLogSeal& seal,
                   const crypto::SigningKey& receipt_key, Random& random);

struct OwnLogTrust {
    DeviceId device;
    std::vector<crypto::VerifyKey> receipt_keys;
};

/// The piece, whose events are a chain from its prev_hash to its last_hash.
/// Errors: those of verify_envelope, open_envelope and decode_batch; forbidden, if it is another
/// device's; invalid_input, if it is no piece of a log, or not a chain.
Result<Batch> open_own_log(ByteView envelope, const OwnLogTrust& trust,
                           const crypto::SealKeyPair& device_key);

}  // namespace egret::sync
