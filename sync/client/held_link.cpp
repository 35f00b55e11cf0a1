#include "sync/client/held_link.h"

#include "sync/client/detail/calls.h"
#include "sync/core/protocol.h"

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
    // A machine that joined anew meanwhile has other keys, which stay.
    auto stored = LinkKeys::load(place_.dir, place_.link_key, place_.disk);
    if (!stored) return std::move(stored).error();
    const bool is_same = *stored && (*stored)->membership() &&
                         (*stored)->membership()->device == membership().device &&
                         (*stored)->sign_key().public_key() == keys_.sign_key().public_key();
    if (!is_same) return Error{ErrorCode::unavailable, "", msg("outbox.busy")};
    auto changed = *(*stored)->membership();
    changed.bundle = copy_of(signed_bundle);
    (*stored)->join(std::move(changed));
    (*stored)->save(place_.dir, place_.link_key, place_.disk);
    const bool is_other_way = bundle->tls_pins != bundle_.tls_pins ||
                              bundle->ca_certificate_pem != bundle_.ca_certificate_pem;
    if (is_other_way) ++ways_;
    bundle_ = *std::move(bundle);
    return true;
}

HttpsClientOptions HeldLink::way(const std::string& url, Instant now,
                                 const std::vector<Instant>& known) const {
    return detail::contact(url.empty() ? membership().url : url, bundle_, now, known,
                           ClientIdentity{membership().certificate_pem, keys_.tls_key_pem()});
}

HttpsClientOptions HeldLink::way_to_anyone(const std::string& url, Instant now) const {
    return detail::first_contact(url.empty() ? membership().url : url, now);
}

sync::SyncIdentity HeldLink::identity(std::uint32_t schema_version, Instant at) const {
    sync::SyncIdentity identity;
    identity.seal.device = membership().device;
    identity.seal.epoch = detail::signing_epoch;
    identity.app_version = detail::app_version;
    identity.schema_version = schema_version;
    sync::use_bundle(identity, bundle_, at);
    identity.protocol = std::min(identity.protocol, sync::protocol_version);
    return identity;
}

}  // namespace egret::client
