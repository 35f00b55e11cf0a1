-- Who was erased (sync/central/erased_women.h), and with which ingest. Follows from the log of the
-- centre's device, where the orders stand.
CREATE TABLE erased_woman (
    woman_ix INTEGER PRIMARY KEY,
    ingest INTEGER NOT NULL
) STRICT;
