/**
 * What is owed to people. `hold.lifts` is the one that a row ends, 0 where it makes one; `subject` and `app` are 0 and ''
 * for all. `statement` stands beside a finding, which may be gone. `kept_out.mark` is a hash of a pseudonym whose holder
 * was erased: facts of days up to `until` are not taken in again. `tombstone` counts findings that were taken out, and
 * says nothing of whose they were.
 */
export const PEOPLE = `
CREATE TABLE hold(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  lifts INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  app TEXT NOT NULL,
  first_day INTEGER NOT NULL,
  last_day INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX hold_lifts ON hold(lifts) WHERE lifts != 0;
CREATE TRIGGER hold_stays BEFORE UPDATE ON hold BEGIN SELECT RAISE(ABORT, 'holds are only added to'); END;
CREATE TRIGGER hold_remains BEFORE DELETE ON hold BEGIN SELECT RAISE(ABORT, 'holds are only added to'); END;

CREATE TABLE statement(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  finding TEXT NOT NULL,
  subject INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX statement_finding ON statement(finding, seq);
CREATE TRIGGER statement_stays BEFORE UPDATE ON statement
BEGIN SELECT RAISE(ABORT, 'statements are only added to'); END;
CREATE TRIGGER statement_remains BEFORE DELETE ON statement
BEGIN SELECT RAISE(ABORT, 'statements are only added to'); END;

CREATE TABLE kept_out(
  mark TEXT PRIMARY KEY,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tombstone(
  why TEXT NOT NULL CHECK(why IN ('purged', 'erased')),
  day INTEGER NOT NULL,
  app TEXT NOT NULL,
  severity INTEGER NOT NULL,
  bypass INTEGER NOT NULL,
  findings INTEGER NOT NULL,
  PRIMARY KEY(why, day, app, severity, bypass)
) STRICT, WITHOUT ROWID;
`
