#pragma once

#include "registry/base/result.h"
#include "sync/central/store.h"
#include "sync/http/message.h"

namespace egret::server {

/// The device whose certificate came with the connection, known and not revoked.
/// Errors: unauthorized, if there is no certificate, it has run out, or is not that of a device as
/// it is known here; forbidden, if that was revoked.
Result<central::Device> caller_of(const http::Request& request, central::CentralStore& store);

}  // namespace egret::server
