#pragma once

#include "registry/service/clinic.h"
#include "sync/client/detail/stick_mail.h"
#include "sync/client/held_link.h"

#include <cstdint>

namespace egret::client::detail {

/// Takes the snapshots that lie on the stick for this machine into the open registry, page by page;
/// none, if it is further than they are. What is missing or damaged ends it: the next stick brings
/// it again. How many facts of others are new here; what is odd is added to mail.said.
std::uint64_t take_snapshots(const stick::Stick& stick, service::Clinic& clinic,
                             const HeldLink& link, StickMail& mail);

}  // namespace egret::client::detail
