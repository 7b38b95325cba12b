import { HOST_BYTES } from '../../base/name.ts'
import type { NameFilter } from '../../model/reader.ts'
import { fieldBegins } from './values.ts'

/** What may follow the host and its port in a request: a path, a query, a fragment, the next field. */
const BEHIND = new Uint8Array(256)
for (const byte of Buffer.from('/?# ')) BEHIND[byte] = 1

const COLON = 0x3a
const SLASH = 0x2f

/**
 * Whether a request in a log, the method, a space and what was asked for, names a host that can be passed over: the
 * authority of a CONNECT or the host of a whole URL. What is cut behind the host, or has a user before it, is to be read.
 */
export function requestsUnmatched(bytes: Uint8Array, start: number, end: number, unmatched: NameFilter): boolean {
  let from = start
  if (fieldBegins(bytes, start, end, 'CONNECT ')) from += 8
  else {
    while (from < end && bytes[from] !== COLON) from++
    if (from + 3 > end || bytes[from + 1] !== SLASH || bytes[from + 2] !== SLASH) return false
    from += 3
  }
  let to = from
  while (to < end && HOST_BYTES[bytes[to]!] === 1) to++
  let behind = to
  // What stands before a colon may be a user: only a port has digits alone.
  if (behind < end && bytes[behind] === COLON) {
    behind++
    while (behind < end && bytes[behind]! >= 0x30 && bytes[behind]! <= 0x39) behind++
  }
  return behind < end && BEHIND[bytes[behind]!] === 1 && unmatched.has(bytes, from, to)
}
