/**
 * Findings in a table with row ids: their texts are long, and of a table without them each took a page of its own (three
 * times the time to write, twice the space). The texts stay out of both indexes.
 */
export const VERSION_5 = `
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
