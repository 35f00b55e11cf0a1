#pragma once

#include "registry/store/store_check.h"
#include "sync/central/store.h"

#include <vector>

namespace egret::central {

/// What store::check_store finds in the centre's file; and if that is nothing, what the tables of
/// batches and devices say that the logs don't: "upload", "enrolled_device", and with the device
/// "device_keys"; and clinics that aren't as they were noted: "clinic_C001".
std::vector<Fault> check_centre(sqlite::Database& db, const store::CheckOptions& options,
                                Progress& progress);

}  // namespace egret::central
