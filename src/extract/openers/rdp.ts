import { uint16 } from '../../base/bytes.ts'
import { NONE, PARTIAL } from './preamble.ts'

const TPKT_VERSION = 3
/** X.224 connection request (RFC 1006, ITU-T X.224 §13.3). */
const CONNECTION_REQUEST = 0xe0
const HEADER = 11
const LIMIT = 512

/** The connection request of Remote Desktop ([MS-RDPBCGR] §2.2.1.1), behind which TLS begins. */
export function rdp(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length > 1 && bytes[start + 1] !== 0) return NONE
  if (length < 6) return PARTIAL
  const total = uint16(bytes, start + 2)
  // The length indicator counts what stands behind it.
  if (bytes[start] !== TPKT_VERSION || total < HEADER || total > LIMIT || bytes[start + 4] !== total - 5) return NONE
  if (bytes[start + 5] !== CONNECTION_REQUEST) return NONE
  return length >= total ? start + total : PARTIAL
}
