#pragma once

#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "registry/crypto/wipe.h"
#include "registry/crypto/x509.h"
#include "registry/keys/data_key.h"
#include "sync/central/key_ring.h"
#include "sync/core/envelope.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace egret::central {

/// The centre's keys, in one folder, a file each, readable by its owner alone:
///
///   root.pub     The public half of the programme's root.
///   ring.key     What changes over the years: the keys that devices seal their batches to, the one
///                that signs the centre's answers, and the signed key bundles that devices get
///                (sync/central/key_ring.h).
///   ca.key ca.pem  P-256, PEM: the authority for the certificates of devices and server.
///   tls.key      P-256, PEM: the server's. Its certificate is made anew at every start.
///   code.key     32 bytes: without it the table of enrolment codes tells nothing.
///
/// What ends in .key is sealed under the centre's data key (sync/central/key_seal.h). Two others
/// lie in a folder of their own, at best on a stick in a safe, in hexadecimal and in the clear, for
/// the running centre needs neither:
///
///   root.key     Ed25519 seed: the programme's root. Signs the key bundle.
///   recovery.key X25519: opens the key file of every clinic that has joined, for one that lost its
///                sheet and its PINs.
///
/// Nothing that is there is ever replaced, but the ring, as a whole (sync/central/key_promotion.h).
/// Who holds these keys sees a new ring without loading them again: each question looks whether
/// there is one. May be used from several threads.
class CentreKeys {
public:
    /// Where new keys go, and under what.
    struct Place {
        std::string folder;       // Is made.
        std::string root_folder;  // Of root.key and recovery.key; may be the same.
        const keys::DataKey& key;
    };

    /// Draws all keys and writes them. The programme is called `name`.
    /// Throws std::system_error if the disk fails; what is in root_folder then is taken away again.
    static Result<Done> create(const Place& place, const std::string& name, Instant now,
                               Random& random);
    /// Needs neither the root's key nor the recovery key.
    /// Errors: not_found, unsupported: a file is missing or holds no such key.
    static Result<CentreKeys> load(const std::string& folder, const keys::DataKey& key);

    /// The recovery key, from wherever it is kept.
    /// Errors: not_found, unsupported: it isn't there or is no such key.
    static Result<crypto::SealKeyPair> load_recovery(const std::string& folder);

    /// The names of the files in `folder` that can't be right ("tls.key"): those that can't be
    /// read, hold no such key, or don't belong to the others. root.key and recovery.key may be
    /// away.
    static std::vector<std::string> check(const std::string& folder, const keys::DataKey& key);

    /// What to say of these. Its code is unsupported.
    static Error bad_files(const std::string& folder, const std::vector<std::string>& names);

    /// The answers' signer now. What was asked for stays valid as long as these keys.
    const crypto::SigningKey& receipt() const;

    /// What opens an envelope that is sealed to that key. If that is none of the centre's, or
    /// destroyed, one that doesn't: opening says so.
    std::shared_ptr<const crypto::SealKeyPair> seal_key_for(const sync::KeyId& id) const;

    /// To which devices seal at first, by the bundle.
    crypto::SealPublicKey seal_key() const { return said().seal_key; }

    /// The key of the centre's own device: signs the header of each fact that an officer says. It
    /// lies in no file, but follows from the centre's data key, so that a centre that was restored
    /// knows again what it signed before.
    const crypto::SigningKey& desk() const noexcept { return *desk_; }

    const crypto::VerifyKey& root() const noexcept { return root_; }

    const crypto::Authority& authority() const noexcept { return authority_; }

    const std::string& tls_key_pem() const noexcept { return tls_key_pem_; }

    ByteView code_key() const noexcept { return code_key_.view(); }

    /// Of version 2.
    const Bytes& bundle() const;
    /// Of version 3.
    const Bytes& bundle3() const;
    /// What that one says. What was asked for stays valid as long as these keys.
    const sync::KeyBundle& said() const;

    /// In whose name the centre sends feeds.
    DeviceId centre_device() const { return said().centre_device; }

    /// Of the bundle.
    std::uint64_t bundle_number() const { return said().number; }

    /// All that changes, as it is now.
    KeyRing ring() const;
    /// Puts another in its place, on the disk and here, in one step. It must be one that open_ring
    /// takes. Throws std::system_error if the disk fails or is full.
    void replace_ring(const KeyRing& ring, Random& random);

    /// The programme's root, from wherever it is kept.
    /// Errors: not_found, unsupported: it isn't there or is no such key; conflict, if it is
    /// another programme's.
    Result<crypto::SigningKey> load_root(const std::string& folder) const;

    /// By which code_key is known again, and nothing else of it.
    Hash code_key_mark() const;

    /// For TLS, made for these hosts and valid from now on.
    /// Errors: those of crypto::issue_server_certificate.
    Result<std::string> issue_server_certificate(const std::vector<std::string>& hosts,
                                                 Instant now) const;

    CentreKeys(CentreKeys&& other) noexcept;
    CentreKeys& operator=(CentreKeys&& other) noexcept;
    ~CentreKeys();

private:
    struct Present;

    CentreKeys();

    std::optional<crypto::SigningKey> desk_;  // Of all but those that were moved from.
    crypto::VerifyKey root_{};
    crypto::Authority authority_;
    std::string tls_key_pem_;
    crypto::Secret code_key_;
    std::unique_ptr<Present> present_;  // The ring.
};

}  // namespace egret::central
