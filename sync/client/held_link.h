#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "registry/files/disk.h"
#include "sync/client/https_client.h"
#include "sync/client/link_keys.h"
#include "sync/core/key_bundle.h"
#include "sync/core/upload_piece.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace egret::client {

/// What a machine speaks to its centre with: its keys, and the newest key bundle that it has. A
/// newer one that the centre hands out takes the place of the one in link.keys.
class HeldLink {
    struct Private {};  // Only of() and owning() make one.

public:
    /// Where link.keys lies. What it refers to outlives the link.
    struct Place {
        std::string dir;
        ByteView link_key;  // LinkKeys::load's.
        files::Disk& disk;
    };

    HeldLink(Private, std::optional<LinkKeys> own, const LinkKeys* keys, Place place,
             sync::KeyBundle bundle)
        : own_(std::move(own)),
          keys_(own_ ? &*own_ : keys),
          place_(std::move(place)),
          bundle_(std::move(bundle)) {}

    HeldLink(const HeldLink&) = delete;
    HeldLink& operator=(const HeldLink&) = delete;

    /// `keys` have a membership and outlive the link.
    /// Errors: those of sync::open_bundle.
    static Result<std::unique_ptr<HeldLink>> of(const LinkKeys& keys, Place place);
    static Result<std::unique_ptr<HeldLink>> owning(LinkKeys keys, Place place);

    const LinkKeys& keys() const noexcept { return *keys_; }

    const LinkMembership& membership() const noexcept { return *keys_->membership(); }

    /// The registry's folder.
    const std::string& dir() const noexcept { return place_.dir; }

    const sync::KeyBundle& bundle() const noexcept { return bundle_; }

    /// The centre no longer speaks what this program does.
    bool is_program_too_old() const noexcept;

    /// Takes over a bundle that anybody brought, if it is newer than the one held: on the disk, and
    /// here. False, if it isn't newer.
    /// Errors: unsupported, if it is of a form that this program doesn't know; unavailable, if it
    /// isn't this programme's, or link.keys was replaced meanwhile; those of LinkKeys::load.
    /// Throws std::system_error if the disk fails or is full.
    Result<bool> take_bundle(ByteView signed_bundle);

    /// Sees to it that there are keys to be renewed to, on the disk: those that were prepared
    /// before, or new ones.
    /// Errors: unavailable, if link.keys was replaced meanwhile; those of LinkKeys::load. Throws as
    /// take_bundle.
    Result<Done> prepare_renewal(Random& random);
    /// Takes them over, with the centre's answer: on the disk, and here.
    /// Errors: as above, and those of sync::decode_renewal_reply.
    Result<Done> take_renewal(std::string_view reply);

    /// The validity of the certificate has run for more than half at `now`; never of one that can't
    /// be read.
    bool is_renewal_due(Instant now) const;

    /// Changes whenever the centre is to be reached in another way than before.
    std::uint64_t ways() const noexcept { return ways_; }

    /// How the centre is reached, at `url` or, if that is empty, where it was when this machine
    /// joined. `now` must not be before the right time by much: certificates are held to it.
    HttpsClientOptions way(const std::string& url, Instant now,
                           const std::vector<Instant>& known = {}) const;
    /// The same without any proof of who answers, and without a word of who asks.
    HttpsClientOptions way_to_anyone(const std::string& url, Instant now) const;

    /// For uploads. `at` is the time that the seal key is chosen for.
    sync::SyncIdentity identity(std::uint32_t schema_version, Instant at) const;

private:
    Result<LinkKeys> load_same() const;

    std::optional<LinkKeys> own_;
    const LinkKeys* keys_;
    Place place_;
    sync::KeyBundle bundle_;
    std::uint64_t ways_ = 0;
};

}  // namespace egret::client
