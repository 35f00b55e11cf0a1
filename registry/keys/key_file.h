#pragma once

#include "registry/base/bytes.h"
#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/kdf.h"
#include "registry/keys/audit_head.h"
#include "registry/keys/data_key.h"
#include "registry/keys/device_secret.h"
#include "registry/keys/recovery_code.h"
#include "registry/keys/registry_id.h"
#include "registry/keys/tries.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace egret::keys {

namespace detail {
struct Contents;
}

/// Somebody who has a PIN, or had one.
struct User {
    UserId id;
    std::string name;  // In the clear: she is chosen by it before anything is unlocked.
    bool has_pin;      // False, until one is set for the secret that the machine has now.
};

/// registry.keys, beside a registry's file: who can open it, and how. It holds the data key several
/// times, each under something else: a user's PIN with the secret of the machine, the recovery
/// code, the key of the programme. docs/vault.md says what each is worth.
///
/// Everything that changes the file reads it again first, under a lock, so several programs may do
/// so at once; the accessors tell what it was when this object last read or wrote it. A change is
/// on the disk, whole, when a function returns; a crash leaves the file as it was before, or after.
///
/// Every function throws std::system_error if the disk fails or is full, and these errors are
/// possible with each: not_found, if the file is gone; unsupported, if it is damaged, was changed
/// by something else than this class, or is of a newer release; unavailable, if it can't be read.
class KeyFile {
public:
    static constexpr const char* file_name = "registry.keys";

    /// A PIN to be taken, with the machine's secret to which it is bound. What it refers to must
    /// live as long as the call.
    struct NewPin {
        ByteView pin;
        const DeviceSecret& device;
        crypto::ScryptCost cost = guess_cost;
    };
    /// What a registry begins with.
    struct Start {
        RegistryId registry;
        UserId user;  // The first one, with her name and PIN.
        std::string name;
        NewPin pin;
        const RecoveryCode& recovery;  // On its sheet, and typed back, already.
    };
    struct Created;

    /// A new file in the folder `dir`.
    /// Errors: conflict, if there is one; invalid_input, as add_user().
    static Result<Created> create(const std::string& dir, const Start& start, Random& random);
    static Result<KeyFile> load(const std::string& dir);

    ~KeyFile();
    KeyFile(KeyFile&&) noexcept;
    KeyFile& operator=(KeyFile&&) noexcept;

    const RegistryId& registry() const noexcept;
    const DeviceBinding& device() const noexcept;
    std::vector<User> users() const;
    Tries tries_of(const UserId& user) const;
    /// For whom the programme's slot is.
    std::optional<crypto::SealPublicKey> programme() const;
    /// To be believed once a data key was given.
    std::optional<AuditHead> audit_head() const;

    /// True of the data key that this file holds.
    bool is_under(const DataKey& key) const;
    /// The registry's file may be under the data key before: a change of it was cut short.
    bool has_former() const noexcept;

    /// Counts the try in the file, then tries; a right PIN forgets the wrong ones before it.
    /// Errors: unauthorized, field "pin", if it is wrong: with how many tries are left or how long
    /// to wait; unavailable, field "pin", while one has to wait: nothing was tried; not_found,
    /// field "user", if there is no such user; locked, if she has no PIN yet; conflict, if `device`
    /// is not the secret that the file wants.
    Result<DataKey> unlock_with_pin(const UserId& user, ByteView pin, const DeviceSecret& device,
                                    Instant now);
    /// Without a PIN and without this machine's secret.
    /// Errors: unauthorized, field "code", if it is the code of another sheet.
    Result<DataKey> unlock_with_recovery(const RecoveryCode& code);
    /// Errors: not_found, if there is no slot for a programme; forbidden, if it is for another key.
    Result<DataKey> unlock_as_programme(const crypto::SealKeyPair& programme);

    // ---- Changes, by whoever has the data key. Each may say conflict: it isn't this file's. ----

    /// Errors: conflict, if there is a user with that id or name, or the machine's secret is
    /// another; invalid_input, as check_new_pin(), or field "name", if that is empty or too long;
    /// too_large, beyond limits::registry_users_max.
    Result<Done> add_user(const DataKey& key, const UserId& user, const std::string& name,
                          const NewPin& pin, Random& random);
    /// Another PIN for her, and no wrong ones behind her. Who changes her own proves the old one by
    /// unlock_with_pin() first.
    /// Errors: not_found, field "user"; invalid_input, as check_new_pin(); conflict, as add_user().
    Result<Done> set_pin(const DataKey& key, const UserId& user, const NewPin& pin, Random& random);
    /// Errors: not_found, field "user"; conflict, if nobody with a PIN would be left.
    Result<Done> remove_user(const DataKey& key, const UserId& user);
    /// The code before it opens nothing any more. Call it when the new sheet is in hand.
    Result<Done> set_recovery(const DataKey& key, const RecoveryCode& code, Random& random);
    /// Errors: invalid_input, if the key is not usable.
    Result<Done> set_programme(const DataKey& key, const crypto::SealPublicKey& programme,
                               Random& random);
    /// Another secret of this machine: every PIN was bound to the one before, so nobody has one
    /// until it is set anew.
    Result<Done> set_device(const DataKey& key, const DeviceSecret& device);
    Result<Done> set_audit_head(const DataKey& key, const AuditHead& head);

    /// What takes the place of all slots under another data key.
    struct NewKey {
        const DataKey& key;
        UserId user;  // Who keeps a PIN: nobody knows those of the others.
        const NewPin& pin;
        const RecoveryCode& recovery;  // On its sheet already.
    };
    /// From now on the file holds that key, for the user, the sheet and the programme; `key` stands
    /// in it under the new one, until the registry's file is. Every other user has no PIN.
    /// Errors: as set_pin(); conflict, if another change of it was cut short.
    Result<Done> change_key(const DataKey& key, const NewKey& next, Random& random);
    /// The data key before; nothing, if there is none, or `key` isn't this file's.
    std::optional<DataKey> former_key(const DataKey& key) const;
    Result<Done> forget_former(const DataKey& key);

private:
    using Edit = std::function<Result<Done>(detail::Contents&)>;

    KeyFile(std::string dir, detail::Contents contents);

    Result<Done> read_again();
    void write(detail::Contents next);
    Result<DataKey> accept(DataKey key) const;
    Result<Done> change(const DataKey& key, const Edit& edit);
    Result<Done> change_under(const DataKey& key, const DataKey& sealed_by, const Edit& edit);

    std::string dir_;
    std::unique_ptr<detail::Contents> contents_;
};

struct KeyFile::Created {
    KeyFile file;
    DataKey key;
};

}  // namespace egret::keys
