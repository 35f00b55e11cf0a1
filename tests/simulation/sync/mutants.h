#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace egret::sync_world {

/// A wrong decision in the place of a right one, to see that it is found. The functions that they
/// stand for are wrapped when this program is linked (CMakeLists.txt): the product knows nothing of
/// that.
enum class Mutant : std::uint8_t {
    none,
    dedupe_by_number,     // decide_upload: what has a number that is here is here.
    no_uid_dedupe,        // dedupe_events: what stands under two numbers counts twice.
    trust_ack,            // is_ours: whatever the centre has is ours.
    ack_never_sinks,      // adopt_standing: a centre that was restored is believed to have all.
    mark_all_sent,        // adopt_standing: what was sent has come.
    no_fork_repair,       // plan_repair: what the centre has is not taken over.
    numeric_cursor,       // is_rewound: a number alone tells where one is in a feed.
    prune_at_ack,         // Clinic::receive: what the centre has is safe.
    cursor_before_items,  // Clinic::receive: the place is saved, then what lies before it.
    reuse_old_judgement,  // Clinic::receive: what the centre makes of clocks is passed over.
    refusals_unheard,     // Clinic::receive: and what it refuses.
    drops_unheard,        // Clinic::receive: and whom it drops.
    foreign_void_heeded,  // is_heeded: anybody takes anything back.
    block_on_bad_fact,    // judge: one bad fact stops all.
    take_bad_fact,        // judge: a bad fact is as good as any.
    ack_before_sync,      // SqliteStore::open: the centre answers before its disk has it.
};

struct NamedMutant {
    Mutant mutant;
    std::string_view name;
    std::uint64_t seeds_max;  // Within so many it must be found.
};

std::span<const NamedMutant> all_mutants() noexcept;

/// From now on, in this process.
void set_mutant(Mutant mutant) noexcept;

/// The wrapped functions, and how often each was called so far.
struct WrapCount {
    std::string_view name;
    std::uint64_t calls = 0;
};

std::span<const WrapCount> wrap_counts() noexcept;

}  // namespace egret::sync_world
