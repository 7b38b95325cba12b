/**
 * The tables. `docs/store.md` says what they promise to whoever queries them. Day comes first in every key of facts, so
 * that judging, replacing and deleting are scans of a prefix and the sightings need no second index. Ids are local:
 * they depend on the order of arrival, so nothing is ever shown or sorted by them. `party.user` is 0 for nobody.
 */
const VERSION_1 = `
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

/**
 * What logs say of tunnels and leases. `kind`: 0 tunnel, 1 lease. `event`: 0 start, 1 alive, 2 end. Identities that are
 * not known are 0, so that they can be part of the key; `holder` is whose it was: the user, else the device, else where
 * the tunnel came from.
 */
const VERSION_2 = `
CREATE TABLE session_mark(
  day INTEGER NOT NULL,
  inner INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event INTEGER NOT NULL,
  outer INTEGER NOT NULL,
  user INTEGER NOT NULL,
  device INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  gateway INTEGER NOT NULL,
  protocol TEXT NOT NULL,
  reading INTEGER NOT NULL,
  position INTEGER NOT NULL,
  holder INTEGER NOT NULL AS (iif(user != 0, user, iif(device != 0, device, iif(outer != 0, outer, inner)))),
  PRIMARY KEY(day, inner, kind, at, event, outer, user, device, since, until, gateway, protocol, reading)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_mark_holder ON session_mark(holder, day);
CREATE INDEX session_mark_device ON session_mark(device, day) WHERE device != 0 AND user != 0;
CREATE INDEX session_mark_outer ON session_mark(outer, day) WHERE outer != 0;
`

/**
 * What people did to findings, and what became of findings. `review` and `suppression` are only ever added to, and the
 * triggers keep it so; neither refers to `finding`, whose rows come and go. `suppression.lifts` is the one that a row
 * ends, 0 where it makes one.
 */
const VERSION_3 = `
CREATE TABLE review(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  finding TEXT NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  action TEXT NOT NULL CHECK(action IN ('acknowledge', 'note', 'close', 'reopen')),
  text TEXT NOT NULL,
  revision INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  bypass INTEGER NOT NULL
) STRICT;
CREATE INDEX review_finding ON review(finding, seq);
CREATE TRIGGER review_stays BEFORE UPDATE ON review BEGIN SELECT RAISE(ABORT, 'reviews are only added to'); END;
CREATE TRIGGER review_remains BEFORE DELETE ON review BEGIN SELECT RAISE(ABORT, 'reviews are only added to'); END;

CREATE TABLE suppression(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  lifts INTEGER NOT NULL,
  finding TEXT NOT NULL,
  app TEXT NOT NULL,
  client TEXT NOT NULL,
  until INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  bypass INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX suppression_lifts ON suppression(lifts) WHERE lifts != 0;
CREATE INDEX suppression_until ON suppression(until) WHERE lifts = 0;
CREATE TRIGGER suppression_stays BEFORE UPDATE ON suppression
BEGIN SELECT RAISE(ABORT, 'suppressions are only added to'); END;
CREATE TRIGGER suppression_remains BEFORE DELETE ON suppression
BEGIN SELECT RAISE(ABORT, 'suppressions are only added to'); END;

CREATE TABLE finding_revision(
  finding TEXT NOT NULL,
  revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL CHECK(event IN ('found', 'changed', 'gone')),
  changes TEXT NOT NULL,
  more INTEGER NOT NULL,
  PRIMARY KEY(finding, revision)
) STRICT, WITHOUT ROWID;
`

/** What runs did, and of which groups of inputs they are told to expect something. `every` is 0 where nothing is. */
const VERSION_4 = `
CREATE TABLE run(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  job TEXT NOT NULL,
  pid INTEGER NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER,
  status INTEGER,
  inputs INTEGER NOT NULL,
  read INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  records INTEGER NOT NULL,
  problems INTEGER NOT NULL,
  told TEXT NOT NULL
) STRICT;
CREATE INDEX run_job ON run(job, seq);

CREATE TABLE input_group(
  job TEXT NOT NULL,
  name TEXT NOT NULL,
  every INTEGER NOT NULL,
  since INTEGER NOT NULL,
  last_read INTEGER,
  PRIMARY KEY(job, name)
) STRICT, WITHOUT ROWID;
`

/**
 * Findings in a table with row ids: their texts are long, and of a table without them each took a page of its own (three
 * times the time to write, twice the space). The texts stay out of both indexes.
 */
const VERSION_5 = `
CREATE TABLE finding_with_row_ids(
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
) STRICT;
INSERT INTO finding_with_row_ids SELECT day, subject, app, id, revision, severity, bypass, client, body FROM finding;
DROP TABLE finding;
ALTER TABLE finding_with_row_ids RENAME TO finding;
CREATE INDEX finding_rank ON finding(severity, bypass DESC, day DESC, id);
`

/** What brings a store from version n to n + 1, from n = 0: only ever appended to. */
export const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5]

/** SQLite's application_id of a store: `offc`. Any other SQLite file is refused. */
export const APPLICATION_ID = 0x6f666663
