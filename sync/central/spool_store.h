#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/ids.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

/// Where uploads wait for the piece before them, behind one interface beside CentralStore.
namespace egret::central {

// Of one machine: a clinic's year takes a tenth of it.
inline constexpr std::size_t spool_bytes_of_device = 32 * 1024 * 1024;
inline constexpr std::size_t spool_bytes_max = std::size_t{1024} * 1024 * 1024;
// Longer than a stick is under way; the machine itself keeps what isn't acknowledged.
inline constexpr std::chrono::days spool_kept{400};

struct Spooled {
    std::int64_t id = 0;
    DeviceId device;
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    Instant at;  // When it was brought.

    friend bool operator==(const Spooled&, const Spooled&) = default;
};

/// An upload whose device is known, and whose signature is its device's.
struct SpooledUpload {
    DeviceId device;
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    BatchId batch;
    ByteView envelope;
};

/// May be used from several threads, as CentralStore. What a call changes is durable when it
/// returns.
class SpoolStore {
public:
    virtual ~SpoolStore() = default;

    /// False, if there is no room for it. One that waits already is kept as it is.
    virtual bool spool_upload(const SpooledUpload& upload, Instant now) = 0;
    /// Those of a device by their first numbers, or all, by device.
    virtual std::vector<Spooled> spooled(const DeviceId& device) = 0;
    virtual std::vector<Spooled> all_spooled() = 0;
    virtual std::optional<Bytes> spooled_envelope(std::int64_t id) = 0;
    virtual void let_go(std::int64_t id) = 0;
};

}  // namespace egret::central
