#pragma once

#include "registry/base/result.h"
#include "sync/http/message.h"

namespace egret::client {

/// The way to one centre: HTTPS (https_client.h), or, in a simulated world, a call.
class Transport {
public:
    virtual ~Transport() = default;

    /// The centre's whole answer, whatever its status. `request.peer` is of no account.
    /// Errors: unavailable, if there was none: to be tried again later.
    virtual Result<http::Response> send(const http::Request& request) = 0;
};

}  // namespace egret::client
