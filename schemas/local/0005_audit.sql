-- Who looked at, searched for and changed which woman (registry/audit/). Follows from no log.

-- One entry a line, as bytes (registry/audit/entry.h), chained by hashes (registry/audit/trail.h):
-- the chain is the proof. The triggers only keep mistakes off.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    entry BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- How far it is, moved along by each entry: so that a tail that was cut off is missed.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    entries INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit is never changed');
END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'an entry of the audit is never deleted');
END;

CREATE TRIGGER audit_head_is_not_deleted BEFORE DELETE ON audit_head BEGIN
    SELECT RAISE(ABORT, 'the head of the audit is never deleted');
END;
