import { zoneOffset } from '../zone-names.ts'

const SPACE = 0x20
const COLON = 0x3a
const OPEN = 0x5b
const CLOSE = 0x5d

/** RFC 5424 §6 bounds a host name at 255 characters and the other words below. */
export const WORD_LIMIT = 255

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
}

/** Where a host's name ends; `from` where the word is none: a tag, a pair, a piece of a table or of JSON. */
export function hostEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end && at - from <= WORD_LIMIT; at++) {
    const byte = bytes[at]!
    if (byte === SPACE) return bytes[at - 1] === COLON ? from : at
    const isPart = isLetter(byte) || isDigit(byte) || byte >= 0x80 || (byte >= 0x2d && byte <= 0x2f)
    if (!isPart && byte !== COLON && byte !== 0x5f && byte !== 0x28 && byte !== 0x29) return from
  }
  return from
}

/** Behind `program[pid]: `; `from` where there is none. What begins with `%` belongs to the message. */
export function programEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && at - from <= WORD_LIMIT) {
    const byte = bytes[at]!
    if (!isLetter(byte) && !isDigit(byte) && byte !== 0x5f && (byte < 0x2d || byte > 0x2f)) break
    at++
  }
  if (at === from || at === end) return from
  if (bytes[at] === OPEN) {
    at++
    while (at < end && bytes[at] !== CLOSE && bytes[at] !== SPACE && at - from <= WORD_LIMIT) at++
    if (at >= end || bytes[at] !== CLOSE) return from
    at++
  }
  if (at >= end || bytes[at] !== COLON) return from
  at++
  return at === end || bytes[at] === SPACE ? at : from
}

/** How long a time is that a header begins with; 0 where there is none. */
export function timeLength(bytes: Uint8Array, start: number, end: number, hasPriority: boolean, depth: number): number {
  let at = start
  if (at < end && (bytes[at] === 0x2a || bytes[at] === 0x2e)) at++
  // `Sat Nov 21 18:52:00 2026`, as OpenWrt writes it.
  if (at + 7 < end && bytes[at + 3] === SPACE && isLetter(bytes[at]!) && isLetter(bytes[at + 4]!)) at += 4
  // `2026 Nov 21 18:52:00`
  if (at + 5 < end && isDigit(bytes[at]!) && bytes[at + 4] === SPACE && isLetter(bytes[at + 5]!)) at += 5
  if (at + 14 < end && isLetter(bytes[at]!)) return namedTimeLength(bytes, start, at, end)
  // A message may begin with an ISO time itself: only what no message writes so is a header's.
  if (depth > 0 || at + 19 >= end || bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d || bytes[at + 13] !== COLON)
    return 0
  if (bytes[at + 10] !== 0x54 && !(hasPriority && bytes[at + 10] === SPACE)) return 0
  at += 19
  while (at < end && bytes[at] !== SPACE && at - start < 40) at++
  const last = bytes[at - 1]!
  const hasZone = last === 0x5a || bytes[at - 6] === 0x2b || bytes[at - 6] === 0x2d || bytes[at - 5] === 0x2b
  return hasPriority || hasZone ? at - start : 0
}

/** `Nov 21 18:52:00`, with a year before the clock or behind, decimals, and the letters of a zone. */
function namedTimeLength(bytes: Uint8Array, start: number, from: number, end: number): number {
  let at = from + 3
  if (bytes[at] !== SPACE) return 0
  while (at < end && bytes[at] === SPACE && at < from + 5) at++
  const dayFrom = at
  while (at < end && isDigit(bytes[at]!) && at - dayFrom < 2) at++
  if (at === dayFrom || bytes[at] !== SPACE) return 0
  at++
  if (at + 5 < end && isDigit(bytes[at + 3]!) && bytes[at + 4] === SPACE) at += 5
  if (at + 8 > end || bytes[at + 2] !== COLON || bytes[at + 5] !== COLON || !isDigit(bytes[at]!)) return 0
  at += 8
  if (at < end && bytes[at] === 0x2e) {
    at++
    while (at < end && isDigit(bytes[at]!) && at - from < 40) at++
  }
  // ` 2026`, ` UTC`
  if (
    at + 5 < end &&
    bytes[at] === SPACE &&
    isDigit(bytes[at + 1]!) &&
    isDigit(bytes[at + 4]!) &&
    bytes[at + 5] === SPACE
  ) {
    if (isDigit(bytes[at + 2]!) && isDigit(bytes[at + 3]!)) at += 5
  }
  let zone = at + 1
  while (zone < end && isLetter(bytes[zone]!) && zone - at < 6) zone++
  if (bytes[at] !== SPACE || zone <= at + 2 || zone >= end) return at - start
  const hasColon = bytes[zone] === COLON && (zone + 1 === end || bytes[zone + 1] === SPACE)
  // A host may follow, which is then not taken for the zone.
  const isNamed = bytes[zone] === SPACE && !Number.isNaN(zoneOffset(bytes, at + 1, zone))
  return (hasColon || isNamed ? zone : at) - start
}

/** Whether `text[0…length)` ends with `bytes[from…to)`. */
export function endsWith(text: Uint8Array, length: number, bytes: Uint8Array, from: number, to: number): boolean {
  const offset = length - (to - from)
  if (offset < 0) return false
  for (let i = from; i < to; i++) if (text[offset + i - from] !== bytes[i]) return false
  return true
}
