#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"
#include "sync/core/stick_name.h"

#include <cstdint>
#include <optional>
#include <vector>

/// What a machine with a line brings to the centre for others, and back to them.
///
///   POST /v1/relay[?from=N]  body: one upload or one call, as it lies on the stick; signed by the
///                            machine that carries it (request_signature.h)
///     200  the files that belong on the stick now, from the one of number N on: CBOR array of 3:
///          [1, [[path, content]…], N to ask for the next ones with, or 0]
///     403  the machine that carries may not
///     409  the sender is no machine of this centre
///     429  too much of it: later
///
/// Who carries can read nothing of it: what goes up is sealed to the centre, and what comes back to
/// the device whose file it is.
namespace egret::sync {

struct RelayFile {
    StickName name;  // Of those in "down".
    Bytes content;

    friend bool operator==(const RelayFile&, const RelayFile&) = default;
};

struct RelayAnswer {
    std::vector<RelayFile> files;
    std::uint64_t next = 0;  // What to ask for the next files with; 0: these are all.

    friend bool operator==(const RelayAnswer&, const RelayAnswer&) = default;
};

Bytes encode_relay_answer(const RelayAnswer& answer);

/// Errors: unsupported, for a version that we don't know; invalid_input, if it is no such answer,
/// is past limits::relay_files_max, or has a file that doesn't belong in "down".
Result<RelayAnswer> decode_relay_answer(ByteView bytes);

}  // namespace egret::sync
