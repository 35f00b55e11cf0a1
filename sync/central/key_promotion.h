#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/crypto/sign.h"
#include "sync/central/key_ring.h"
#include "sync/central/store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

/// How a centre's keys follow each other (docs/adr/0028). Pure: reads no clock and no file.
namespace egret::central {

/// So long clinics seal to one key.
inline constexpr std::chrono::days seal_key_valid{90};
/// So many keys are handed out ahead: with the present one, more than a year.
inline constexpr std::size_t seal_keys_ahead = 4;
/// So long a key can still be needed after another took its place: for what waits at a clinic, or
/// is on its way on a stick.
inline constexpr std::chrono::days seal_key_kept{180};

/// The first ring of a centre: the keys of the first year and a quarter, and the bundles that name
/// them. Of `front` the programme's name, recovery key, authority, pins and centre_device are used.
KeyRing found_ring(const sync::KeyBundle& front, const crypto::SigningKey& root, Instant now,
                   Random& random);

/// The ring of the next bundle: keys are drawn until seal_keys_ahead lie ahead of `now`, and
/// another receipt key, and both bundles signed. The number is at least `number_min`. Nothing, if
/// so many lie ahead already: then all may stay as it is.
///
/// `ring` is one that open_ring takes, and `now` not before its bundle was made.
std::optional<KeyRing> promote(const KeyRing& ring, const crypto::SigningKey& root, Instant now,
                               std::uint64_t number_min, Random& random);

/// From then on clinics seal to a key that is older than it should be.
Instant end_of_keys(const KeyRing& ring);

/// When the last key that the bundle names comes into use: time to sign the next.
Instant last_change_of_keys(const KeyRing& ring);

/// Those that nobody needs any more by the calendar, oldest first.
std::vector<SealSlot> keys_past(const KeyRing& ring, Instant now);

/// The live devices that may still seal to that key: they weren't seen with a bundle without it.
/// One that is not as it was noted counts, until it is revoked.
std::vector<DeviceStatus> holders_of(const SealSlot& slot,
                                     const std::vector<DeviceStatus>& statuses);

/// The ring without those of keys_past that no device holds; their epochs in `destroyed`.
KeyRing destroy_old_keys(const KeyRing& ring, const std::vector<DeviceStatus>& statuses,
                         Instant now, std::vector<std::uint32_t>& destroyed);

}  // namespace egret::central
