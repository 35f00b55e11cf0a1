#pragma once

#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "sync/central/centre_keys.h"
#include "sync/central/store.h"

namespace egret::central {

/// The device of the centre's own log, which is kept with its settings: at first the one that the
/// key bundle names. A centre that was restored has another one (renew_centre_device): it may have
/// given numbers of its log since its backup, which it forgot. In feeds it speaks in the name of
/// the bundle's device all the same, for that one the programme's root has signed (docs/adr/0028).
DeviceId load_centre_device(CentralStore& store, const CentreKeys& keys);

/// After a restore: from now on the centre's log is another one.
void renew_centre_device(CentralStore& store, Random& random);

}  // namespace egret::central
