/**
 * What reports to boards published: of each month once, by its first day. `figures` is what was told and nothing else,
 * so that a store gives away no more than the reports did. Rows are only ever added, and the triggers keep it so.
 */
export const VERSION_9 = `
CREATE TABLE publication(
  month INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  least INTEGER NOT NULL,
  figures TEXT NOT NULL
) STRICT;
CREATE TRIGGER publication_stays BEFORE UPDATE ON publication
BEGIN SELECT RAISE(ABORT, 'what was published stays published'); END;
CREATE TRIGGER publication_remains BEFORE DELETE ON publication
BEGIN SELECT RAISE(ABORT, 'what was published stays published'); END;
`
