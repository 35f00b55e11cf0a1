#pragma once

#include "registry/service/clinic.h"
#include "registry/store/store_check.h"

#include <string>
#include <string_view>
#include <vector>

namespace egret::client {

/// What is noted of the upload, and can't be right: the next sync has it from the centre.
inline constexpr std::string_view upload_fault = "upload_state";

/// The file link.keys in the registry's folder is damaged, or gone though the clinic has joined: a
/// new code makes it anew.
inline constexpr std::string_view keys_fault = "link_keys";

/// There is something of that name that can't be opened, be it whole or not.
inline constexpr std::string_view keys_blocked_fault = "link_keys_blocked";

/// They are of another registry than the one that they lie beside.
inline constexpr std::string_view other_keys_fault = "link_keys_other";

/// The day that the centre signed is gone, though it has signed one: the next sync brings it again.
inline constexpr std::string_view server_day_fault = "setting_server_day";

/// What is wrong with a clinic's way to its centre, in the registry and beside it in `dir`:
/// upload_fault, keys_fault, keys_blocked_fault, other_keys_fault, server_day_fault.
std::vector<store::StoreFault> check_link(service::Clinic& clinic, const std::string& dir);

}  // namespace egret::client
