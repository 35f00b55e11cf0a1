-- Which machines sent other facts under numbers that were here already, and when. head_seq: how far
-- the centre had the machine's log then; saying the same again makes no second row. The hash covers
-- the row (registry/store/row_guard.h).
CREATE TABLE fork (
    id INTEGER PRIMARY KEY,
    device BLOB NOT NULL CHECK (length(device) = 16),
    head_seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (device, head_seq)
) STRICT;
