-- What a clinic keeps of the centre's feed beside the facts (registry/store/feed_place.h,
-- installed_file.h). Follows from no log.

-- The newest of each scope, and older ones to go back to. `scope` and `pos` are the bits of whole
-- numbers without a sign.
CREATE TABLE feed_cursor (
    scope INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (scope, pos)
) STRICT, WITHOUT ROWID;

-- Amid a snapshot of that scope: what its next page is asked with.
CREATE TABLE feed_snapshot (
    scope INTEGER PRIMARY KEY,
    next BLOB NOT NULL
) STRICT;

-- What an officer of the centre signed, so that a restored centre can be given it back.
CREATE TABLE officer_signature (
    position INTEGER PRIMARY KEY,
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

-- Protocols, indicators and lists as they came, compressed. The hash covers the row.
CREATE TABLE installed_file (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    content BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (kind, name, version)
) STRICT, WITHOUT ROWID;
