-- What only the centre has: whom it knows, and what each batch told of its device. The logs and
-- all that follows from them are in common/0001_log.sql.

-- The hash covers name and value (registry/store/settings.h).
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- In the tables from here on the hash covers the row (registry/store/row_guard.h).

-- `code` is the clinic's facility code; `scope` stands for it in the headers of facts. Neither is
-- ever given twice.
CREATE TABLE clinic (
    code TEXT PRIMARY KEY,
    scope INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    area TEXT NOT NULL,
    added_ms INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A machine or a code of a clinic whose row was lost must still be shut out: neither refers to it.
-- Codes that let one device in. The locator is the part of the secret by which the row is found,
-- and tries are counted whether the rest was right or not.
CREATE TABLE enrolment_code (
    locator TEXT PRIMARY KEY,
    secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
    clinic TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    tries_left INTEGER NOT NULL,
    used_by BLOB CHECK (length(used_by) = 16),
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The keys of a device, and how it stood when it was last heard of. Its log's end is in `device`.
-- card_key: x and y of the P-256 key with which it signs vaccination cards; null if it doesn't.
-- forked_ms: when it first sent other facts under numbers that were here already.
-- bundle_number: of the key bundle that it last said it has; 0, if it never said it.
-- next_…: the keys that it asked for when it renewed its certificate. Both work, until the first
-- request that is signed by the new one.
CREATE TABLE enrolled_device (
    id BLOB PRIMARY KEY REFERENCES device (id),
    clinic TEXT NOT NULL,
    key_epoch INTEGER NOT NULL,
    sign_key BLOB NOT NULL CHECK (length(sign_key) = 32),
    seal_key BLOB NOT NULL CHECK (length(seal_key) = 32),
    tls_key_hash BLOB NOT NULL CHECK (length(tls_key_hash) = 32),
    card_key BLOB CHECK (length(card_key) = 64),
    enrolled_ms INTEGER NOT NULL,
    revoked_ms INTEGER,
    forked_ms INTEGER,
    seen_ms INTEGER,
    top_seq INTEGER NOT NULL,
    app_version TEXT NOT NULL,
    clock_offset_ms INTEGER NOT NULL,
    bundle_number INTEGER NOT NULL,
    next_epoch INTEGER,
    next_sign_key BLOB CHECK (length(next_sign_key) = 32),
    next_seal_key BLOB CHECK (length(next_seal_key) = 32),
    next_tls_key_hash BLOB CHECK (length(next_tls_key_hash) = 32),
    next_card_key BLOB CHECK (length(next_card_key) = 64),
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX enrolled_device_by_clinic ON enrolled_device (clinic);

-- Each batch that added facts: whose, which, and what its clock was worth. `newer` of its facts
-- are of a kind that this program didn't know, `refused` of them are in quarantine.
CREATE TABLE upload (
    ingest INTEGER PRIMARY KEY REFERENCES ingest,
    device BLOB NOT NULL REFERENCES enrolled_device (id),
    batch_id BLOB NOT NULL CHECK (length(batch_id) = 16),
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    clock_offset_ms INTEGER NOT NULL,
    clock_suspect INTEGER NOT NULL,
    newer INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE INDEX upload_by_device ON upload (device);
