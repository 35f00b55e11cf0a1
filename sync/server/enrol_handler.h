#pragma once

#include "registry/base/clock.h"
#include "sync/central/centre_keys.h"
#include "sync/central/enrolment_service.h"
#include "sync/http/route.h"
#include "sync/server/rate_limit.h"

namespace egret::server {

/// POST /v1/enroll: a machine becomes a device of the clinic that its code is for
/// (sync/core/enrolment.h).
///
/// Safe to repeat: a code works once, but the same request with it finds the device that it made.
class EnrolHandler final : public http::Handler {
public:
    EnrolHandler(central::EnrolmentService& service, const central::CentreKeys& keys,
                 const Clock& clock)
        : service_(service), keys_(keys), clock_(clock), tries_(bounds) {}

    /// Errors: those of decode_enrolment_request and EnrolmentService::enrol; unavailable, if there
    /// were too many tries.
    Result<http::Response> handle(const http::Request& request) override;

private:
    static constexpr RateLimit::Bounds bounds{20, 300, std::chrono::minutes{1}};

    central::EnrolmentService& service_;
    const central::CentreKeys& keys_;
    const Clock& clock_;
    RateLimit tries_;
};

}  // namespace egret::server
