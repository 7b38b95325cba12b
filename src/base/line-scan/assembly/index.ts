// AssemblyScript (https://www.assemblyscript.org), which `npm run kernels` makes ../kernel.ts of.
//
// Passes over the lines of a log that name a host which is known to be in the table of names; the first line of which
// that cannot be said, for whatever reason, is where it stops. It reads only: the table and the lines stand in the memory
// that is handed in, laid out as in ../line-scan.ts, with 64 bytes to spare behind the lines.

import { before, block, mask } from '../../assembly/bytes.ts'

const SPACE: u8 = 0x20
const NEWLINE: u8 = 0x0a
const QUOTE: u8 = 0x22
const HASH: u8 = 0x23
const SLASH: u8 = 0x2f
const COLON: u8 = 0x3a
const QUESTION: u8 = 0x3f
const UNDERSCORE: u8 = 0x5f
const CAPITAL_U: u8 = 0x55
const BRACE: u8 = 0x7b
/** `CONNECT ` */
const CONNECT: u64 = 0x205443454e4e4f43
/** `//` */
const SLASHES: u16 = 0x2f2f

/** A place of the table: a hash, the length, the bytes by four. */
const PLACE: usize = 64
const LENGTH: usize = 4
const KEY: usize = 8
const KEY_LIMIT: i32 = 56
const WAYS: usize = 4
const HASH_BITS_DROPPED: u32 = 17
const BUCKET_SHIFT: usize = 8

/** Fields of Squid's native format: the third is the client, before the status; the sixth begins the request. */
const BEFORE_STATUS: i32 = 3
const BEFORE_REQUEST: i32 = 5

let passed: i32 = 0

/** How many lines the last call passed over. */
export function count(): i32 {
  return passed
}

/**
 * Lines with a request: that of Squid's native format, or what stands behind the first quote. This and the following take
 * where the first line begins, where the bytes end, from where on a line that begins is not looked at, and the longest
 * line; they give where the line begins that they stop at.
 */
export function requests(start: usize, end: usize, limit: usize, longest: usize, isQuoted: bool): usize {
  let at = start
  let lines = 0
  while (at < limit) {
    const from = isQuoted ? behindQuote(at, end) : nativeRequest(at, end)
    const behind = from === 0 ? 0 : request(from, end)
    const next = behind === 0 ? end : newline(behind, end)
    if (next >= end || next - at > longest) break
    lines++
    at = next + 1
  }
  passed = lines
  return at
}

/** Rows of cells, one of which is the name; another separator stands behind it. Zeek's headers and JSON are no rows. */
export function cell(start: usize, end: usize, limit: usize, longest: usize, separator: i32, column: i32): usize {
  const byte = <u8>separator
  let at = start
  let lines = 0
  while (at < limit) {
    const first = load<u8>(at)
    if (first === HASH || first === BRACE) break
    const from = column === 0 ? at : behindNth(at, end, byte, column)
    if (from === 0) break
    const to = hostEnd(from, end)
    if (load<u8>(to) !== byte || !isKnown(from, to)) break
    const next = newline(to, end)
    if (next >= end || next - at > longest) break
    lines++
    at = next + 1
  }
  passed = lines
  return at
}

/** Where the sixth field begins; 0 where there are fewer, or where the status begins with a U. */
// @ts-expect-error: decorator
@inline
function nativeRequest(at: usize, end: usize): usize {
  let fields = 0
  let carry: u64 = 0
  for (let i = at; i < end; i += 64) {
    const spaces = block(i, SPACE)
    const line = block(i, NEWLINE)
    let begins = ~spaces & ((spaces << 1) | carry)
    if (line !== 0) begins &= before(line)
    const found = fields + <i32>popcnt(begins)
    if (fields < BEFORE_STATUS && found >= BEFORE_STATUS) {
      let status = begins
      for (let k = fields + 1; k < BEFORE_STATUS; k++) status &= status - 1
      // UDP_: the question of another cache.
      if (load<u8>(i + <usize>ctz(status)) === CAPITAL_U) return 0
    }
    if (found >= BEFORE_REQUEST) {
      for (let k = fields + 1; k < BEFORE_REQUEST; k++) begins &= begins - 1
      return i + <usize>ctz(begins)
    }
    if (line !== 0) return 0
    fields = found
    carry = spaces >> 63
  }
  return 0
}

// @ts-ignore: decorator
@inline
function behindQuote(at: usize, end: usize): usize {
  const quote = find(at, end, QUOTE)
  return quote === 0 ? 0 : quote + 1
}

/** Where a request's known host ends, its port included; 0 where it names none, or something else follows. */
// @ts-expect-error: decorator
@inline
function request(at: usize, end: usize): usize {
  let from: usize
  if (load<u64>(at) === CONNECT) from = at + 8
  else {
    from = find(at, end, COLON)
    if (from === 0 || load<u16>(from, 1) !== SLASHES) return 0
    from += 3
  }
  const to = hostEnd(from, end)
  let behind = to
  if (load<u8>(behind) === COLON) {
    behind++
    while (behind < end && load<u8>(behind) - 0x30 < 10) behind++
  }
  const byte = load<u8>(behind)
  if (byte !== SPACE && byte !== SLASH && byte !== QUESTION && byte !== HASH) return 0
  return isKnown(from, to) ? behind : 0
}

/** As UnmatchedNames.has finds a name in its table. */
// @ts-expect-error: decorator
@inline
function isKnown(start: usize, end: usize): bool {
  const length = <i32>(end - start)
  if (length < 4 || length > KEY_LIMIT) return false
  const last = end - 4
  let hash: u32 = length
  for (let i = start; i < last; i += 4) {
    hash = (hash ^ load<u32>(i)) * 0x85ebca6b
    hash ^= hash >> 15
  }
  hash = (hash ^ load<u32>(last)) * 0x9e3779b1
  hash = (hash ^ (hash >> 16)) | 1
  const first = <usize>(hash >> HASH_BITS_DROPPED) << BUCKET_SHIFT
  for (let place = first; place < first + WAYS * PLACE; place += PLACE) {
    if (load<u32>(place) !== hash || load<i32>(place, LENGTH) !== length) continue
    let key = place + KEY
    let i = start
    while (i < last && load<u32>(key) === load<u32>(i)) {
      key += 4
      i += 4
    }
    if (i >= last && load<u32>(key) === load<u32>(last)) return true
  }
  return false
}

/** Behind the last of so many separators; 0 where the line ends before. */
// @ts-expect-error: decorator
@inline
function behindNth(at: usize, end: usize, separator: u8, nth: i32): usize {
  let left = nth
  for (let i = at; i < end; i += 64) {
    const line = block(i, NEWLINE)
    let found = block(i, separator)
    if (line !== 0) found &= before(line)
    const many = <i32>popcnt(found)
    if (many >= left) {
      for (let k = 1; k < left; k++) found &= found - 1
      return i + <usize>ctz(found) + 1
    }
    if (line !== 0) return 0
    left -= many
  }
  return 0
}

/** Where the first byte stands that is none of a host's name, or `end`. */
// @ts-expect-error: decorator
@inline
function hostEnd(at: usize, end: usize): usize {
  for (let i = at; i < end; i += 16) {
    const bytes = v128.load(i)
    const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26))
    // From the hyphen to 9: dot and digits, and the slash, which is none.
    const signs = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x2d)), i8x16.splat(13))
    const slash = i8x16.eq(bytes, i8x16.splat(<i8>SLASH))
    const underscore = i8x16.eq(bytes, i8x16.splat(<i8>UNDERSCORE))
    const plain = v128.or(v128.or(letters, underscore), v128.andnot(signs, slash))
    const others = ~(<u32>i8x16.bitmask(plain)) & 0xffff
    if (others !== 0) return i + <usize>ctz(others)
  }
  return end
}

/** Where the byte stands first; 0 where the line ends before. */
// @ts-expect-error: decorator
@inline
function find(at: usize, end: usize, byte: u8): usize {
  for (let i = at; i < end; i += 16) {
    const found = mask(i, byte)
    const any = found | mask(i, NEWLINE)
    if (any === 0) continue
    const first = ctz(any)
    return ((found >> first) & 1) === 0 ? 0 : i + <usize>first
  }
  return 0
}

// @ts-expect-error: decorator
@inline
function newline(at: usize, end: usize): usize {
  for (let i = at; i < end; i += 16) {
    const found = mask(i, NEWLINE)
    if (found !== 0) return i + <usize>ctz(found)
  }
  return end
}
