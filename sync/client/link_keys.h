#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/es256.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "registry/files/disk.h"
#include "registry/json/value.h"
#include "sync/core/key_bundle.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace egret::client {

/// What the centre made of this machine.
struct LinkMembership {
    DeviceId device;
    std::string clinic_code;
    std::uint64_t scope = 0;
    std::string certificate_pem;
    std::string url;
    crypto::VerifyKey root{};
    Bytes bundle;  // Signed by `root`.
    // With what it let this machine in, or last renewed its keys: its own signed answer. A centre
    // that was restored knows by that whom it has forgotten.
    std::string joined{};
};

/// Keys that are to follow the present ones, once the centre has said yes.
struct NextKeys {
    crypto::SigningKey sign;
    crypto::SealKeyPair seal;
    std::string tls_key_pem;
};

/// The keys with which a clinic's machine speaks to its centre, in one file beside the registry,
/// readable by its owner alone: link.keys. Written first without a membership, so that an enrolment
/// that is cut short goes on with the same keys.
///
/// The content is JSON, keys in hexadecimal, with a hash of all of it. Where the machine has a
/// secret, the file holds it sealed under a key that follows from that secret and from nothing
/// else, so that nobody's PIN is needed to hand over what was recorded:
/// {"format":"egret-link-1","nonce","sealed"}, AES-256-GCM, with the format authenticated besides.
class LinkKeys {
public:
    /// New ones, not written yet, for the registry whose log has that name until it joins.
    static LinkKeys make(const DeviceId& registry, Random& random);
    /// Nothing, if there is no such file in `dir`. `link_key` is this machine's key for it
    /// (key_use), or nothing, if it has no secret; a file from before it had one is read, too.
    /// Errors: unsupported, if it is no such file, or sealed under the secret of another machine;
    /// locked, if it is sealed and there is no key; unavailable, if it can't be opened.
    static Result<std::optional<LinkKeys>> load(const std::string& dir, ByteView link_key = {},
                                                files::Disk& disk = files::system_disk());

    /// The file as it lies there, by which a change of it is seen; nothing, if it can't be read.
    static std::optional<Bytes> content_in(const std::string& dir, files::Disk& disk);

    /// Replaces the file in one step: sealed, if there is a key.
    /// Throws std::system_error if the disk fails.
    void save(const std::string& dir, ByteView link_key = {},
              files::Disk& disk = files::system_disk()) const;

    /// For which use a machine's secret gives the key of this file.
    static constexpr std::string_view key_use = "egret/link";

    /// The file was not sealed when it was loaded.
    bool was_in_the_clear() const noexcept { return was_in_the_clear_; }

    const crypto::SigningKey& sign_key() const noexcept { return sign_; }

    const crypto::SealPublicKey& seal_public() const noexcept { return seal_.public_key(); }

    /// With which this machine opens what the centre seals to it.
    const crypto::SealKeyPair& seal_keys() const noexcept { return seal_; }

    /// For the file, and nothing else.
    ByteView seal_private() const noexcept { return seal_.private_key(); }

    /// With which this machine signs vaccination cards.
    const crypto::Es256Key& card_key() const noexcept { return card_; }

    const std::string& tls_key_pem() const noexcept { return tls_key_pem_; }

    /// True if they are those of a registry whose log has that name: it is the one they were made
    /// for, or has joined with them.
    bool belong_to(const DeviceId& registry) const noexcept {
        return made_for_ == registry || (membership_ && membership_->device == registry);
    }

    const DeviceId& made_for() const noexcept { return made_for_; }

    const std::optional<LinkMembership>& membership() const noexcept { return membership_; }

    void join(LinkMembership membership) { membership_ = std::move(membership); }

    /// The number of these keys: 1, and one more with each renewal.
    std::uint32_t epoch() const noexcept { return epoch_; }

    /// Those that were prepared for a renewal; nothing, if there is none under way.
    const std::optional<NextKeys>& next() const noexcept { return next_; }

    /// Draws them. The key for cards stays.
    void prepare_next(Random& random);
    /// They take the place of the present ones; `membership` is that with them.
    void adopt_next(LinkMembership membership);

private:
    static std::optional<LinkKeys> read(const json::Value& parsed);

    LinkKeys(const DeviceId& made_for, crypto::SigningKey sign, crypto::SealKeyPair seal,
             crypto::Es256Key card, std::string tls_key_pem)
        : made_for_(made_for),
          sign_(std::move(sign)),
          seal_(std::move(seal)),
          card_(std::move(card)),
          tls_key_pem_(std::move(tls_key_pem)) {}

    DeviceId made_for_;
    crypto::SigningKey sign_;
    crypto::SealKeyPair seal_;
    crypto::Es256Key card_;
    std::string tls_key_pem_;
    std::optional<LinkMembership> membership_;
    std::uint32_t epoch_ = 1;
    std::optional<NextKeys> next_;
    bool was_in_the_clear_ = false;
};

}  // namespace egret::client
