// @ts-check
/** @import { Bytes } from './bytes.js' */

/**
 * The sum of 16-bit words, not folded: sums of parts of even length add up to that of the whole (RFC 1071 §2).
 * @param {Bytes} bytes
 */
export function wordSum(bytes) {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  return sum
}

/**
 * The Internet checksum of what gave `sum` (RFC 1071 §1), from 0 to 65535.
 * @param {number} sum below 2^32
 */
export function checksumOf(sum) {
  const once = (sum & 0xffff) + (sum >>> 16)
  return ~((once & 0xffff) + (once >>> 16)) & 0xffff
}
