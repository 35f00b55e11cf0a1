#pragma once

#include "cli/world/screened_life.h"
#include "registry/base/hlc.h"
#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/clinic.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace egret::tests {

/// The programme of the place where all of them live.
const rules::Programme& simulated_programme();

/// The lives of a plan, and what was said of them, as clinics say it: the lines of each device in
/// the order of its clock.
class ScreenedWorld {
public:
    explicit ScreenedWorld(const world::ScreenedPlan& plan);

    const world::ScreenedPlan& plan() const noexcept { return plan_; }

    const std::vector<world::ScreenedLife>& lives() const noexcept { return lives_; }

    std::size_t said_count() const;

    /// Takes everything into the clinic's store, in batches of the devices that come in any order.
    void record(service::Clinic& clinic, std::uint64_t order_seed) const;

    /// What follows from the facts of each, without a store; in the order of the lives.
    std::vector<History> histories() const;

private:
    void say(const world::ScreenedEntry& entry);
    std::string find_action(const world::ScreenedEntry& entry) const;

    world::ScreenedPlan plan_;
    std::vector<world::ScreenedLife> lives_;
    std::map<WomanId, std::vector<LoggedEvent>> said_of_;
    std::vector<std::vector<Event>> said_by_;  // By device.
    std::vector<Hlc> clocks_;
};

}  // namespace egret::tests
