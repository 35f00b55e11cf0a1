#pragma once

#include "registry/base/result.h"
#include "registry/service/clinic.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace egret::service {

/// One fact of this device's log, as it was recorded.
struct LogLine {
    std::uint64_t seq = 0;
    std::optional<Event> event;           // Nothing, if it can't be read.
    std::optional<store::Ingest> ingest;  // When it came into this registry.
};

struct LogPage {
    std::vector<LogLine> lines;
    std::optional<std::uint64_t> next;  // The number of the first line that was left out.
};

/// At most `limit` facts, from number `from` on.
LogPage read_log(Clinic& clinic, const Caller& caller, std::uint64_t from, std::uint64_t limit);

/// Of one woman.
/// Errors: not_found, if nobody has that id here.
Result<LogPage> read_log_of(Clinic& clinic, const Caller& caller, const WomanId& woman,
                            std::uint64_t from, std::uint64_t limit);

}  // namespace egret::service
