#include "sync/client/detail/renewal.h"

#include "registry/crypto/x509.h"
#include "sync/client/detail/calls.h"
#include "sync/client/detail/http_status.h"
#include "sync/core/renewal.h"

#include <utility>

namespace egret::client::detail {

std::optional<http::Request> Renewal::start(Instant now) {
    if (!link_.prepare_renewal(random_)) return std::nullopt;
    const auto& keys = link_.keys();
    const auto& next = *keys.next();
    const auto csr = crypto::make_signing_request(next.tls_key_pem);
    if (!csr) return std::nullopt;
    sync::RenewalRequest asked;
    asked.epoch = keys.epoch() + 1;
    asked.csr_pem = *csr;
    asked.sign_key = next.sign.public_key();
    asked.seal_key = next.seal.public_key();
    // The same as before: it has signed cards.
    asked.card_key = keys.card_key().public_key();
    const auto& membership = link_.membership();
    if (is_readmission_)
        asked.joined = sync::JoinedProof{membership.joined, keys.sign_key().public_key()};
    http::Request request;
    request.method = "POST";
    request.path = "/v1/renew";
    request.headers["content-type"] = "application/json";
    request.body = copy_of(bytes_of(
        sync::encode_renewal_request(asked, membership.device, next.sign, &keys.card_key())));
    sign(request, {membership.device, keys.epoch(), keys.sign_key(), now, random_});
    return request;
}

/// Whatever else comes of it: the old keys hold, and the next sync tries again.
std::optional<http::Request> Renewal::next(const Result<http::Response>& answer, Instant) {
    if (answer && answer->status == http_ok)
        is_done_ = bool(link_.take_renewal(text_of(answer->body)));
    return std::nullopt;
}

}  // namespace egret::client::detail
