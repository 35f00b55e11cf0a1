#include "sync/central/centre_device.h"

namespace egret::central {
namespace {

constexpr auto device_setting = "device";

}  // namespace

DeviceId load_centre_device(CentralStore& store, const CentreKeys& keys) {
    if (const auto kept = store.find_setting(device_setting)) {
        if (const auto id = DeviceId::parse(*kept)) return *id;
    }
    const auto id = keys.centre_device();
    store.save_setting(device_setting, id.to_string());
    return id;
}

void renew_centre_device(CentralStore& store, Random& random) {
    store.save_setting(device_setting, make_random_id<DeviceTag>(random).to_string());
}

}  // namespace egret::central
