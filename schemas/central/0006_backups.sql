-- The backups that were written of this centre (sync/central/backup.h), and which of them were tried:
-- what stands in one that was restored, checked and compared is safe, whatever becomes of this file.
-- file_hash: the sum at its end. kept: where it is, in the words of who tried it. The hash covers
-- the row (registry/store/row_guard.h).
CREATE TABLE backup (
    number INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    file_hash BLOB NOT NULL UNIQUE CHECK (length(file_hash) = 32),
    verified_ms INTEGER,
    kept TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- How far each machine's log went in it. log_hash: that of its last entry there. Guarded, too.
CREATE TABLE backup_head (
    id INTEGER PRIMARY KEY,
    backup INTEGER NOT NULL REFERENCES backup (number),
    device BLOB NOT NULL CHECK (length(device) = 16),
    seq INTEGER NOT NULL,
    log_hash BLOB NOT NULL CHECK (length(log_hash) = 32),
    hash BLOB NOT NULL,
    UNIQUE (device, backup)
) STRICT;
