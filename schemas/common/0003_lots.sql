-- Lots of vaccine: which of them spoil doses, and which doses were given of them. Follows from the
-- logs, as all projections of 0001_log.sql.

-- What the facts of one facility subject say is substandard (registry/domain/lots.h), by the lot's
-- key, from a day on. Days count from 1970-01-01.
CREATE TABLE spoilt_lot (
    subject_ix INTEGER NOT NULL,
    facility TEXT NOT NULL,
    lot TEXT NOT NULL,
    from_day INTEGER NOT NULL,
    PRIMARY KEY (subject_ix, facility, lot)
) STRICT, WITHOUT ROWID;

CREATE INDEX spoilt_lot_by_place ON spoilt_lot (facility, lot);

-- The completed doses of each canonical woman. `lot` is the lot's key; it and `facility` are "" if
-- they aren't known. `effective` orders the doses of one day.
CREATE TABLE lot_dose (
    woman_ix INTEGER NOT NULL,
    uid BLOB NOT NULL,
    facility TEXT NOT NULL,
    lot TEXT NOT NULL,
    product TEXT NOT NULL,
    day INTEGER NOT NULL,
    effective INTEGER NOT NULL,
    session TEXT,
    PRIMARY KEY (woman_ix, uid)
) STRICT, WITHOUT ROWID;

CREATE INDEX lot_dose_by_place ON lot_dose (facility, lot);
CREATE INDEX lot_dose_by_lot ON lot_dose (lot);
