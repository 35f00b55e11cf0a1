#pragma once

#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/keys/data_key.h"
#include "registry/keys/device_secret.h"
#include "registry/keys/recovery_code.h"
#include "registry/keys/registry_id.h"

#include <functional>
#include <memory>
#include <string>

namespace egret::keys {

namespace detail {
struct Contents;
}

/// centre.keys, beside a centre's file: its data key under the secret of its machine, so that a
/// server starts without anybody, and under the recovery sheet, if one was made. docs/vault.md says
/// what each is worth.
///
/// A change is on the disk, whole, when a function returns; a crash leaves the file as it was
/// before, or after. Several programs may change it at once.
///
/// Every function throws std::system_error if the disk fails or is full, and these errors are
/// possible with each: not_found, if the file is gone; unsupported, if it is damaged, was changed
/// by something else than this class, or is of a newer release; unavailable, if it can't be read.
class MachineKeyFile {
public:
    static constexpr const char* file_name = "centre.keys";

    struct Created;

    /// A new file in the folder `dir`. `device` has a secret; `recovery` is on its sheet already,
    /// or null: then a machine that loses its secret loses all.
    /// Errors: conflict, if there is one.
    static Result<Created> create(const std::string& dir, const DeviceSecret& device,
                                  const RecoveryCode* recovery, Random& random);
    static Result<MachineKeyFile> load(const std::string& dir);

    ~MachineKeyFile();
    MachineKeyFile(MachineKeyFile&&) noexcept;
    MachineKeyFile& operator=(MachineKeyFile&&) noexcept;

    /// Drawn with the file, and the same for ever.
    const RegistryId& id() const noexcept;
    const DeviceBinding& device() const noexcept;
    bool has_recovery() const noexcept;
    bool is_under(const DataKey& key) const;

    /// Errors: conflict, if it is another machine's secret.
    Result<DataKey> unlock(const DeviceSecret& device) const;
    /// Errors: unauthorized, field "code", if it is the code of another sheet, or there is none.
    Result<DataKey> unlock_with_recovery(const RecoveryCode& code) const;

    // ---- Changes, by whoever has the data key. Each may say conflict: it isn't this file's. ----

    /// The secret of before opens nothing any more. `device` has a secret.
    Result<Done> set_device(const DataKey& key, const DeviceSecret& device, Random& random);
    /// The code of before opens nothing any more. Call it when the new sheet is in hand.
    Result<Done> set_recovery(const DataKey& key, const RecoveryCode& code, Random& random);

private:
    using Edit = std::function<void(detail::Contents&)>;

    MachineKeyFile(std::string dir, detail::Contents contents);

    Result<DataKey> accept(DataKey key) const;
    Result<Done> change(const DataKey& key, const Edit& edit);

    std::string dir_;
    std::unique_ptr<detail::Contents> contents_;
};

struct MachineKeyFile::Created {
    MachineKeyFile file;
    DataKey key;
};

}  // namespace egret::keys
