/**
 * Messages to receivers outside, in the order of judgement, and how far each receiver is. `outbox.output` is 0 for a
 * message to all; `heads` are those of the audit log, of which each receiver that wants them has its own. `told` are the findings that were told one by one and not taken back, or are `withheld` because they
 * are suppressed. None refers to `finding`, whose rows come and go.
 */
export const VERSION_8 = `
CREATE TABLE output(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job TEXT NOT NULL,
  name TEXT NOT NULL,
  next INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  dead INTEGER NOT NULL,
  last_delivery INTEGER,
  refusals INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  error TEXT NOT NULL,
  retry_at INTEGER,
  heads INTEGER NOT NULL,
  UNIQUE(job, name)
) STRICT;

CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  output INTEGER NOT NULL,
  finding TEXT NOT NULL,
  revision INTEGER NOT NULL,
  event TEXT NOT NULL CHECK(event IN ('found', 'changed', 'gone', 'suppressed', 'summary', 'head')),
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_own ON outbox(output, seq) WHERE output != 0;

CREATE TABLE told(
  finding TEXT PRIMARY KEY,
  withheld INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX told_withheld ON told(finding) WHERE withheld = 1;
`
