#pragma once

#include "registry/base/date.h"
#include "registry/base/ids.h"
#include "registry/base/progress.h"
#include "registry/coverage/indicator.h"
#include "registry/sqlite/database.h"
#include "registry/store/payload_seal.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace egret::store {

/// Something in a registry's file that is not what it should be.
struct StoreFault {
    DeviceId device;        // Nil: not of one device's log.
    std::uint64_t seq = 0;  // 0: not of one fact.
    std::string kind;       // "hash_mismatch", "projection_profile", "coverage_hpv1-by-15", …

    friend bool operator==(const StoreFault&, const StoreFault&) = default;
};

inline constexpr std::string_view projection_fault_prefix = "projection_";
inline constexpr std::string_view coverage_fault_prefix = "coverage_";

/// True if the fault lies in what follows from the logs, so that a rebuild mends it.
bool is_mended_by_rebuild(const StoreFault& fault);

struct CheckOptions {
    std::string copy_path;    // Must not be there; gone afterwards.
    Date today;               // Sums are compared on days before and after it.
    bool with_search = true;  // As in ProjectorOptions.
    // Why a floor above sets facts aside (EventLog::quarantine): these reasons are believed.
    std::vector<std::string> refusals{};
    // As in ProjectorOptions.
    std::span<const coverage::Indicator> indicators = coverage::known_indicators();
    PayloadSeal* seal = nullptr;  // As in EventLog.
};

/// What is wrong with the file itself: "damaged", "foreign_key", and "stale_projections" if what
/// follows from the logs is not of all of them, or another program's. Where it is damaged, nothing
/// else is looked at.
std::vector<StoreFault> check_file(sqlite::Database& db, const CheckOptions& options);

/// Holds all that is stored to the logs, and these to themselves:
/// * every chain and commitment (LogFaultKind, with device and number);
/// * every fact that was set aside to its reason ("quarantine", with device and number);
/// * every table that follows from the logs to one that is made anew ("projection_profile", …);
/// * every indicator's sum to a recount by other code, on days past and future
///   ("coverage_hpv1-by-15").
/// Where a log is damaged, the rest is not looked at: it can't be right.
///
/// Works on a copy; others may read and write meanwhile. Slow: as long as a rebuild.
/// Throws SqliteError, if the disk is full or the file can't be read. Damage is an answer and does
/// not throw.
std::vector<StoreFault> check_contents(sqlite::Database& db, const CheckOptions& options,
                                       Progress& progress);

/// Both: the file, and if that can be read, all that is in it.
std::vector<StoreFault> check_store(sqlite::Database& db, const CheckOptions& options,
                                    Progress& progress);

}  // namespace egret::store
