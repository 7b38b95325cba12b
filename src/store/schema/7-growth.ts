/**
 * What recognises a log that has grown, and reads it on. `extent` and `tail` are of what a content is now,
 * `outgrown` is what a content was before it grew; `seen_file` only saves work, and nothing is lost with it.
 */
export const VERSION_7 = `
CREATE TABLE extent(
  content INTEGER PRIMARY KEY REFERENCES content(id),
  head TEXT NOT NULL,
  whole INTEGER,
  lines INTEGER
) STRICT;
CREATE INDEX extent_head ON extent(head);

CREATE TABLE outgrown(
  length INTEGER NOT NULL,
  sample TEXT NOT NULL,
  content INTEGER NOT NULL REFERENCES content(id),
  sha256 TEXT,
  PRIMARY KEY(length, sample, content)
) STRICT, WITHOUT ROWID;
CREATE INDEX outgrown_content ON outgrown(content, length);

CREATE TABLE tail(
  reading INTEGER NOT NULL REFERENCES reading(id),
  fact TEXT NOT NULL,
  key TEXT NOT NULL,
  before TEXT,
  PRIMARY KEY(reading, fact, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE seen_file(
  path TEXT PRIMARY KEY,
  stat TEXT NOT NULL,
  sample TEXT NOT NULL,
  content INTEGER NOT NULL REFERENCES content(id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_file_content ON seen_file(content);
`
