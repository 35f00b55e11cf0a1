#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/crypto/sign.h"
#include "registry/service/clinic.h"
#include "sync/client/held_link.h"
#include "sync/client/https_client.h"
#include "sync/core/key_bundle.h"
#include "sync/core/sync_client.h"
#include "sync/http/message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace egret::client::detail {

inline constexpr std::string_view app_version = EGRET_VERSION;

inline constexpr std::string_view upload_path = "/v1/sync/batches";
inline constexpr std::string_view head_path = "/v1/sync/head";

/// How the centre of the bundle is reached: nobody else is taken for it. `known`: times that it was
/// already, as far as somebody else than this machine's clock says so.
HttpsClientOptions contact(const std::string& url, const sync::KeyBundle& bundle, Instant now,
                           std::vector<Instant> known, std::optional<ClientIdentity> identity);

/// A server at that address, whoever it is: for what proves itself, and is no secret.
HttpsClientOptions first_contact(const std::string& url, Instant now);

/// Who signs a request, with what his clock shows now.
struct Caller {
    DeviceId device;
    std::uint32_t epoch = 1;  // Of the key.
    const crypto::SigningKey& key;
    Instant now;
    Random& random;
};

void sign(http::Request& request, const Caller& caller);

/// For what an open registry asks, at the clinic's time.
Caller caller_of(service::Clinic& clinic, const HeldLink& link);

/// How far the centre is; said beside is the number of the key bundle held, if there is one.
http::Request head_request(const Caller& caller, std::uint64_t bundle_number = 0);
/// The newest form that this program knows, or the one that every centre has.
enum class BundleForm : std::uint8_t { newest, oldest };

http::Request bundle_request(BundleForm form);
/// What the centre has of this device's log, from that number on.
http::Request own_log_request(std::uint64_t from, const Caller& caller);
/// What a feed has after a cursor.
http::Request feed_request(std::uint64_t scope, std::uint64_t pos, ByteView hash,
                           const Caller& caller);
/// What a scope holds, from where the page before it said; from the start, if `next` is empty.
http::Request snapshot_request(std::uint64_t scope, const Bytes& next, const Caller& caller);
http::Request upload_request(Bytes envelope, const Caller& caller);

/// Whether a request that came to nothing may have reached the centre.
sync::SyncFailure failure_of(const Error& error);

}  // namespace egret::client::detail
