#pragma once

#include "registry/keys/key_file.h"
#include "registry/service/users.h"
#include "tests/support/clinic_fixture.h"

#include <filesystem>
#include <optional>
#include <string>

namespace egret::tests {

/// A registry that opens by slots: a lead's, a nurse's, the sheet's and the programme's; and a
/// woman in it.
struct KeyedFixture : ClinicFixture {
    static constexpr std::string_view pin = "482915";
    static constexpr std::string_view nurse_pin = "628413";
    static constexpr crypto::ScryptCost cheap{16, 1, 1};

    KeyedFixture() {
        clinic.reset();
        std::filesystem::create_directory(home());
        const auto id = make_random_id<keys::RegistryTag>(random);
        auto made =
            keys::KeyFile::create(home(), {id, lead, "林护士", new_pin(pin), old_code}, random);
        REQUIRE(made);
        before.emplace(made->key.view());
        REQUIRE(made->file.set_programme(*before, programme.public_key(), random));
        service::NewClinic wanted{"思明", "350203", "林护士"};
        wanted.registry = id;
        auto opened =
            service::Clinic::create(home(), wanted, {keys::DataKey(before->view()), lead}, world());
        REQUIRE(opened);
        clinic = *std::move(opened);
        REQUIRE(service::Users(*clinic, home())
                    .add(clinic->caller(), "陈护士", service::Role::nurse, new_pin(nurse_pin)));
        woman = add();
        clinic.reset();
    }

    std::string home() const { return dir.file("home"); }

    keys::KeyFile::NewPin new_pin(std::string_view text) const {
        return {bytes_of(text), device, cheap};
    }

    Result<keys::DataKey> unlock(const std::string& place, std::size_t user = 0,
                                 std::string_view text = pin) {
        auto file = keys::KeyFile::load(place);
        if (!file) return file.error();
        return file->unlock_with_pin(file->users().at(user).id, bytes_of(text), device,
                                     clock.now());
    }

    Result<std::unique_ptr<service::Clinic>> open(const std::string& place,
                                                  const keys::DataKey& with) {
        return service::Clinic::open(place, {keys::DataKey(with.view()), lead}, world());
    }

    bool opens_with(const std::string& place, const keys::RecoveryCode& code) const {
        return bool(keys::KeyFile::load(place)->unlock_with_recovery(code));
    }

    std::string copy_of_home(const std::string& name) const {
        auto place = dir.file(name);
        std::filesystem::remove_all(place);
        std::filesystem::copy(home(), place, std::filesystem::copy_options::recursive);
        return place;
    }

    UserId lead = make_random_id<UserTag>(random);
    keys::DeviceSecret device = *keys::DeviceSecret::make_file(dir.path(), "device.key", random);
    keys::RecoveryCode old_code = keys::RecoveryCode::make(random);
    crypto::SealKeyPair programme = crypto::SealKeyPair::generate(random);
    std::optional<keys::DataKey> before;  // The registry's key.
    WomanId woman;
};

}  // namespace egret::tests
