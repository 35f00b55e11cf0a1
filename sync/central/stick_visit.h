#pragma once

#include "sync/central/courier.h"
#include "sync/stick/stick.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret::central {

/// What a stick brought of one machine.
struct BroughtMachine {
    DeviceId device;
    std::string clinic;       // Empty: the centre doesn't know it.
    std::uint64_t added = 0;  // Facts that are new here.
    std::size_t uploads = 0;  // Files that were taken in, be they new or not.
    bool has_called = false;
    bool has_asked_in_vain = false;  // Its call is sealed to a key that isn't here any more.
    std::size_t waiting = 0;         // Files that wait for a piece before them.
    std::uint64_t missing_from = 0;  // The first number of that piece; 0: none is missing.
    std::size_t without_room = 0;    // Files that would have to wait, and for which there is none.
    std::vector<Message> refused;    // Why files were not taken, each reason once.
    sync::UploadCode code = sync::UploadCode::applied;  // The gravest that it was told.
    std::size_t answers = 0;                            // Files that were written for it.
};

struct StickVisit {
    std::vector<BroughtMachine> machines;  // By clinic, then device.
    std::size_t damaged = 0;               // Files that are no whole envelopes.
    std::optional<Error> error;            // Why not all answers are on the stick.

    bool is_empty() const noexcept { return machines.empty() && damaged == 0; }
};

/// Takes in what clinics put on the stick `from`, and writes the answers for them to `to`, if there
/// is one: receipts, what others recorded, and the key bundle. What answered them before is
/// replaced. Nothing else on either is changed, and it may be done as often as one likes.
/// Throws as the store does.
StickVisit visit(const stick::Stick& from, const stick::Stick* to, Courier& courier);

}  // namespace egret::central
