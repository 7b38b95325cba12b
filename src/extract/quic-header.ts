import { uint16, uint32 } from '../base/bytes.ts'

/** The longest connection id of the versions that are read (RFC 9000 §17.2). */
export const CONNECTION_ID_LIMIT = 20

/** What the two type bits say, once those of an Initial are taken off (RFC 9000 §17.2). */
export const KIND_INITIAL = 0
export const KIND_RETRY = 3

/**
 * The long header of a packet (RFC 8999 §5.1, RFC 9000 §17.2). One object is used again and again.
 *
 *     first | version 4 | length, destination id | length, source id | (Initial: token) | length | number, payload
 */
export class LongHeader {
  version = 0
  destinationStart = 0
  destinationEnd = 0
  sourceStart = 0
  sourceEnd = 0
  /** After `readLength`: where the protected packet number stands, and one past the packet. */
  numberAt = 0
  end = 0

  /** Reads what all versions have in common. False where it is not there. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < 7) return false
    this.version = uint32(bytes, start + 1)
    this.destinationStart = start + 6
    this.destinationEnd = start + 6 + bytes[start + 5]!
    if (this.destinationEnd - this.destinationStart > CONNECTION_ID_LIMIT || this.destinationEnd >= end) return false
    this.sourceStart = this.destinationEnd + 1
    this.sourceEnd = this.sourceStart + bytes[this.destinationEnd]!
    return this.sourceEnd - this.sourceStart <= CONNECTION_ID_LIMIT && this.sourceEnd <= end
  }

  /** Reads token and length. False where the packet ends behind `end`. */
  readLength(bytes: Uint8Array, end: number, initial: boolean): boolean {
    let at = this.sourceEnd
    if (initial) {
      const token = variableInteger(bytes, at, end)
      if (token < 0) return false
      at += variableLength(bytes, at) + token
    }
    const length = variableInteger(bytes, at, end)
    if (length < 0) return false
    this.numberAt = at + variableLength(bytes, at)
    this.end = this.numberAt + length
    return this.end <= end
  }
}

/** A variable-length integer (RFC 9000 §16), exact up to 2^53; -1 where it is not all there. */
export function variableInteger(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || at + variableLength(bytes, at) > end) return -1
  const first = bytes[at]!
  switch (first >> 6) {
    case 0:
      return first
    case 1:
      return uint16(bytes, at) & 0x3fff
    case 2:
      return uint32(bytes, at) & 0x3fffffff
    default:
      return (uint32(bytes, at) & 0x3fffffff) * 0x100000000 + uint32(bytes, at + 4)
  }
}

/** How many bytes the variable-length integer at `at` takes. */
export function variableLength(bytes: Uint8Array, at: number): number {
  return 1 << (bytes[at]! >> 6)
}
