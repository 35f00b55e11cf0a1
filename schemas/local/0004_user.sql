-- Who works with this registry, and as what. PINs are elsewhere (registry/keys/).

-- Whoever left stays, as gone: her name belongs to what she recorded. The hash covers the row
-- (registry/store/user_table.h).
CREATE TABLE user (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;
