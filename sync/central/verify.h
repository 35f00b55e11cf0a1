#pragma once

#include "registry/base/date.h"
#include "registry/base/progress.h"
#include "registry/sqlite/database.h"
#include "sync/central/store.h"

#include <string>
#include <vector>

namespace egret::central {

/// What is wrong with the file itself: "damaged", "foreign_key", "stale_projections". Quick beside
/// verify(). Empty if nothing is.
std::vector<Fault> check_file(sqlite::Database& db);

/// Holds the whole store to its logs:
/// * every chain and commitment (store::LogFaultKind, with device and number);
/// * every projection to one that is made anew, table by table ("projection_profile", …);
/// * every indicator's sum to a recount by other code, on days past and future
///   ("coverage_hpv1-by-15").
/// Where a log is damaged, the rest is not looked at: it can't be right.
///
/// Works on a copy at `copy_path`, which must not be there and is gone afterwards; others may read
/// and write meanwhile. Slow.
/// Throws SqliteError, if the disk is full or the file can't be read.
std::vector<Fault> verify_store(sqlite::Database& db, const std::string& copy_path, Date today,
                                Progress& progress);

}  // namespace egret::central
