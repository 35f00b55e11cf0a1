#pragma once

#include "registry/base/random.h"
#include "registry/service/clinic.h"

#include <string>

namespace egret::service {

/// A backup: all that a registry needs, in one file, as encrypted as the registry itself. It opens
/// by the PINs of its day with the machine's secret, which is not in it, and by the recovery sheet.
///
///   the registry's file, sealed under keys of its own ‖ registry.keys ‖ length of the first part,
///   of the second (8 bytes each, big-endian) ‖ SHA-256 of all before ‖ "EgrBkp01"
///
/// Writes one of `clinic`, whose folder is `dir`, to the new file `path`, and reads it again from
/// the disk: the copy of the registry passes SQLite's check, and every byte is as it was written.
/// Errors: conflict, if there is something at `path`; those of keys::KeyFile::load. Throws
/// SqliteError or std::system_error if the disk fails or is full; then nothing is left.
Result<Done> write_backup(Clinic& clinic, const std::string& dir, const std::string& path);

/// Puts the registry of a backup into the folder `dir`: whole, or not at all. Nothing is opened:
/// that takes a PIN or the sheet. Errors: not_found, if there is no such file; unsupported, if it
/// is no backup, or not whole; those of RegistryInMaking. Throws as write_backup.
Result<Done> restore_backup(const std::string& path, const std::string& dir, Random& random);

/// Notes in the audit that `clinic`, whose folder is `dir`, came out of a backup, if it is open for
/// the first time since. Costs a look into the folder.
void note_restored(Clinic& clinic, const std::string& dir);

}  // namespace egret::service
