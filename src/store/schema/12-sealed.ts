/**
 * Identities in a store that seals them: each under a data key that only an age envelope holds, and that whoever sealed
 * it forgot. `data_key.recipients` are those whom the envelope is for, as JSON: age itself does not tell. What deletes an identity deletes what is sealed of it, and a data key with its last identity.
 */
export const SEALED = `
CREATE TABLE data_key(
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  recipients TEXT NOT NULL,
  envelope BLOB NOT NULL
) STRICT;

CREATE TABLE sealed_identity(
  identity INTEGER PRIMARY KEY,
  data_key INTEGER NOT NULL REFERENCES data_key(id),
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX sealed_identity_data_key ON sealed_identity(data_key);
CREATE TRIGGER identity_goes AFTER DELETE ON identity BEGIN
  DELETE FROM sealed_identity WHERE identity = OLD.id;
END;
CREATE TRIGGER sealed_identity_goes AFTER DELETE ON sealed_identity BEGIN
  DELETE FROM data_key WHERE id = OLD.data_key
    AND NOT EXISTS (SELECT 1 FROM sealed_identity WHERE data_key = OLD.data_key);
END;
`
