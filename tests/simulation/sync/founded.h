#pragma once

#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "sync/central/centre_keys.h"
#include "tests/simulation/sync/plan.h"
#include "tests/support/crash_disk.h"

#include <memory>
#include <string>
#include <vector>

namespace egret::sync_world {

inline constexpr auto home = "/clinic";

/// A clinic's machine on its first day, once it has joined.
struct FoundedClinic {
    std::string code;
    DeviceId device;
    UserId user;
    Fixed<32> key{};
    Fixed<32> link_key{};
    tests::CrashDisk::Files image;
};

/// What every world begins with: made once, since keys and certificates take their time.
struct Founded {
    std::unique_ptr<central::CentreKeys> keys;
    tests::CrashDisk::Files centre;
    std::vector<FoundedClinic> clinics;  // clinics_max of them.
};

/// 1 May 2026, 04:00 UTC.
Instant first_instant();

/// The same in every process, but for keys and certificates of TLS.
Founded found_all();

}  // namespace egret::sync_world
