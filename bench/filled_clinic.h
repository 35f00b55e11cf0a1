#pragma once

#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/service/clinic.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace egret::bench {

/// A clinic's registry with invented women and all that was recorded of them.
class FilledClinic {
public:
    /// Makes it in `folder`, without waiting for the disk, then opens it durable, as a clinic does.
    FilledClinic(const std::string& folder, std::uint64_t women, std::uint64_t seed);

    service::Clinic& clinic() noexcept { return *clinic_; }

    ManualClock& clock() noexcept { return clock_; }

    struct Woman {
        WomanId id;
        Demographics who;
    };

    const std::vector<Woman>& women() const noexcept { return women_; }

private:
    void fill(const std::string& folder, const service::Unlocked& unlocked, std::uint64_t women,
              std::uint64_t seed);

    ManualClock clock_;
    SeededRandom random_;
    std::vector<Woman> women_;
    std::unique_ptr<service::Clinic> clinic_;
};

}  // namespace egret::bench
