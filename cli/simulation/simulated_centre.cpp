#include "cli/simulation/simulated_centre.h"

#include "cli/simulation/direct_line.h"

#include <utility>

namespace egret::simulation {
namespace {

constexpr auto own_key_file = "device.key";
constexpr std::string_view programme_name = "模拟项目 Simulated programme";

}  // namespace

Result<std::unique_ptr<SimulatedCentre>> SimulatedCentre::create(const std::string& folder,
                                                                 const Clock& clock,
                                                                 Random& random) {
    central::NewCentre asked;
    asked.name = programme_name;
    asked.hosts = {"localhost", "127.0.0.1"};
    auto making = central::CentreInMaking::start(folder);
    if (!making) return std::move(making).error();
    const auto device = keys::DeviceSecret::make_file(making->path(), own_key_file, random);
    if (!device) return device.error();
    auto key = making->fill(asked, {*device}, clock.now(), random);
    if (!key) return std::move(key).error();
    if (auto finished = making->finish(); !finished) return std::move(finished).error();
    NoProgress quiet;
    central::StoreOptions options;
    options.synchronous = sqlite::Synchronous::off;
    auto opened = central::Centre::open(folder, *std::move(key), quiet, options);
    if (!opened) return std::move(opened).error();
    return std::make_unique<SimulatedCentre>(*std::move(opened), clock, random);
}

SimulatedCentre::SimulatedCentre(central::Centre centre, const Clock& clock, Random& random)
    : clock_(clock),
      random_(random),
      centre_(std::move(centre)),
      translate_([](const Message& message, std::string_view) { return message.id; }),
      log_([](std::string_view) {}),
      server_(server::CentreServices{centre_.store(), centre_.keys(), centre_.zone(), clock_,
                                     random_, translate_, log_}) {}

Result<central::Invitation> SimulatedCentre::invite(const central::NewClinic& clinic) {
    central::EnrolmentService service(centre_.store(), centre_.keys(), clock_, random_);
    return service.add_clinic(clinic);
}

client::Connect SimulatedCentre::way() {
    return [this](const client::HttpsClientOptions& options) {
        return DirectLine::connect(server_.routes(), clock_, options);
    };
}

}  // namespace egret::simulation
