#include "sync/client/detail/calls.h"

#include "sync/core/request_signature.h"

#include <algorithm>
#include <utility>

namespace egret::client::detail {

HttpsClientOptions contact(const std::string& url, const sync::KeyBundle& bundle, Instant now,
                           std::optional<ClientIdentity> identity) {
    HttpsClientOptions options;
    options.url = url;
    options.authority_pem = bundle.ca_certificate_pem;
    options.server_key_hashes = bundle.tls_pins;
    options.identity = std::move(identity);
    options.now = std::max(now, instant_from_unix_ms(bundle.not_before_ms));
    return options;
}

HttpsClientOptions first_contact(const std::string& url, Instant now) {
    HttpsClientOptions options;
    options.url = url;
    options.accept_any_server = true;
    options.now = now;
    return options;
}

void sign(http::Request& request, const Caller& caller) {
    const sync::RequestSigner signer{caller.device, signing_epoch, caller.key};
    const sync::RequestStamp stamp{std::max<std::int64_t>(unix_ms(caller.now), 0),
                                   caller.random.bytes<16>()};
    const auto target = http::target_of(request);
    request.headers["authorization"] =
        sync::authorize_request(signer, stamp, {request.method, target, request.body});
}

http::Request head_request(const Caller& caller) {
    http::Request request;
    request.path = "/v1/sync/head";
    sign(request, caller);
    return request;
}

http::Request bundle_request() {
    http::Request request;
    request.path = "/v1/bundle";
    request.query["v"] = "3";
    return request;
}

http::Request upload_request(Bytes envelope, const Caller& caller) {
    http::Request request;
    request.method = "POST";
    request.path = "/v1/sync/batches";
    request.headers["content-type"] = "application/octet-stream";
    request.body = std::move(envelope);
    sign(request, caller);
    return request;
}

sync::SyncFailure failure_of(const Error& error) {
    const bool was_sent = error.message.id == "net.broken" || error.message.id == "net.timeout";
    return was_sent ? sync::SyncFailure::broken : sync::SyncFailure::unreachable;
}

}  // namespace egret::client::detail
