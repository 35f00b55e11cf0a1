-- What only a clinic has: its settings, and the box in which a woman is found.

-- The hash covers name and value (registry/store/settings.h).
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What can be typed to find her: the first letter of a term says what it is
-- (registry/store/search_terms.h).
CREATE TABLE search_term (
    term TEXT NOT NULL,
    woman_ix INTEGER NOT NULL,
    PRIMARY KEY (term, woman_ix)
) STRICT, WITHOUT ROWID;

-- Of what the terms of each canonical woman were made: the same source, the same terms.
CREATE TABLE search_source (
    woman_ix INTEGER PRIMARY KEY,
    source TEXT NOT NULL
) STRICT;

-- How far the centre has this machine's log, and the batch that is under way to it
-- (sync/core/sync_client.h). The hash covers the row (sync/client/upload_store.h).
CREATE TABLE upload (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    acked_seq INTEGER NOT NULL,
    safe_seq INTEGER NOT NULL,
    server_time_ms INTEGER NOT NULL,
    batch_facts INTEGER NOT NULL,
    outbox_first INTEGER,
    outbox_last INTEGER,
    outbox_hash BLOB,
    outbox_tries INTEGER,
    outbox_envelope BLOB,
    hash BLOB NOT NULL
) STRICT;
