-- What a clinic and the centre have in common: the logs of devices, and what follows from them.

-- Without references: one class writes each of these tables, for every fact, and the check of the
-- logs finds more than a reference could.

-- ---- the logs: only ever added to ---------------------------------------------------------------

-- One machine of one clinic, and the end of its log. `clinic` is a facility's code. kind: 0 its whole
-- log is here; 1 only what a feed brought of it is, and its head counts that; 2 a whole log that was
-- chained anew, so that its numbers don't tell what came first (registry/store/event_log.h).
-- name_hash covers these and the id, of which no fact tells.
CREATE TABLE device (
    ix INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind INTEGER NOT NULL,
    clinic TEXT NOT NULL,
    head_seq INTEGER NOT NULL,
    head_hash BLOB NOT NULL CHECK (length(head_hash) = 32),
    name_hash BLOB NOT NULL CHECK (length(name_hash) = 32)
) STRICT;

-- One transaction that added facts: what is known since when, and what is made of the clock of the
-- device that they came from. known_day counts days from 1970-01-01. It falls only where a clinic's
-- day was wrong, and somebody gave the right one. The first fact of it stands at first_position,
-- if it has any; the hash covers the row and the hash before (registry/store/ingest_table.h).
CREATE TABLE ingest (
    id INTEGER PRIMARY KEY,
    received_ms INTEGER NOT NULL,
    known_day INTEGER NOT NULL,
    offset_ms INTEGER NOT NULL,
    ceiling INTEGER NOT NULL,
    first_position INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX ingest_by_known_day ON ingest (known_day);

-- Everybody that a fact names, and each facility that one is about. canonical_ix follows from the
-- live links: the row of the smallest id of all that are hers.
CREATE TABLE woman (
    ix INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    canonical_ix INTEGER NOT NULL
) STRICT;

-- One fact's line in its device's log. uid, type and woman repeat what the header says, and are
-- NULL, 0 and NULL where it can't be read. One uid may stand here twice: a fact that was given a
-- new number keeps it.
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    device_ix INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    uid BLOB,
    type INTEGER NOT NULL,
    woman_ix INTEGER,
    ingest INTEGER NOT NULL,
    header BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (device_ix, seq)
) STRICT;

CREATE INDEX event_by_uid ON event (uid);
CREATE INDEX event_by_woman ON event (woman_ix);

-- Apart from the header, so that it can be erased while the chain of headers still holds.
CREATE TABLE payload (
    position INTEGER PRIMARY KEY,
    salt BLOB NOT NULL,
    payload BLOB NOT NULL
) STRICT;

-- Facts that are kept and passed on, but have no effect.
CREATE TABLE quarantine (
    position INTEGER PRIMARY KEY,
    reason TEXT NOT NULL
) STRICT;

-- ---- what was said of facts later (registry/store/statements.h) ----------------------------------

-- From that ingest on the facts with that uid have no effect (holds = 0), or have it after all. Of
-- several the last holds. In these tables `mark` covers the row.
CREATE TABLE ruling (
    uid BLOB NOT NULL CHECK (length(uid) = 16),
    ingest INTEGER NOT NULL,
    holds INTEGER NOT NULL CHECK (holds IN (0, 1)),
    reason TEXT NOT NULL,
    mark INTEGER NOT NULL,
    PRIMARY KEY (uid, ingest)
) STRICT, WITHOUT ROWID;

-- From that ingest on the clock behind that number of the device's log is judged so, and not as at
-- the ingest with which it came. order_device: whose name breaks a tie of time; NULL: its own.
CREATE TABLE judgement (
    device_ix INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    ingest INTEGER NOT NULL,
    offset_ms INTEGER NOT NULL,
    ceiling INTEGER NOT NULL,
    order_device BLOB CHECK (length(order_device) = 16),
    mark INTEGER NOT NULL,
    PRIMARY KEY (device_ix, seq, ingest)
) STRICT, WITHOUT ROWID;

-- Why a payload that was here is not any more: 'dropped' or 'erased'.
CREATE TABLE absent (
    position INTEGER PRIMARY KEY,
    reason TEXT NOT NULL,
    ingest INTEGER NOT NULL,
    mark INTEGER NOT NULL
) STRICT;

-- What women who were erased had changed in the figures (registry/store/erased_deltas.h): nothing else
-- tells of that any more, and whoever makes the deltas anew adds these. It names nobody. Empty at a
-- clinic. `mark` covers the row.
CREATE TABLE erased_delta (
    id INTEGER PRIMARY KEY,
    ingest INTEGER NOT NULL,
    indicator TEXT NOT NULL,
    version TEXT NOT NULL,
    part INTEGER NOT NULL,
    area TEXT NOT NULL,
    facility TEXT NOT NULL,
    birth_month INTEGER NOT NULL,
    day INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    mark INTEGER NOT NULL
) STRICT;

-- ---- what follows from the logs: may be dropped and made again ----------------------------------

-- Which program and which indicators made these tables, and up to which position.
CREATE TABLE projection (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    code_version INTEGER NOT NULL,
    indicators TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;

-- Pairs that a link or unlink has ever named, both ways round, whether it holds or not.
CREATE TABLE link_pair (
    a_ix INTEGER NOT NULL,
    b_ix INTEGER NOT NULL,
    PRIMARY KEY (a_ix, b_ix)
) STRICT, WITHOUT ROWID;

-- One row for each canonical woman, for lists. Days count from 1970-01-01.
CREATE TABLE profile (
    woman_ix INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    birth_date TEXT,
    sex TEXT,
    area TEXT NOT NULL,
    facility TEXT NOT NULL,
    registered_on INTEGER,
    died_on INTEGER,
    fact_count INTEGER NOT NULL
) STRICT;

-- denominator_ix: the first indicator with the same population. Its denominator is this one's, too,
-- and is kept there alone.
CREATE TABLE indicator_key (
    ix INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    denominator_ix INTEGER NOT NULL,
    UNIQUE (id, version)
) STRICT;

CREATE TABLE area_key (
    ix INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE facility_key (
    ix INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE
) STRICT;

-- What each canonical woman adds to each indicator now (registry/coverage/delta.h).
CREATE TABLE contribution (
    woman_ix INTEGER NOT NULL,
    indicator_ix INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (woman_ix, indicator_ix)
) STRICT, WITHOUT ROWID;

-- Every change of a contribution. What is taken back is taken back by an opposite row.
CREATE TABLE delta (
    id INTEGER PRIMARY KEY,
    ingest INTEGER NOT NULL,
    indicator_ix INTEGER NOT NULL,
    part INTEGER NOT NULL,
    area_ix INTEGER NOT NULL,
    facility_ix INTEGER NOT NULL,
    birth_month INTEGER NOT NULL,
    day INTEGER NOT NULL,
    amount INTEGER NOT NULL
) STRICT;

-- ---- nothing of it is changed by mistake --------------------------------------------------------

-- Holds its row only inside the transaction of a rebuild.
CREATE TABLE rebuilding (
    one INTEGER PRIMARY KEY CHECK (one = 1)
) STRICT;

-- Holds its row only inside a transaction that gives lines of a log other numbers.
CREATE TABLE rechaining (
    one INTEGER PRIMARY KEY CHECK (one = 1)
) STRICT;

CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
WHEN NOT EXISTS (SELECT 1 FROM rechaining) BEGIN
    SELECT RAISE(ABORT, 'an event is never changed');
END;

CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event BEGIN
    SELECT RAISE(ABORT, 'an event is never deleted');
END;

CREATE TRIGGER payload_is_not_changed BEFORE UPDATE ON payload BEGIN
    SELECT RAISE(ABORT, 'a payload is never changed');
END;

CREATE TRIGGER erased_delta_is_not_changed BEFORE UPDATE ON erased_delta BEGIN
    SELECT RAISE(ABORT, 'what an erased woman had changed is never changed');
END;

CREATE TRIGGER erased_delta_is_not_deleted BEFORE DELETE ON erased_delta BEGIN
    SELECT RAISE(ABORT, 'what an erased woman had changed is never deleted');
END;

CREATE TRIGGER ingest_is_not_changed BEFORE UPDATE ON ingest BEGIN
    SELECT RAISE(ABORT, 'an ingest is never changed');
END;

CREATE TRIGGER ingest_is_not_deleted BEFORE DELETE ON ingest BEGIN
    SELECT RAISE(ABORT, 'an ingest is never deleted');
END;

CREATE TRIGGER delta_is_not_changed BEFORE UPDATE ON delta BEGIN
    SELECT RAISE(ABORT, 'a delta is never changed');
END;

CREATE TRIGGER delta_is_not_deleted BEFORE DELETE ON delta
WHEN NOT EXISTS (SELECT 1 FROM rebuilding) BEGIN
    SELECT RAISE(ABORT, 'a delta is never deleted');
END;
