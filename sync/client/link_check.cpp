#include "sync/client/link_check.h"

#include "sync/client/upload_store.h"

namespace egret::client {

std::vector<store::StoreFault> check_link(service::Clinic& clinic) {
    std::vector<store::StoreFault> faults;
    if (UploadStore(clinic.database()).load(upload_bounds(clinic)).is_lost)
        faults.push_back({{}, 0, std::string(upload_fault)});
    return faults;
}

}  // namespace egret::client
