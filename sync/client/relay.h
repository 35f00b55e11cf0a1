#pragma once

#include "registry/base/clock.h"
#include "registry/base/message.h"
#include "registry/base/progress.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "sync/client/held_link.h"
#include "sync/client/https_client.h"
#include "sync/stick/stick.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace egret::client {

/// What was carried for others.
struct RelayOutcome {
    std::uint64_t carried = 0;  // Files that the centre took.
    std::uint64_t facts = 0;    // Records in them, by their outsides.
    std::uint64_t brought = 0;  // Files for clinics that are on the stick now.
    std::uint64_t refused = 0;  // Files that the centre doesn't take, whoever brings them.
    std::uint64_t left = 0;     // Files that it wasn't asked about.
    std::vector<Message> why;   // Of those refused, each reason once.
    std::optional<Error> error;
    bool must_stop = false;  // Trying again changes nothing.
};

struct RelayMeans {
    HeldLink& link;  // Of the machine that carries.
    Random& random;
    std::function<Instant()> now;
    Instant trusted_now;  // To which certificates are held.
    std::string url;      // Of the centre; empty: where it was when this machine joined.
};

/// Brings what clinics put on the stick to the centre, and to the stick what is to be carried back
/// to them (sync/core/relay.h). It reads none of it. May be repeated after any failure; what
/// clinics put there stays, until they take it away themselves.
RelayOutcome relay(const stick::Stick& stick, const RelayMeans& means, const Connect& connect,
                   Progress& progress);

}  // namespace egret::client
