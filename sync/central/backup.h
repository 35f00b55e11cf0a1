#pragma once

#include "registry/base/clock.h"
#include "registry/base/progress.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "sync/central/centre.h"

#include <cstdint>
#include <string>
#include <vector>

/// A centre's backup: all that it needs to go on elsewhere, in one file, as encrypted as the centre
/// itself (registry/store/backup_file.h, mark "EgrCbk01"):
///
///   centre.db, sealed under keys of its own ‖ centre.keys ‖ keys/: an array of [name, content] in
///   CBOR ‖ the lengths of the three ‖ SHA-256 ‖ mark
///
/// It opens by the secret of the machine of its day, which is not in it, and by the recovery sheet
/// of its day. root.key and recovery.key are never in it: they belong into a safe.
///
/// Beside it, in a file of its own with the mark "EgrCwk01", are the keys of the women
/// (woman_keys.h), without which it tells nothing of any: a copy of keys.db. Those of a later
/// backup open it, too, but for who was erased meanwhile; so a backup may be kept for years, and
/// keys for thirty days at most.
namespace egret::central {

/// So many clinic codes and scopes are given to nobody after a restore: those that the centre gave
/// since its backup was written are among them.
inline constexpr std::uint64_t codes_skipped = 1000;
/// So many numbers of key bundles are skipped, too: a programme signs one a year.
inline constexpr std::uint64_t bundles_skipped = 100;

/// Where the keys of a backup are, unless somebody says otherwise: "FILE.keys".
std::string keys_beside(const std::string& path);

/// Writes one of `centre` as it is now to the new file `path`, and its keys beside it, reads both
/// again from the disk, and notes it. Works while others work on the centre.
/// Errors: conflict, if there is something at either; those of keys::MachineKeyFile::load. Throws
/// SqliteError or std::system_error if the disk fails or is full; then nothing is left.
Result<Backup> write_backup(Centre& centre, const std::string& path, Instant now, Random& random);

/// What came of the trial of a backup.
struct Drill {
    Backup backup;              // Noted as verified, if nothing was found.
    std::vector<Fault> faults;  // "backup_head": the log isn't the beginning of the centre's own.
    std::uint64_t machines = 0;
    std::uint64_t facts = 0;
};

/// A backup, and the keys of the women that are in it.
struct BackupPlace {
    std::string path;
    std::string keys_path;
};

/// Restores the backup at `place` into a folder beside the centre's, which goes away again, checks
/// all that is in it, and holds each log to the centre's own. If all is right, it is noted that
/// what is in it is safe; `kept` says where it is, for people. Slow, and needs room for two more
/// copies. Errors: unsupported, if it is another centre's; those of store::BackupFile::open,
/// keys::MachineKeyFile::load and Centre::check. Throws if the disk fails or is full.
Result<Drill> try_backup(Centre& centre, const BackupPlace& place, const std::string& kept,
                         Instant now, Random& random, Progress& progress);

/// Puts the centre of a backup into the folder `dir`: whole, or not at all. Nothing is opened: that
/// takes the machine's secret or the sheet; Centre::open then skips codes_skipped and
/// bundles_skipped, ends all codes for joining, and begins another log of the centre's own.
/// Errors: conflict, if there is something at `dir`; those of store::BackupFile::open and
/// keys::MachineKeyFile::load. Throws as write_backup.
Result<Done> restore_backup(const BackupPlace& place, const std::string& dir);

/// In a folder that was restored, until it is opened.
inline constexpr const char* restored_mark = "centre.restored";

}  // namespace egret::central
