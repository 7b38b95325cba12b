// @ts-check
/** Numbers, text and addresses as bytes, in network order unless the name says otherwise. */

/** @typedef {ArrayLike<number>} Bytes each element is 0 to 255 */

/**
 * All parts behind one another.
 * @param {readonly Bytes[]} parts
 */
export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** @param {number} value */
export function uint16(value) {
  return [(value >>> 8) & 255, value & 255]
}

/** @param {number} value */
export function uint24(value) {
  return [(value >>> 16) & 255, ...uint16(value)]
}

/** @param {number} value */
export function uint32(value) {
  return [...uint16(value >>> 16), ...uint16(value)]
}

/**
 * One byte a character: names, tokens, anything of ASCII.
 * @param {string} text
 */
export function ascii(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/**
 * 4 bytes of an IPv4 address or 16 of an IPv6 address (RFC 4291 §2.2, no embedded dotted quad). Throws on anything
 * else.
 * @param {string} text
 */
export function address(text) {
  const colon = text.includes(':')
  if (!colon) {
    const bytes = text.split('.').map(Number)
    if (bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte <= 255)) return Uint8Array.from(bytes)
    throw new TypeError(`"${text}" is not an address`)
  }
  const [before = '', after] = text.split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after === undefined || after === '' ? [] : after.split(':')
  const gap = after === undefined ? 0 : 8 - head.length - tail.length
  const groups = [...head, ...Array(Math.max(gap, 0)).fill('0'), ...tail].map((group) => Number.parseInt(group, 16))
  if (groups.length !== 8 || !groups.every((group) => group >= 0 && group <= 0xffff)) {
    throw new TypeError(`"${text}" is not an address`)
  }
  return concat(...groups.map(uint16))
}

/**
 * Pseudo-random integers from 0 to 2^32 - 1, the same for the same seed on every machine (Marsaglia's xorshift32).
 * @param {number} seed
 * @returns {() => number}
 */
export function random(seed) {
  // A multiplication spreads neighbouring seeds; xorshift must not start at zero.
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
}

/**
 * `length` pseudo-random bytes that stand for what is encrypted.
 * @param {number} length
 * @param {number} seed
 */
export function filler(length, seed) {
  const next = random(seed)
  return Uint8Array.from({ length }, () => next() >>> 24)
}
