#pragma once

#include "registry/base/ids.h"
#include "registry/base/progress.h"
#include "registry/base/result.h"
#include "registry/sqlite/database.h"
#include "registry/store/payload_seal.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace egret::store {

enum class LogFaultKind {
    hash_mismatch,       // Header or hash are not what was written.
    gap,                 // Lines before this one are missing.
    bad_header,          // The header can't be read, or the line's columns say otherwise.
    bad_commitment,      // Payload or salt are not what the header commits to.
    head_mismatch,       // The log does not end where it should.
    unreadable_payload,  // The payload is missing.
    bad_ingest,          // When and by what clock it came is not what was written.
    bad_device,          // Whose log it is, is not what was written; seq is 0.
    bad_statement,       // What was said of a fact later is not what was written.
};

std::string_view to_string(LogFaultKind kind);

struct LogFault {
    DeviceId device;
    std::uint64_t seq = 0;
    LogFaultKind kind = LogFaultKind::hash_mismatch;

    friend bool operator==(const LogFault&, const LogFault&) = default;
};

/// Computes every chain of the logs again from its first event, and every commitment: whatever
/// byte of a header, a payload, a salt or a hash was changed, by whatever means, its line is
/// named. So are all lines of an ingest that was changed; the device is nil if it has none. Reads
/// all of the log. So is the device whose id, kind or clinic was changed; it is nil if its row is
/// gone. So is a ruling, a judgement or a note of what is absent that was changed, by the number it
/// is of, or by nil and 0; that one is gone is not seen.
///
/// The lines of a foreign log (foreign_log.h) aren't chained: each is held to itself, and all of
/// them to their sum; where that is wrong, seq is 0. Facts that came unreadable from their device
/// and were kept so are no fault. By device and seq. `seal`: as in EventLog.
std::vector<LogFault> check_logs(sqlite::Database& db, Progress& progress,
                                 PayloadSeal* seal = nullptr);

/// What must hold before all that follows from the logs is thrown away and made anew, whoever
/// starts that: from damaged ones it would come out wrong, and look right.
/// Errors: conflict, if check_logs finds anything.
Result<Done> require_whole_logs(sqlite::Database& db, Progress& progress,
                                PayloadSeal* seal = nullptr);

}  // namespace egret::store
