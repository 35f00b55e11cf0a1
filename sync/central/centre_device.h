#pragma once

#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"

namespace egret::central {

/// The centre's own device, in whose name it sends feeds: as it is kept with its settings. Where
/// nothing is kept it is that of the key bundle, and of a centre that an older program made a new
/// one; from then on it is kept.
DeviceId load_centre_device(CentralStore& store, const CentreKeys& keys, Random& random);

/// Another one from now on, of a centre that came out of a backup: what the one before said since
/// then stands under its numbers at clinics.
void renew_centre_device(CentralStore& store, Random& random);

}  // namespace egret::central
