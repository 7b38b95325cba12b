/**
 * The evidence locker: frames and lines behind findings, and for what cannot be had why, sealed with the store's key.
 * Rows of `locker` say up to which revision a finding's evidence was looked for.
 */
export const VERSION_6 = `
CREATE TABLE locker(
  finding TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  left_out INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE locker_piece(
  finding TEXT NOT NULL,
  place TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY(finding, place)
) STRICT;
`
