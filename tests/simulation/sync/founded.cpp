#include "tests/simulation/sync/founded.h"

#include "registry/service/clinic.h"
#include "sync/central/enrolment_service.h"
#include "sync/client/clinic_link.h"
#include "tests/simulation/sync/line.h"
#include "tests/support/temp_dir.h"

namespace egret::sync_world {
namespace {

/// An empty file for a centre.
tests::CrashDisk::Files centre_file() {
    tests::SimDisk disk(0);
    central::StoreOptions options;
    options.vfs_name = disk.vfs_name();
    options.base_vfs = disk.vfs_name();
    options.is_exclusive = true;
    EGRET_ENSURE(central::SqliteStore::create(SimCentre::path, options));
    return disk.files();
}

/// The centre while clinics are let in, over a line on which nothing is lost.
struct Registration {
    explicit Registration(const central::CentreKeys& keys)
        : centre(world, keys, centre_file(), 0),
          service(centre.store(), keys, queue, random),
          line(world, centre, perfect, 0) {}

    FoundedClinic found(std::size_t number) {
        FoundedClinic founded;
        const auto name = "诊所" + std::to_string(number + 1);
        const auto invited = service.add_clinic({name, "350203"});
        EGRET_ENSURE(invited);
        founded.code = invited->clinic.code;
        founded.user = make_random_id<UserTag>(random);
        founded.key = random.bytes<32>();
        founded.link_key = random.bytes<32>();
        tests::SimDisk own(number);
        service::World all{queue, random};
        all.base_vfs = own.vfs_name();
        all.disk = &own;
        all.seal_chance = &random;
        {
            auto made = service::Clinic::create(
                home, {name, "350203", "林护士"},
                {keys::DataKey(founded.key), founded.user, crypto::Secret(founded.link_key)}, all);
            EGRET_ENSURE(made);
            client::ClinicLink link(**made, home, line.way((*made)->device()));
            NoProgress quiet;
            EGRET_ENSURE(link.enrol("https://centre:8443", invited->code, quiet));
            founded.device = (*made)->device();
        }
        founded.image = own.files();
        return founded;
    }

    EventQueue queue{first_instant()};
    Trace trace;
    Findings findings;
    SeededRandom random{2026};
    LineRates perfect;
    Surroundings world{queue, trace, findings, coverage::known_indicators()};
    SimCentre centre;
    central::EnrolmentService service;
    SimLine line;
};

}  // namespace

Instant first_instant() { return instant_from_unix_ms(1'777'608'000'000); }

Founded found_all() {
    Founded all;
    const tests::TempDir folder;
    SeededRandom random(2025);
    const auto place = folder.file("keys");
    const keys::DataKey key(random.bytes<32>());
    EGRET_ENSURE(
        central::CentreKeys::create({place, place, key}, "Programme", first_instant(), random));
    auto keys = central::CentreKeys::load(place, key);
    EGRET_ENSURE(keys);
    all.keys = std::make_unique<central::CentreKeys>(*std::move(keys));
    Registration registration(*all.keys);
    for (std::size_t i = 0; i < clinics_max; ++i) all.clinics.push_back(registration.found(i));
    all.centre = registration.centre.image();
    EGRET_ENSURE(registration.findings.all().empty());
    return all;
}

}  // namespace egret::sync_world
