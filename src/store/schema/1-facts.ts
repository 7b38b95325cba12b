/**
 * The tables. `docs/store.md` says what they promise to whoever queries them. Day comes first in every key of facts, so
 * that judging, replacing and deleting are scans of a prefix and the sightings need no second index. Ids are local:
 * they depend on the order of arrival, so nothing is ever shown or sorted by them. `party.user` is 0 for nobody.
 */
export const VERSION_1 = `
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE content(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  length INTEGER NOT NULL,
  sample TEXT NOT NULL,
  sha256 TEXT
) STRICT;
CREATE INDEX content_sample ON content(length, sample);

CREATE TABLE reading(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  content INTEGER REFERENCES content(id),
  settings TEXT NOT NULL,
  input TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('capture', 'log')),
  format TEXT NOT NULL,
  source TEXT NOT NULL CHECK(source IN ('file', 'stream')),
  state TEXT NOT NULL CHECK(state IN ('pending', 'current')),
  file_sha256 TEXT,
  first_day INTEGER,
  last_day INTEGER
) STRICT;
CREATE UNIQUE INDEX reading_content ON reading(content);

CREATE TABLE identity(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK(kind IN ('address', 'user', 'device')),
  tag BLOB NOT NULL CHECK(length(tag) = 16),
  clear TEXT,
  UNIQUE(kind, tag)
) STRICT;

CREATE TABLE network(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE gateway(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE indicator(
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  app TEXT NOT NULL
) STRICT;

CREATE TABLE party(
  id INTEGER PRIMARY KEY,
  client INTEGER NOT NULL,
  user INTEGER NOT NULL,
  network INTEGER NOT NULL,
  subject INTEGER NOT NULL AS (iif(user = 0, client, user)),
  UNIQUE(client, user, network)
) STRICT;
CREATE INDEX party_subject ON party(subject);

CREATE TABLE sighting(
  day INTEGER NOT NULL,
  party INTEGER NOT NULL,
  trait INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  reading INTEGER NOT NULL,
  mask INTEGER NOT NULL,
  count INTEGER NOT NULL,
  up INTEGER NOT NULL,
  down INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY(day, party, trait, slot, reading)
) STRICT, WITHOUT ROWID;

CREATE TABLE mark(
  day INTEGER NOT NULL,
  client INTEGER NOT NULL,
  gateway INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  reading INTEGER NOT NULL,
  mask INTEGER NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  PRIMARY KEY(day, client, gateway, slot, reading)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer(
  day INTEGER NOT NULL,
  client INTEGER NOT NULL,
  address TEXT NOT NULL,
  start INTEGER NOT NULL,
  indicator INTEGER NOT NULL,
  reading INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY(day, client, address, start, indicator, reading)
) STRICT, WITHOUT ROWID;

CREATE TABLE coverage(
  reading INTEGER NOT NULL REFERENCES reading(id),
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY(reading, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE dirty(
  day INTEGER NOT NULL,
  identity INTEGER NOT NULL,
  PRIMARY KEY(day, identity)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding(
  day INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  app TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  bypass INTEGER NOT NULL,
  client TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY(day, subject, app)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_rank ON finding(severity, bypass DESC, day DESC, id);
`
