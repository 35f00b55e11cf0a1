#pragma once

#include "registry/base/clock.h"
#include "registry/icu/time_zone.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"

#include <optional>

namespace egret::central {

/// What the centre makes of a fact that is stored in any case: one that can't be read, or says what
/// no fact may say, is kept and passed on but has no effect.
Verdict judge(const sync::LogEntry& entry);

/// How far a clock that showed `clock_ms` (Unix ms) was behind the centre's.
std::int64_t clock_offset_ms(std::int64_t clock_ms, Instant received);

/// How an envelope came, as far as that is known beside what is in it.
struct Delivery {
    std::optional<DeviceId> device{};  // Who brought it.
    std::optional<std::int64_t>
        clock_ms{};  // What the sender's clock showed then, by its signature.
};

/// Takes in what devices send: the only way of a fact into the centre.
///
/// May be used from several threads.
class Ingester {
public:
    /// All must outlive it.
    Ingester(CentralStore& store, const CentreKeys& keys, const icu::TimeZone& zone,
             const Clock& clock) noexcept
        : store_(store), keys_(keys), zone_(zone), clock_(clock) {}

    /// Who made it, by the signature; what is in it; what of it is new; and, once that is durable,
    /// the answer for its device. The same envelope again changes nothing and has the same answer,
    /// but for the time.
    ///
    /// The device's clock is judged by its reading at the delivery. Without one, by that in the
    /// batch: then one that was long on its way looks like a slow clock, but its facts are never
    /// ordered after they came.
    /// Errors: those of parse_envelope and open_batch; unauthorized, if nobody knows the device;
    /// forbidden, if it was revoked, or another one brings it.
    /// A batch that is sealed to a key that the centre has no longer, or never had, is answered
    /// with STALE_KEY.
    Result<sync::UploadReply> ingest(ByteView envelope, const Delivery& delivery);

private:
    sync::UploadReply stale_key(const DeviceId& device);
    sync::ReplyNews news(const DeviceId& device);

    CentralStore& store_;
    const CentreKeys& keys_;
    const icu::TimeZone& zone_;
    const Clock& clock_;
};

}  // namespace egret::central
