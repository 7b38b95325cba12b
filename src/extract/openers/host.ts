import { NAME_LIMIT } from '../../base/name.ts'
import type { Means } from '../../model/observation.ts'
import type { Named } from './opener.ts'

const COLON = 0x3a
const OPEN = 0x5b
const CLOSE = 0x5d

/**
 * Hands on the host of `user@host:port/path` (RFC 3986 §3.2), an IPv6 address without its brackets. Nothing else of it
 * is kept. False where it has no host, or one too long to be any.
 */
export function nameHost(means: Means, bytes: Uint8Array, start: number, end: number, into: Named): boolean {
  let from = start
  let to = start
  while (to < end && !endsAuthority(bytes[to]!)) {
    if (bytes[to] === 0x40) from = to + 1
    to++
  }
  if (bytes[from] === OPEN) {
    const bracket = ++from
    while (from < to && bytes[from] !== CLOSE) from++
    if (from === to) return false
    to = from
    from = bracket
  } else {
    for (let i = from; i < to; i++) if (bytes[i] === COLON) to = i
  }
  if (to <= from || to - from > NAME_LIMIT) return false
  into.name(means, bytes, from, to)
  return true
}

function endsAuthority(byte: number): boolean {
  return byte === 0x2f || byte === 0x3f || byte === 0x23
}
