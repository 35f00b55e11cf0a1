#include "sync/client/detail/calls.h"

#include "sync/core/request_signature.h"

#include <algorithm>
#include <utility>

namespace egret::client::detail {

HttpsClientOptions contact(const std::string& url, const sync::KeyBundle& bundle, Instant now,
                           std::vector<Instant> known, std::optional<ClientIdentity> identity) {
    HttpsClientOptions options;
    options.url = url;
    options.authority_pem = bundle.ca_certificate_pem;
    options.server_key_hashes = bundle.tls_pins;
    options.identity = std::move(identity);
    const auto signed_at = instant_from_unix_ms(bundle.not_before_ms);
    options.now = std::max(now, signed_at);
    options.other_times = std::move(known);
    options.other_times.push_back(signed_at);
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
    const sync::RequestSigner signer{caller.device, caller.epoch, caller.key};
    const sync::RequestStamp stamp{std::max<std::int64_t>(unix_ms(caller.now), 0),
                                   caller.random.bytes<16>()};
    const auto target = http::target_of(request);
    request.headers["authorization"] =
        sync::authorize_request(signer, stamp, {request.method, target, request.body});
}

Caller caller_of(service::Clinic& clinic, const HeldLink& link) {
    const auto& keys = link.keys();
    return {link.membership().device, keys.epoch(), keys.sign_key(), clinic.now(), clinic.random()};
}

http::Request head_request(const Caller& caller, std::uint64_t bundle_number) {
    http::Request request;
    request.path = head_path;
    if (bundle_number > 0) request.query["bundle"] = std::to_string(bundle_number);
    sign(request, caller);
    return request;
}

http::Request own_log_request(std::uint64_t from, const Caller& caller) {
    http::Request request;
    request.path = "/v1/sync/mylog";
    request.query["from"] = std::to_string(from);
    sign(request, caller);
    return request;
}

http::Request feed_request(std::uint64_t scope, std::uint64_t pos, ByteView hash,
                           const Caller& caller) {
    http::Request request;
    request.path = "/v1/sync/feed";
    request.query["scope"] = std::to_string(scope);
    request.query["pos"] = std::to_string(pos);
    request.query["hash"] = to_hex(hash);
    sign(request, caller);
    return request;
}

http::Request snapshot_request(std::uint64_t scope, const Bytes& next, const Caller& caller) {
    http::Request request;
    request.path = "/v1/sync/snapshot";
    request.query["scope"] = std::to_string(scope);
    if (!next.empty()) request.query["next"] = to_hex(next);
    sign(request, caller);
    return request;
}

http::Request bundle_request(BundleForm form) {
    http::Request request;
    request.path = "/v1/bundle";
    if (form == BundleForm::newest) request.query["v"] = "3";
    return request;
}

http::Request upload_request(Bytes envelope, const Caller& caller) {
    http::Request request;
    request.method = "POST";
    request.path = upload_path;
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
