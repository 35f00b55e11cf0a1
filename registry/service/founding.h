#pragma once

#include "registry/base/bytes.h"
#include "registry/crypto/kdf.h"
#include "registry/keys/device_secret.h"
#include "registry/keys/recovery_code.h"
#include "registry/service/clinic.h"

#include <memory>
#include <string>

namespace egret::service {

/// Who opens a new registry, and with what. What it refers to outlives the call.
struct Founder {
    ByteView pin;
    const keys::DeviceSecret& device;
    const keys::RecoveryCode& recovery;
    crypto::ScryptCost pin_cost = keys::guess_cost;
};

/// Makes registry.keys and a registry under a new key in the folder `dir`, which is there; the
/// founder, by the name in `clinic`, is its first user and leads it. If it fails, some of it may be
/// there: RegistryInMaking makes it whole or not at all. `chance` draws the keys.
/// Errors: those of keys::KeyFile::create and Clinic::create.
Result<std::unique_ptr<Clinic>> found_registry(const std::string& dir, const NewClinic& clinic,
                                               const Founder& founder, const World& world,
                                               Random& chance);

/// Whether there is a registry in the folder `dir`. Errors: those of store::require_file;
/// not_found, saying so, if only its keys are there.
Result<Done> require_registry(const std::string& dir);

/// A folder that gets a registry: everything is made in another folder beside or in it, and put in
/// its place at the end.
///
/// A folder that is new or empty appears in one step. Into one that holds other things the files
/// are moved, the registry itself last: after a crash amid it a second start() says what to do.
class RegistryInMaking {
public:
    /// Errors: conflict, if there is a registry at `dir` already, or a part of one; unavailable, if
    /// no folder can be made there.
    static Result<RegistryInMaking> start(const std::string& dir, Random& random);

    RegistryInMaking(RegistryInMaking&& other) noexcept;
    RegistryInMaking& operator=(RegistryInMaking&&) = delete;
    /// Takes away what was not finished.
    ~RegistryInMaking();

    /// Where to make it meanwhile.
    const std::string& path() const noexcept { return path_; }

    /// Everything in path() is closed. Afterwards it lies in its place, durably.
    /// Errors: conflict, if somebody else was faster. Throws std::system_error if the disk fails.
    Result<Done> finish();

private:
    RegistryInMaking(std::string place, std::string path, bool is_whole_folder)
        : place_(std::move(place)), path_(std::move(path)), is_whole_folder_(is_whole_folder) {}

    Result<Done> move_files();

    std::string place_;
    std::string path_;  // "" once it is in its place.
    bool is_whole_folder_;
};

}  // namespace egret::service
