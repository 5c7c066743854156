-- Entries. The value comes last, so that the rest is read without it.
CREATE TABLE dim_entries (
  key TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  indexes TEXT NOT NULL,
  blob TEXT,
  value BLOB
);

-- Where entries stand in indexes.
CREATE TABLE dim_index_keys (
  index_name TEXT NOT NULL,
  index_key TEXT NOT NULL,
  entry_key TEXT NOT NULL,
  PRIMARY KEY (index_name, index_key, entry_key)
) WITHOUT ROWID;

-- The number of each stream's last change, and how often it was fenced.
CREATE TABLE dim_streams (
  name TEXT NOT NULL PRIMARY KEY,
  last INTEGER NOT NULL,
  fences INTEGER NOT NULL
) WITHOUT ROWID;

-- The latest changes, for watchers and for looking up transactions.
CREATE TABLE dim_changes (
  stream TEXT NOT NULL,
  at INTEGER NOT NULL,
  tx TEXT NOT NULL,
  keys TEXT NOT NULL,
  PRIMARY KEY (stream, at)
) WITHOUT ROWID;

-- The epoch of the newest session; one row.
CREATE TABLE dim_epochs (last INTEGER NOT NULL);
INSERT INTO dim_epochs (last) VALUES (0);

CREATE TABLE dim_sessions (
  epoch INTEGER NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL
);

-- Blobs that values lie in, or were going to; below 0 references it is being removed.
CREATE TABLE dim_blobs (
  digest TEXT NOT NULL PRIMARY KEY,
  refs INTEGER NOT NULL,
  touched INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX dim_blobs_unreferenced ON dim_blobs (digest) WHERE refs <= 0;
