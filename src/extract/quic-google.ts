import { uint16le, uint32, uint32le } from '../base/bytes.ts'

/** Q046, whose long header no other version has. */
const Q046 = 0x51303436
/** Flags, connection id, version, a packet number of one byte or more, and a checksum of 12. */
const PUBLIC_HEADER = 26
/** Flags, version, lengths, connection id, a packet number of four bytes, and that checksum. */
const Q046_HEADER = 30
/** CHLO stands behind what is left of the header and the frame of its stream. */
const SEARCH_LIMIT = 64

const CHLO = 0x43484c4f
const SNI = 0x534e4900

/**
 * Where the CHLO begins in a packet that a client of Google's versions Q024 to Q046 sent in clear, before IETF QUIC; -1
 * where it is none (https://www.chromium.org/quic, "QUIC Wire Layout Specification" and "QUIC Crypto").
 */
export function findGoogleHello(bytes: Uint8Array, start: number, end: number): number {
  const header = headerLength(bytes, start, end)
  if (header === 0) return -1
  const last = Math.min(end - 8, start + header + SEARCH_LIMIT)
  for (let at = start + header; at <= last; at++) if (uint32(bytes, at) === CHLO) return at
  return -1
}

/** Where the client's id for the connection stands in such a packet: it has eight bytes. */
export function googleConnectionIdAt(bytes: Uint8Array, start: number): number {
  return (bytes[start]! & 0x80) === 0 ? start + 1 : start + 6
}

function headerLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < Q046_HEADER) return 0
  if ((bytes[start]! & 0x80) !== 0)
    return uint32(bytes, start + 1) === Q046 && bytes[start + 5] === 0x50 ? Q046_HEADER : 0
  // A version, and a connection id of eight bytes.
  if ((bytes[start]! & 0xc9) !== 0x09 || bytes[start + 9] !== 0x51 || bytes[start + 10] !== 0x30) return 0
  return bytes[start + 11]! >= 0x32 && bytes[start + 11]! <= 0x34 ? PUBLIC_HEADER : 0
}

/** Google's CHLO: how many tags, then each with where its value ends, then the values. */
export class GoogleHello {
  /** After `read`: where the server name stands; equal where there is none. */
  nameStart = 0
  nameEnd = 0

  /** Reads the message that begins at `start`. False where its fields do not fit into each other. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.nameStart = 0
    this.nameEnd = 0
    if (end - start < 8 || uint32(bytes, start) !== CHLO) return false
    const tags = uint16le(bytes, start + 4)
    const values = start + 8 + 8 * tags
    if (values > end) return false
    let previous = 0
    for (let i = 0; i < tags; i++) {
      const at = start + 8 + 8 * i
      const next = uint32le(bytes, at + 4)
      if (next < previous || values + next > end) return false
      if (uint32(bytes, at) === SNI) {
        this.nameStart = values + previous
        this.nameEnd = values + next
        return true
      }
      previous = next
    }
    return true
  }
}
