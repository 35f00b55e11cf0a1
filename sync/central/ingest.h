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

/// How far the device's clock was behind the centre's, to the best of what the batch tells. A
/// batch that was long on its way looks like a slow clock: later than it came nothing gets by that.
std::int64_t clock_offset_ms(const sync::Batch& batch, Instant received);

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
    /// `asking`: who brings it, if that is known otherwise.
    /// Errors: those of parse_envelope and open_batch; unauthorized, if nobody knows the device;
    /// forbidden, if it was revoked, or another one brings it.
    Result<sync::UploadReply> ingest(ByteView envelope, const std::optional<DeviceId>& asking);

private:
    CentralStore& store_;
    const CentreKeys& keys_;
    const icu::TimeZone& zone_;
    const Clock& clock_;
};

}  // namespace egret::central
