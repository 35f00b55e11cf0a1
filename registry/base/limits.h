#pragma once

#include <cstddef>
#include <cstdint>

/// Every bound of the program, in one place, each with its reason.
namespace egret::limits {

// One fact: a colposcopy with a long note is below 2 KiB.
inline constexpr std::size_t payload_bytes_max = 16 * 1024;
inline constexpr std::size_t text_bytes_max = 2000;  // One text member (a note, an address).
inline constexpr std::size_t name_bytes_max = 200;
inline constexpr std::size_t list_items_max = 64;  // Members of one list (types, phones, names).
inline constexpr std::size_t supersedes_max = 64;
inline constexpr std::size_t header_bytes_max = 4096;  // Three times what 64 of them take.

// Strict CBOR and JSON: far above what a fact needs, far below what hurts a parser.
inline constexpr std::size_t nesting_max = 8;
inline constexpr std::size_t json_nesting_max = 64;
inline constexpr std::size_t json_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t json_nodes_max = 200'000;

// One line of a person file: a life with hundreds of events.
inline constexpr std::size_t person_line_bytes_max = 1024 * 1024;

// One batch, sealed and opened. 512 KiB sealed holds about 4,000 facts.
inline constexpr std::size_t batch_facts_max = 4000;
inline constexpr std::size_t batch_sealed_bytes_max = 1024 * 1024;
inline constexpr std::size_t batch_open_bytes_max = 4 * 1024 * 1024;
// A first batch on an unknown line; later ones follow what the line carries.
inline constexpr std::size_t batch_facts_first = 200;

// HTTP: what is read before anybody is known.
inline constexpr std::size_t http_body_bytes_max = batch_sealed_bytes_max + 4096;
inline constexpr int http_header_fields_max = 50;
inline constexpr int http_threads_max = 64;
inline constexpr int http_queue_max = 256;
// A clinic needs one or two, a town behind one address a few; and one address can't take all
// threads.
inline constexpr int http_connections_per_address_max = 16;
inline constexpr int http_timeout_ms = 5000;  // Poco doubles it: ten seconds for a read.
inline constexpr int http_keep_alive_ms = 5000;
inline constexpr int http_request_deadline_ms = 60'000;  // Plus 1 s for each KiB of body.
inline constexpr int http_response_bytes_max = 64 * 1024 * 1024;

// Enrolment codes.
inline constexpr int enrolment_tries_max = 5;
inline constexpr std::int64_t enrolment_valid_ms = 72LL * 3600 * 1000;

// A clock that is further off than this from the centre's marks its facts (never refuses them).
inline constexpr std::int64_t clock_suspect_ms = 5LL * 60 * 1000;

// A clock that shows a day so much later than the last known one (of the build, of the centre, of
// a record) may have jumped: she is asked once which day it is. A clinic records weekly at least,
// and is closed for New Year or a summer for less than five weeks; the clocks that are wrong in the
// field are off by months or years, by a dead battery or a mistyped year.
inline constexpr int clock_jump_days = 35;

// Search.
inline constexpr std::size_t search_rows_max = 50;
inline constexpr std::size_t search_text_bytes_max = 200;

// Clinical dates: nobody in care was born earlier.
inline constexpr int year_min = 1900;
inline constexpr int year_max = 2200;

}  // namespace egret::limits
