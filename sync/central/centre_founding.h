#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/keys/data_key.h"
#include "registry/keys/device_secret.h"
#include "registry/keys/recovery_code.h"

#include <string>
#include <utility>
#include <vector>

namespace egret::central {

/// What a centre is made from.
struct NewCentre {
    std::string name;
    std::vector<std::string> hosts;  // Under which clinics reach it; the first one goes into URLs.
    std::string time_zone = "Asia/Shanghai";
};

/// Who opens a new centre, and with what. What it refers to outlives the call.
struct Founder {
    const keys::DeviceSecret& device;              // Has a secret.
    const keys::RecoveryCode* recovery = nullptr;  // On its sheet; or there is none yet.
    std::string root_folder{};                     // Of root.key and recovery.key; "": keys/.
};

/// The settings that a centre must have.
inline constexpr auto default_port = "8443";
inline constexpr auto code_key_setting = "code_key_mark";

/// What can stand between "https://" and the port of a URL.
bool is_host(std::string_view host);

/// A folder that gets a centre: all is made in another folder beside it, and put in its place at
/// the end, in one step.
class CentreInMaking {
public:
    /// Errors: conflict, if there is something at `folder` already, but an empty folder. Throws
    /// std::system_error if the disk fails.
    static Result<CentreInMaking> start(const std::string& folder);

    CentreInMaking(CentreInMaking&& other) noexcept;
    CentreInMaking& operator=(CentreInMaking&&) = delete;
    /// Takes away what was not finished.
    ~CentreInMaking();

    /// Where to make it meanwhile.
    const std::string& path() const noexcept { return path_; }

    /// Makes centre.keys, keys/ and an empty centre.db; what it gives opens them.
    /// Errors: invalid_input, for the name, a host or the time zone; unavailable, if root_folder
    /// isn't there; conflict, if it lies in the centre's own, or has such keys already.
    Result<keys::DataKey> fill(const NewCentre& centre, const Founder& founder, Instant now,
                               Random& random);
    /// Everything in path() is closed. Afterwards it lies in its place, durably.
    /// Errors: conflict, if somebody else was faster. Throws std::system_error if the disk fails.
    Result<Done> finish();

private:
    CentreInMaking(std::string place, std::string path)
        : place_(std::move(place)), path_(std::move(path)) {}

    Result<Done> fill_files(const NewCentre& centre, const std::string& root_folder,
                            const keys::DataKey& key, Instant now, Random& random);
    Result<std::string> root_folder_for(const Founder& founder) const;

    std::string place_;
    std::string path_;         // "" once it is in its place.
    std::string root_folder_;  // Where keys were put outside of it.
};

/// All of that at once. Errors: those of CentreInMaking.
Result<keys::DataKey> found_centre(const std::string& folder, const NewCentre& centre,
                                   const Founder& founder, Instant now, Random& random);

}  // namespace egret::central
