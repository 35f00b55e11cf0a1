#include "sync/client/held_link.h"

#include "registry/crypto/x509.h"
#include "sync/client/detail/calls.h"
#include "sync/core/protocol.h"
#include "sync/core/renewal.h"

#include <algorithm>
#include <utility>

namespace egret::client {
namespace {

Result<sync::KeyBundle> bundle_of(const LinkKeys& keys) {
    return sync::open_bundle(keys.membership()->bundle, keys.membership()->root);
}

bool is_newer(const sync::KeyBundle& bundle, const sync::KeyBundle& held) {
    // The same bundle in a newer form says more.
    return bundle.number > held.number ||
           (bundle.number == held.number && bundle.version > held.version);
}

}  // namespace

Result<std::unique_ptr<HeldLink>> HeldLink::of(const LinkKeys& keys, Place place) {
    auto bundle = bundle_of(keys);
    if (!bundle) return std::move(bundle).error();
    return std::make_unique<HeldLink>(Private{}, std::nullopt, &keys, std::move(place),
                                      *std::move(bundle));
}

Result<std::unique_ptr<HeldLink>> HeldLink::owning(LinkKeys keys, Place place) {
    auto bundle = bundle_of(keys);
    if (!bundle) return std::move(bundle).error();
    return std::make_unique<HeldLink>(Private{}, std::move(keys), nullptr, std::move(place),
                                      *std::move(bundle));
}

bool HeldLink::is_program_too_old() const noexcept {
    return bundle_.protocol_min > sync::protocol_version;
}

Result<bool> HeldLink::take_bundle(ByteView signed_bundle) {
    auto bundle = sync::open_bundle(signed_bundle, membership().root);
    if (!bundle) {
        // Whoever said that, it wasn't the centre: as good as no answer.
        if (bundle.error().code == ErrorCode::unsupported) return std::move(bundle).error();
        return Error{ErrorCode::unavailable, "", msg("sync.no_line")};
    }
    if (!is_newer(*bundle, bundle_)) return false;
    auto stored = load_same();
    if (!stored) return std::move(stored).error();
    auto changed = *stored->membership();
    changed.bundle = copy_of(signed_bundle);
    stored->join(std::move(changed));
    stored->save(place_.dir, place_.link_key, place_.disk);
    const bool is_other_way = bundle->tls_pins != bundle_.tls_pins ||
                              bundle->ca_certificate_pem != bundle_.ca_certificate_pem;
    if (is_other_way) ++ways_;
    bundle_ = *std::move(bundle);
    return true;
}

/// A machine that joined anew meanwhile has other keys, which stay.
Result<LinkKeys> HeldLink::load_same() const {
    auto stored = LinkKeys::load(place_.dir, place_.link_key, place_.disk);
    if (!stored) return std::move(stored).error();
    const bool is_same = *stored && (*stored)->membership() &&
                         (*stored)->membership()->device == membership().device &&
                         (*stored)->sign_key().public_key() == keys_->sign_key().public_key();
    if (!is_same) return Error{ErrorCode::unavailable, "", msg("outbox.busy")};
    return std::move(**stored);
}

Result<Done> HeldLink::prepare_renewal(Random& random) {
    auto stored = load_same();
    if (!stored) return std::move(stored).error();
    if (!stored->next()) {
        stored->prepare_next(random);
        stored->save(place_.dir, place_.link_key, place_.disk);
    }
    own_ = *std::move(stored);
    keys_ = &*own_;
    return Done{};
}

Result<Done> HeldLink::take_renewal(std::string_view reply) {
    auto stored = load_same();
    if (!stored) return std::move(stored).error();
    const auto& next = stored->next();
    if (!next || !keys_->next() || next->sign.public_key() != keys_->next()->sign.public_key())
        return Error{ErrorCode::unavailable, "", msg("outbox.busy")};
    const sync::RenewalTrust trust{membership().device, keys_->epoch() + 1, membership().root,
                                   bundle_.number, next->sign.public_key()};
    auto renewed = sync::decode_renewal_reply(reply, trust);
    if (!renewed) return std::move(renewed).error();
    auto changed = *stored->membership();
    changed.certificate_pem = renewed->reply.certificate_pem;
    changed.joined = reply;
    const bool is_newer_bundle = is_newer(renewed->bundle, bundle_);
    if (is_newer_bundle) changed.bundle = renewed->reply.bundle;
    stored->adopt_next(std::move(changed));
    stored->save(place_.dir, place_.link_key, place_.disk);
    own_ = *std::move(stored);
    keys_ = &*own_;
    if (is_newer_bundle) bundle_ = std::move(renewed->bundle);
    ++ways_;  // Under another certificate.
    return Done{};
}

bool HeldLink::is_renewal_due(Instant now) const {
    const auto certificate = crypto::read_certificate(membership().certificate_pem);
    if (!certificate || membership().joined.empty()) return false;
    const auto& valid = certificate->validity;
    return now >= valid.from + (valid.to - valid.from) / 2;
}

HttpsClientOptions HeldLink::way(const std::string& url, Instant now,
                                 const std::vector<Instant>& known) const {
    return detail::contact(url.empty() ? membership().url : url, bundle_, now, known,
                           ClientIdentity{membership().certificate_pem, keys_->tls_key_pem()});
}

HttpsClientOptions HeldLink::way_to_anyone(const std::string& url, Instant now) const {
    return detail::first_contact(url.empty() ? membership().url : url, now);
}

sync::SyncIdentity HeldLink::identity(std::uint32_t schema_version, Instant at) const {
    sync::SyncIdentity identity;
    identity.seal.device = membership().device;
    identity.seal.epoch = keys_->epoch();
    identity.app_version = detail::app_version;
    identity.schema_version = schema_version;
    sync::use_bundle(identity, bundle_, at);
    identity.protocol = std::min(identity.protocol, sync::protocol_version);
    return identity;
}

}  // namespace egret::client
