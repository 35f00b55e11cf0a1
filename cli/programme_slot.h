#pragma once

#include "cli/context.h"
#include "sync/client/clinic_link.h"

#include <string>

namespace egret::cli {

/// Lets the programme that this clinic has joined open a copy of its registry.keys, by the recovery
/// key of the key bundle. Does nothing where it can already, or there is no programme.
/// Errors: those of client::ClinicLink::bundle and keys::KeyFile.
Result<Done> keep_programme_slot(const Command& command, service::Clinic& clinic,
                                 const std::string& dir, client::ClinicLink& link);

}  // namespace egret::cli
