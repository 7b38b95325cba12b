/**
 * Findings in a table with row ids: their texts are long, and of a table without them each took a page of its own (three
 * times the time to write, twice the space). The texts stay out of all indexes. A finding is known by its id: a late lease
 * makes it another subject's. `others` are ids, with spaces between, that what it is about may have stood under before;
 * `finding_other` leads from them to it. `succession` has those of them that somebody had worked on and that are gone.
 */
export const VERSION_5 = `
CREATE TABLE finding_with_row_ids(
  day INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  app TEXT NOT NULL,
  id TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  bypass INTEGER NOT NULL,
  client TEXT NOT NULL,
  others TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
INSERT INTO finding_with_row_ids
  SELECT day, subject, app, id, revision, severity, bypass, client, '', body FROM finding;
DROP TABLE finding;
ALTER TABLE finding_with_row_ids RENAME TO finding;
CREATE INDEX finding_subject ON finding(day, subject);
CREATE INDEX finding_leaving ON finding(id) WHERE subject = 0;
CREATE TABLE finding_other(
  other TEXT NOT NULL,
  finding TEXT NOT NULL,
  PRIMARY KEY(other, finding)
) STRICT, WITHOUT ROWID;
CREATE VIEW succession AS
  SELECT finding_other.finding, touched.id AS gone
  FROM (SELECT finding AS id FROM review UNION SELECT finding FROM suppression WHERE finding != ''
      EXCEPT SELECT id FROM finding) AS touched
    CROSS JOIN finding_other ON finding_other.other = touched.id;
CREATE INDEX finding_rank ON finding(severity, bypass DESC, day DESC, id, app, client, subject);
`
