#include "cli/programme_slot.h"

#include "registry/keys/key_file.h"

namespace egret::cli {

Result<Done> keep_programme_slot(const Command& command, service::Clinic& clinic,
                                 const std::string& dir, client::ClinicLink& link) {
    const auto bundle = link.bundle();
    if (!bundle) return bundle.error();
    if (!*bundle) return Done{};
    auto file = keys::KeyFile::load(dir);
    if (!file) return std::move(file).error();
    const auto& programme = (*bundle)->recovery_key;
    if (file->programme() == programme) return Done{};
    return file->set_programme(clinic.key(), programme, command.machine.random);
}

}  // namespace egret::cli
