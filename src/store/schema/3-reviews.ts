/**
 * What people did to findings, and what became of findings. `review` and `suppression` are only ever added to, and the
 * triggers keep it so; neither refers to `finding`, whose rows come and go. `suppression.lifts` is the one that a row
 * ends, 0 where it makes one. `subject` is whose the finding was then (`identity.id`), 0 where it is about no finding.
 */
export const VERSION_3 = `
CREATE TABLE review(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  finding TEXT NOT NULL,
  subject INTEGER NOT NULL,
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
  subject INTEGER NOT NULL,
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
