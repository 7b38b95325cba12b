/**
 * What logs say of tunnels and leases. `kind`: 0 tunnel, 1 lease. `event`: 0 start, 1 alive, 2 end. Identities that are
 * not known are 0, so that they can be part of the key; `holder` is whose it was: the user, else the device, else where
 * the tunnel came from.
 */
export const VERSION_2 = `
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
