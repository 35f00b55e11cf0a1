-- What is done at the centre itself, by its own people (sync/central/desk.h). `hash` covers the row
-- (registry/store/row_guard.h).

-- Who works here, numbered from 1: no row is ever taken out, so that one that is lost is seen.
-- removed_ms: since when she doesn't any more; her name may then be another's.
CREATE TABLE centre_user (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    added_ms INTEGER NOT NULL,
    removed_ms INTEGER,
    hash BLOB NOT NULL
) STRICT;

-- One act of one of them, and the ingest that it began: what an upload is for a machine's batch.
-- first_seq, last_seq: the facts that it added to the log of the centre's device; 0 and 0, if none.
-- uid, holds: the fact on whose effect it ruled; NULL, if on none.
CREATE TABLE desk_act (
    ingest INTEGER PRIMARY KEY REFERENCES ingest,
    number INTEGER NOT NULL,
    act TEXT NOT NULL,
    because TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    uid BLOB CHECK (length(uid) = 16),
    holds INTEGER,
    hash BLOB NOT NULL
) STRICT;

CREATE INDEX desk_act_by_uid ON desk_act (uid);
