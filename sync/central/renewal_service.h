#pragma once

#include "registry/base/clock.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"
#include "sync/core/renewal.h"

#include <string>

namespace egret::central {

/// A certificate for a device's key, from two days ago (clocks are off) for two years.
/// Errors: those of crypto::issue_client_certificate.
Result<std::string> issue_device_certificate(const CentreKeys& keys, const DeviceId& device,
                                             const std::string& csr_pem, Instant now);

/// Gives devices that are known another certificate, and other keys with it. Both the old and the
/// new keys work until the device has spoken with the new ones: wherever the power goes, one of
/// them is good. May be used from several threads.
class RenewalService {
public:
    /// All must outlive it.
    RenewalService(CentralStore& store, const CentreKeys& keys, const Clock& clock) noexcept
        : store_(store), keys_(keys), clock_(clock) {}

    /// For `device`, which asked for it by its present key. The same request again has the same
    /// outcome.
    /// Errors: conflict, if the new keys aren't of the epoch that follows; invalid_input, if the
    /// signing request is none; those of CentralStore::offer_keys.
    Result<sync::RenewalReply> renew(const Device& device, const sync::RenewalRequest& request);

    /// For a device that this centre knew before it was restored: `known` is what
    /// sync::verify_joined says of request.joined. The new keys are its own at once.
    /// Errors: as above, and those of CentralStore::readmit.
    Result<sync::RenewalReply> readmit(const sync::KnownAs& known,
                                       const sync::RenewalRequest& request);

private:
    Result<sync::RenewalReply> reply_to(const sync::KnownAs& device,
                                        const sync::RenewalRequest& request);

    CentralStore& store_;
    const CentreKeys& keys_;
    const Clock& clock_;
};

}  // namespace egret::central
