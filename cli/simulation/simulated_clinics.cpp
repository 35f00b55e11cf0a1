#include "cli/simulation/simulated_clinics.h"

#include "cli/simulation/leaflet.h"
#include "cli/world/names.h"
#include "registry/base/ensure.h"
#include "registry/service/founding.h"
#include "sync/client/clinic_link.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace egret::simulation {
namespace {

// Each open registry holds two files, up to 2 MiB of pages, and two pages of locked memory.
constexpr std::size_t open_max = 200;

}  // namespace

SimulatedClinics::SimulatedClinics(const world::PlainWorld& world, std::string folder,
                                   const Clock& clock, client::Connect way,
                                   const crypto::ScryptCost& pin_cost)
    : world_(world),
      folder_(std::move(folder)),
      clock_(clock),
      way_(std::move(way)),
      pin_cost_(pin_cost) {
    for (std::size_t i = 0; i < world.clinics().size(); ++i)
        chances_.emplace_back((world.plan().seed << 16U) + i + 1);
}

std::string SimulatedClinics::folder_of(std::size_t clinic) const {
    return folder_ + "/" + world_.clinics()[clinic].code;
}

service::World SimulatedClinics::surroundings(std::size_t clinic) {
    return {clock_, chances_[clinic], Date::from_days(0), sqlite::Synchronous::off};
}

Result<Done> SimulatedClinics::found(std::size_t clinic, const std::string& url,
                                     const std::string& code) {
    const auto& described = world_.clinics()[clinic];
    service::NewClinic asked;
    asked.name = described.name;
    asked.area = described.area;
    asked.user_name = world::invented_name(Sex::female, chances_[clinic]);
    const auto folder = folder_of(clinic);
    std::filesystem::create_directories(folder);
    const auto device = keys::DeviceSecret::make_file(folder, "device.key", key_chance_);
    if (!device) return device.error();
    const auto sheet = keys::RecoveryCode::make(key_chance_);
    auto created =
        service::found_registry(folder, asked, {bytes_of(simulated_pin), *device, sheet, pin_cost_},
                                surroundings(clinic), key_chance_);
    if (!created) return std::move(created).error();
    keys_[clinic] = {crypto::Secret((*created)->key().view()), (*created)->caller().user};
    NoProgress quiet;
    client::ClinicLink link(**created, folder_of(clinic), way_);
    auto joined = link.enrol(url, code, quiet);
    if (!joined) return std::move(joined).error();
    EGRET_ENSURE(joined->clinic_code == described.code);
    keep(clinic, *std::move(created));
    return Done{};
}

Result<Done> SimulatedClinics::record(world::ClinicDay work) {
    auto& registry = at(work.clinic);
    std::vector<service::Draft> drafts;
    drafts.reserve(work.entries.size());
    for (auto& entry : work.entries) {
        drafts.push_back(
            {entry.subject, std::move(entry.fact), entry.uid, std::move(entry.supersedes)});
    }
    sqlite::WriteTransaction tx(registry.database());
    auto recorded = registry.append(registry.caller(), std::move(drafts), tx);
    if (!recorded) return std::move(recorded).error();
    tx.commit();
    return Done{};
}

Result<Done> SimulatedClinics::sync(std::size_t clinic) {
    auto& registry = at(clinic);
    NoProgress quiet;
    auto outcome = client::ClinicLink(registry, folder_of(clinic), way_).sync("", quiet);
    if (!outcome) return std::move(outcome).error();
    if (outcome->report.error) return *std::move(outcome->report.error);
    EGRET_ENSURE(outcome->report.left == 0);
    return Done{};
}

service::Clinic& SimulatedClinics::at(std::size_t clinic) {
    if (!open_.contains(clinic)) {
        const auto& key = keys_.at(clinic);
        auto opened = service::Clinic::open(folder_of(clinic), {keys::DataKey(key.bytes), key.user},
                                            surroundings(clinic));
        EGRET_ENSURE(opened);  // It was closed a moment ago.
        keep(clinic, *std::move(opened));
    }
    auto& found = open_.at(clinic);
    found.used = ++uses_;
    return *found.registry;
}

void SimulatedClinics::keep(std::size_t clinic, std::unique_ptr<service::Clinic> registry) {
    if (open_.size() >= open_max) {
        open_.erase(std::min_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) {
            return a.second.used < b.second.used;
        }));
    }
    open_[clinic] = {std::move(registry), ++uses_};
}

}  // namespace egret::simulation
