-- Who was erased (sync/central/erased_women.h), and with which ingest: whom the log of the centre's
-- device says; and at a restored centre those whose keys were destroyed after its backup, with the
-- last ingest of that.
CREATE TABLE erased_woman (
    woman_ix INTEGER PRIMARY KEY,
    ingest INTEGER NOT NULL
) STRICT;
