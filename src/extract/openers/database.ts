import { fixed, NONE, PARTIAL } from './preamble.ts'

/** Lengths and codes of SSLRequest and GSSENCRequest. */
const POSTGRES = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16)
/** The length of an SSL request and its number within the greeting. */
const MYSQL = Uint8Array.of(32, 0, 0, 1)
const MYSQL_HEADER = 4
const MYSQL_FILLER = MYSQL_HEADER + 9
const MYSQL_LENGTH = MYSQL_HEADER + 32
/** CLIENT_SSL, in the second byte of the capabilities. */
const MYSQL_SSL = 0x08

/** PostgreSQL's SSLRequest (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
export function postgres(bytes: Uint8Array, start: number, end: number): number {
  const at = fixed(bytes, start, end, POSTGRES)
  if (at <= 0) return at
  if (at === end) return PARTIAL
  return bytes[at] === 0x2f || bytes[at] === 0x30 ? at + 1 : NONE
}

/** MySQL's request for TLS, a login without its names (https://dev.mysql.com/doc/dev/mysql-server/latest/). */
export function mysql(bytes: Uint8Array, start: number, end: number): number {
  const at = fixed(bytes, start, end, MYSQL)
  if (at <= 0) return at
  if (end > at + 1 && (bytes[at + 1]! & MYSQL_SSL) === 0) return NONE
  const last = Math.min(end, start + MYSQL_LENGTH)
  for (let i = start + MYSQL_FILLER; i < last; i++) if (bytes[i] !== 0) return NONE
  return last === start + MYSQL_LENGTH ? last : PARTIAL
}
