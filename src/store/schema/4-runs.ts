/** What runs did, and of which groups of inputs they are told to expect something. `every` is 0 where nothing is. */
export const VERSION_4 = `
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
