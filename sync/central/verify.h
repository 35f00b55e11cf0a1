#pragma once

#include "registry/store/store_check.h"
#include "sync/central/store.h"

#include <vector>

namespace egret::central {

/// True if what clinics are told isn't what was written, or who is told of an area.
bool has_damaged_feeds(sqlite::Database& db);

/// True if what a batch told of itself doesn't agree with the facts that it added, or with how many
/// of them were refused: a rebuild would take that for granted.
bool has_odd_uploads(sqlite::Database& db);

/// What store::check_store finds in the centre's file; and if the logs are right, what is wrong
/// with the tables of which no log tells: rows of batches, codes, forks and, with the device, of
/// machines that aren't as they were noted ("upload", "enrolment_code", "fork", "enrolled_device"),
/// what clinics are told ("feed"), batches and machines of which nothing is noted any more
/// ("upload", "lost_device"), clinics that are gone or aren't as they were noted ("clinic_C001"),
/// and notes of backups ("backup").
std::vector<Fault> check_centre(sqlite::Database& db, const store::CheckOptions& options,
                                Progress& progress);

}  // namespace egret::central
