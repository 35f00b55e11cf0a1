#include "sync/client/link_check.h"

#include "sync/client/link_keys.h"
#include "sync/client/upload_store.h"

namespace egret::client {

std::vector<store::StoreFault> check_link(service::Clinic& clinic, const std::string& dir) {
    std::vector<store::StoreFault> faults;
    const auto uploads = UploadStore(clinic.database()).load(upload_bounds(clinic));
    if (uploads.is_lost) faults.push_back({{}, 0, std::string(upload_fault)});
    // The day is saved with each time that the centre says.
    if (uploads.server_time_ms > 0 && !clinic.server_day() && clinic.settings().damaged().empty())
        faults.push_back({{}, 0, std::string(server_day_fault)});
    const auto keys = LinkKeys::load(dir, clinic.link_key(), clinic.disk());
    const bool is_gone = keys && !*keys && clinic.settings().find_centre_url();
    const bool is_blocked = !keys && keys.error().code == ErrorCode::unavailable;
    if (is_blocked) faults.push_back({{}, 0, std::string(keys_blocked_fault)});
    // Who opened the registry with its recovery sheet has no key for them.
    const bool is_locked = !keys && keys.error().code == ErrorCode::locked;
    if ((!keys && !is_blocked && !is_locked) || is_gone)
        faults.push_back({{}, 0, std::string(keys_fault)});
    if (keys && *keys && !(*keys)->belong_to(clinic.device()))
        faults.push_back({{}, 0, std::string(other_keys_fault)});
    return faults;
}

}  // namespace egret::client
