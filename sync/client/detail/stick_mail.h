#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/files/disk.h"
#include "sync/client/held_link.h"
#include "sync/client/inbox_folder.h"
#include "sync/client/outbox_folder.h"
#include "sync/core/receipt.h"
#include "sync/stick/stick.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret::client::detail {

/// What a stick brought this machine, checked.
struct StickMail {
    bool is_any = false;  // Something on it is for this machine.
    /// The centre's last word, and no older than what this machine heard itself.
    std::optional<sync::Receipt> receipt;
    std::uint64_t items = 0;    // Of feeds, put into the inbox unopened.
    bool has_snapshot = false;  // Pages of one lie there, for an open registry.
    bool is_restored = false;   // The centre's feeds end before what is known of them here.
    std::vector<Message> said;  // What is odd, and what she can do about it.
    std::optional<Error> error;

    std::optional<sync::UploadCode> code() const;
    const sync::ReplyNews* news() const;
};

/// Takes a newer key bundle over, reads the receipt, and puts the pages of feeds that go on from
/// what is here into the inbox. `heard_ms`: the latest time of the centre's that is known here.
/// Nothing on the stick is changed. Throws std::system_error if this machine's disk fails or is
/// full.
StickMail take_mail(const stick::Stick& stick, HeldLink& link, files::Disk& disk,
                    std::int64_t heard_ms);

/// What is said, and done, of a receipt that speaks of more than how far the centre is.
/// Nothing, if all is well.
std::optional<Error> trouble_in(const StickMail& mail, const HeldLink& link,
                                std::vector<Message>& said);

/// What this machine has for the centre.
struct StickLoad {
    std::uint64_t acked_seq = 0;  // As far as is known here.
    std::uint64_t top_seq = 0;    // Its newest fact.
    Instant now;                  // For which the seal key is chosen.
};

struct LoadedStick {
    std::uint64_t facts = 0;    // After acked_seq, that are on the stick now.
    std::uint64_t damaged = 0;  // Files of the outbox that could not be used.
    std::optional<Error> error;
};

/// Puts the outbox and a call on the stick, and takes away what it held of this machine's before.
LoadedStick load_stick(const stick::Stick& stick, HeldLink& link, files::Disk& disk,
                       const StickLoad& load, Random& random);

}  // namespace egret::client::detail
