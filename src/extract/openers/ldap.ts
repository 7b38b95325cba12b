import { fixed, NONE, PARTIAL } from './preamble.ts'

const SEQUENCE = 0x30
const MESSAGE_ID = Uint8Array.of(0x02, 1)
/** ExtendedRequest with the name of StartTLS (RFC 4511 §4.14.1). */
const START_TLS = Buffer.from('\x77\x18\x80\x161.3.6.1.4.1.1466.20037', 'latin1')

/** LDAP's request to start TLS, as one of a client's first 127 messages. */
export function ldap(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 2) return PARTIAL
  if (bytes[start] !== SEQUENCE || bytes[start + 1] !== 3 + START_TLS.length) return NONE
  const id = fixed(bytes, start + 2, end, MESSAGE_ID)
  if (id <= 0) return id
  return id === end ? PARTIAL : fixed(bytes, id + 1, end, START_TLS)
}
