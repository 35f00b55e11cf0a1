-- What clinics are told (sync/core/feed.h), one list for each scope: a clinic's, or an area's. It
-- is written with the facts, and no rebuild changes it.

-- Where the list of a scope ends, and after which place its rows begin: those before are gone, or
-- never were. Both with the feed's hash there. `hash` covers the row (registry/store/row_guard.h).
CREATE TABLE scope_head (
    scope INTEGER PRIMARY KEY,
    pos INTEGER NOT NULL,
    feed_hash BLOB NOT NULL CHECK (length(feed_hash) = 32),
    base_pos INTEGER NOT NULL,
    base_hash BLOB NOT NULL CHECK (length(base_hash) = 32),
    hash BLOB NOT NULL
) STRICT;

-- `position`: the fact in the log that is told; for all else `item`, as a page of one item.
-- is_alone: facts that are judged here stand in no row, since their maker was the only one to read
-- the list.
CREATE TABLE feed (
    scope INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    position INTEGER,
    item BLOB,
    is_alone INTEGER NOT NULL,
    made_ms INTEGER NOT NULL,
    feed_hash BLOB NOT NULL CHECK (length(feed_hash) = 32),
    PRIMARY KEY (scope, pos),
    CHECK ((position IS NULL) <> (item IS NULL))
) STRICT, WITHOUT ROWID;

-- Whose facts a scope is told. until_ms: NULL, as long as what is known of her says so; else the
-- time from which on she is dropped there.
CREATE TABLE scope_member (
    woman_ix INTEGER NOT NULL,
    scope INTEGER NOT NULL,
    until_ms INTEGER,
    PRIMARY KEY (woman_ix, scope)
) STRICT, WITHOUT ROWID;

CREATE INDEX scope_member_by_scope ON scope_member (scope, woman_ix);
CREATE INDEX scope_member_by_until ON scope_member (until_ms) WHERE until_ms IS NOT NULL;

-- Scopes of areas: everybody who lives in one whose code begins so. Guarded, as the next.
CREATE TABLE area_scope (
    scope INTEGER PRIMARY KEY,
    area TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL
) STRICT;

-- Which machines are told of an area, beside the scope of their clinic.
CREATE TABLE device_scope (
    id INTEGER PRIMARY KEY,
    device BLOB NOT NULL CHECK (length(device) = 16),
    scope INTEGER NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (device, scope)
) STRICT;

-- How far each machine said that it is.
CREATE TABLE feed_told (
    device BLOB NOT NULL CHECK (length(device) = 16),
    scope INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (device, scope)
) STRICT, WITHOUT ROWID;

-- Uploads that somebody brought on a stick before the piece that comes before them, as they lay
-- there: sealed, and signed by their device, which is all that is believed of them.
CREATE TABLE spool (
    id INTEGER PRIMARY KEY,
    device BLOB NOT NULL CHECK (length(device) = 16),
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    batch BLOB NOT NULL CHECK (length(batch) = 16),
    at_ms INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    UNIQUE (device, batch)
) STRICT;

CREATE INDEX spool_by_number ON spool (device, first_seq);
