#pragma once

#include <cstddef>
#include <cstdint>

/// The bounds of what a clinic and its centre say to each other beside facts, each with its reason.
namespace egret::limits {

// A programme changes its seal key every 90 days and draws a year ahead; three years of an old one
// are in no bundle.
inline constexpr std::size_t seal_keys_max = 8;
// The present one and two before it: what a stick brings may be a year old.
inline constexpr std::size_t receipt_keys_max = 3;

// A clinic follows its own scope, a district, and seldom more.
inline constexpr std::size_t feed_scopes_max = 64;
// One page of a feed: as many facts as the largest batch. The largest page is the largest batch.
inline constexpr std::size_t feed_items_max = 4000;
inline constexpr std::size_t feed_devices_max = feed_items_max;
// A page's ask for the next page of a snapshot.
inline constexpr std::size_t feed_next_bytes_max = 64;
// Protocols, indicators and lists, compressed; the largest protocol there is has 60 KiB plain.
inline constexpr std::size_t feed_file_bytes_max = 768 * 1024;
// Kinds and names of files, roles, reasons, versions of programs: words that programs wrote.
inline constexpr std::size_t wire_word_bytes_max = 64;

// Positions that a device can go back to after the centre was restored.
inline constexpr std::size_t cursor_trail_max = 20;

// Bytes that a sealed batch may have. The first takes a poor line, of 32 kbit/s, eight seconds.
inline constexpr std::size_t batch_bytes_least = 256;  // Less than one fact: that one goes alone.
inline constexpr std::size_t batch_bytes_first = 32 * 1024;
inline constexpr std::size_t batch_bytes_most = 512 * 1024;
// So long a batch may take: on a line that breaks each minute most of them arrive.
inline constexpr std::int64_t batch_ms_most = 15'000;

// Files of one answer to a relay: a call's are asked for in pieces of about a megabyte.
inline constexpr std::size_t relay_files_max = 64;
// Pages that a stick takes for one machine: of a snapshot some 3,000 facts each.
inline constexpr std::size_t stick_pages_max = 1024;

// Numbers on the wire stay below 2^63: SQLite and JSON have a sign.
inline constexpr std::uint64_t wire_number_max = 0x7fff'ffff'ffff'ffff;

}  // namespace egret::limits
