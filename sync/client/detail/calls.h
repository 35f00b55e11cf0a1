#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/crypto/sign.h"
#include "sync/client/https_client.h"
#include "sync/core/key_bundle.h"
#include "sync/core/sync_client.h"
#include "sync/http/message.h"

#include <optional>
#include <string>
#include <string_view>

namespace egret::client::detail {

inline constexpr std::string_view app_version = EGRET_VERSION;

/// Of this machine's signing key.
inline constexpr std::uint32_t signing_epoch = 1;

/// How the centre of the bundle is reached: nobody else is taken for it.
HttpsClientOptions contact(const std::string& url, const sync::KeyBundle& bundle, Instant now,
                           std::optional<ClientIdentity> identity);

/// A server at that address, whoever it is: for what proves itself, and is no secret.
HttpsClientOptions first_contact(const std::string& url, Instant now);

/// Who signs a request, with what his clock shows now.
struct Caller {
    DeviceId device;
    const crypto::SigningKey& key;
    Instant now;
    Random& random;
};

void sign(http::Request& request, const Caller& caller);

http::Request head_request(const Caller& caller);
/// In the newest form that this program knows.
http::Request bundle_request();
http::Request upload_request(Bytes envelope, const Caller& caller);

/// Whether a request that came to nothing may have reached the centre.
sync::SyncFailure failure_of(const Error& error);

}  // namespace egret::client::detail
