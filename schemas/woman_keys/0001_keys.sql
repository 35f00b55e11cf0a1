-- The keys under which a centre stores what it knows of each woman (sync/central/woman_keys.h), in a
-- file of their own: so that one that is gone is gone, whatever copies of the rest there are.

-- woman_ix: her row in the centre's file; 0: what stays whoever is erased.
CREATE TABLE woman_key (
    woman_ix INTEGER PRIMARY KEY,
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

-- Up to which number keys were ever drawn: one that isn't here any more is never drawn again.
CREATE TABLE drawn (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    last INTEGER NOT NULL
) STRICT;

INSERT INTO drawn (one, last) VALUES (1, -1);
