-- Text is ordered by its bytes, as SQLite does it, whatever the database's locale.

-- Entries. What fits into a page is not worth compressing.
CREATE TABLE dim_entries (
  key text COLLATE "C" NOT NULL PRIMARY KEY,
  version bigint NOT NULL,
  indexes text NOT NULL,
  blob text,
  value bytea
) WITH (toast_tuple_target = 8160);

-- Where entries stand in indexes.
CREATE TABLE dim_index_keys (
  index_name text COLLATE "C" NOT NULL,
  index_key text COLLATE "C" NOT NULL,
  entry_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (index_name, index_key, entry_key)
);

-- The number of each stream's last change, and how often it was fenced: what was sent before the
-- last fence and arrives after it changes nothing. Every commit leaves a dead row behind, which the
-- next ones have to pass: pages count as full early, so that these are soon cleared away.
CREATE TABLE dim_streams (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  last bigint NOT NULL,
  fences bigint NOT NULL
) WITH (fillfactor = 10);

-- The latest changes, for watchers and for looking up transactions.
CREATE TABLE dim_changes (
  stream text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  tx text NOT NULL,
  keys text NOT NULL,
  PRIMARY KEY (stream, at)
);

-- The epoch of the newest session; one row.
CREATE TABLE dim_epochs (last bigint NOT NULL);
INSERT INTO dim_epochs (last) VALUES (0);

CREATE TABLE dim_sessions (
  epoch bigint NOT NULL PRIMARY KEY,
  owner text NOT NULL,
  expires_at timestamptz NOT NULL,
  ended boolean NOT NULL
);

-- Blobs that values lie in, or were going to; below 0 references it is being removed.
CREATE TABLE dim_blobs (
  digest text COLLATE "C" NOT NULL PRIMARY KEY,
  refs bigint NOT NULL,
  touched bigint NOT NULL
);
CREATE INDEX dim_blobs_unreferenced ON dim_blobs (digest) WHERE refs <= 0;
