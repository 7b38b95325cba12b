import { crc32 } from 'node:zlib'
import { MAPPED } from '../../base/address.ts'
import { latin1, uint16, uint32 } from '../../base/bytes.ts'

/** RFC 8489 §5: type, length, magic cookie, transaction id. Before RFC 5389 the cookie was part of the id. */
export const STUN_HEADER = 20
export const MAGIC_COOKIE = 0x2112a442
/** Types that messages without any cookie have (RFC 3489 §11.1). */
const OLD_TYPES = [0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112]

const DESTINATION_ADDRESS = 0x0011
const XOR_PEER_ADDRESS = 0x0012
const DATA = 0x0013
const REALM = 0x0014
const QUOTE = 0x22
const SOFTWARE = 0x8022
const FINGERPRINT = 0x8028
const FINGERPRINT_MASK = 0x5354554e

/** [MS-TURN] §2.2.2: an attribute of this value comes first; some others have another number or meaning. */
const MICROSOFT_ATTRIBUTE = 0x000f0004
const MICROSOFT_COOKIE = 0x72c64bc6
const MICROSOFT_REALM = 0x0015

/** A message with more attributes than these is none. */
const ATTRIBUTE_LIMIT = 64
/** Attributes of no standard that are read from one message. */
const OWN_LIMIT = 8
/** Peers that are read from one message. */
const PEER_LIMIT = 8

/** Methods of TURN (RFC 8656 §17), and of TURN over TCP behind them (RFC 6062 §6.1). */
const ALLOCATE = 0x003
const CONNECTION_ATTEMPT = 0x00c

/**
 * A message of STUN or TURN (RFC 8489, RFC 8656), of RFC 3489 or of [MS-TURN]: its kind, and where its attributes stand.
 * Used again for the next message. The client's own outside address, which servers tell it, is not read.
 */
export class StunMessage {
  type = 0
  /** One past its last byte by its own length: behind what was captured where it is cut. */
  end = 0
  /** It has the cookie of RFC 8489 or of [MS-TURN]: not one of the old messages, which have nothing of that kind. */
  hasCookie = false
  /** Where text or data begins and ends; both 0 where there is none. */
  realm = 0
  realmEnd = 0
  software = 0
  softwareEnd = 0
  data = 0
  dataEnd = 0
  /** Four words a peer, as far as `peerCount`. */
  readonly peers = new Uint32Array(4 * PEER_LIMIT)
  peerCount = 0
  /** Types of attributes that applications made for themselves, as far as `ownCount`. */
  readonly own = new Uint16Array(OWN_LIMIT)
  ownCount = 0
  #start = 0
  #fingerprint = 0
  #microsoft = false

  /** Whether a message stands at `start`, as far as it goes until `end`; with its attributes, which must fill it. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < STUN_HEADER || bytes[start]! > 0x3f) return false
    this.#start = start
    this.type = uint16(bytes, start)
    this.end = start + STUN_HEADER + uint16(bytes, start + 2)
    const first = start + STUN_HEADER
    this.#microsoft =
      Math.min(end, this.end) - first >= 8 &&
      uint32(bytes, first) === MICROSOFT_ATTRIBUTE &&
      uint32(bytes, first + 4) === MICROSOFT_COOKIE
    this.hasCookie = this.#microsoft || uint32(bytes, start + 4) === MAGIC_COOKIE
    if (!this.hasCookie && !(OLD_TYPES.includes(this.type) && hasIdentifier(bytes, start))) return false
    // Those of RFC 8489 §14 end on a boundary of four bytes; older ones do not, nor the last one of some applications.
    return this.#attributes(bytes, end, 3) || this.#attributes(bytes, end, 0)
  }

  /** Its method is one of TURN: somebody relays. */
  get relays(): boolean {
    const method = (this.type & 0x000f) | ((this.type & 0x00e0) >> 1) | ((this.type & 0x3e00) >> 2)
    return this.hasCookie && method >= ALLOCATE && method <= CONNECTION_ATTEMPT
  }

  /** It ends with the right checksum of all that it is (RFC 8489 §14.7). */
  fingerprintFits(bytes: Uint8Array): boolean {
    const at = this.#fingerprint
    if (at === 0) return false
    return (crc32(bytes.subarray(this.#start, at)) ^ FINGERPRINT_MASK) >>> 0 === uint32(bytes, at + 4)
  }

  /** Walks over the attributes, the padding of each making its length a multiple of `padding` + 1. */
  #attributes(bytes: Uint8Array, end: number, padding: 0 | 3): boolean {
    this.realm = this.realmEnd = this.software = this.softwareEnd = this.data = this.dataEnd = 0
    this.peerCount = this.ownCount = this.#fingerprint = 0
    let at = this.#start + STUN_HEADER
    for (let count = 0; at < this.end; count++) {
      if (at + 4 > end) return end < this.end
      if (at + 4 > this.end || count === ATTRIBUTE_LIMIT) return false
      const type = uint16(bytes, at)
      const length = uint16(bytes, at + 2)
      const last = at + 4 + length
      if (last > this.end) return false
      if (last > end) return true
      this.#attribute(bytes, type, at + 4, last)
      at = last + (-length & padding)
    }
    return true
  }

  #attribute(bytes: Uint8Array, type: number, start: number, end: number): void {
    if (type === DATA) {
      this.data = start
      this.dataEnd = end
    } else if (type === (this.#microsoft ? MICROSOFT_REALM : REALM)) {
      // Some send the quotes that belong to it elsewhere (RFC 8489 §14.9).
      const quoted = end - start > 2 && bytes[start] === QUOTE && bytes[end - 1] === QUOTE ? 1 : 0
      this.realm = start + quoted
      this.realmEnd = end - quoted
    } else if (type === SOFTWARE) {
      this.software = start
      this.softwareEnd = end
    } else if (type === FINGERPRINT) {
      if (end - start === 4 && end === this.end) this.#fingerprint = start - 4
    } else if (this.relays && (type === XOR_PEER_ADDRESS || (this.#microsoft && type === DESTINATION_ADDRESS))) {
      this.#peer(bytes, start, end)
    } else if (this.hasCookie && !this.#microsoft && isOwn(type)) {
      if (this.ownCount < OWN_LIMIT) this.own[this.ownCount++] = type
    }
  }

  /** RFC 8489 §14.2: family, port and address, masked by what stands before; [MS-TURN] does not mask. */
  #peer(bytes: Uint8Array, start: number, end: number): void {
    const { peers } = this
    const at = 4 * this.peerCount
    if (at === peers.length) return
    if (end - start === 8 && bytes[start + 1] === 1) {
      peers.fill(0, at, at + 2)
      peers[at + 2] = MAPPED
      peers[at + 3] = this.#unmasked(bytes, start + 4, 0)
    } else if (end - start === 20 && bytes[start + 1] === 2) {
      for (let w = 0; w < 4; w++) peers[at + w] = this.#unmasked(bytes, start + 4 + 4 * w, w)
    } else return
    this.peerCount++
  }

  #unmasked(bytes: Uint8Array, at: number, word: number): number {
    return this.#microsoft ? uint32(bytes, at) : uint32(bytes, at) ^ uint32(bytes, this.#start + 4 + 4 * word)
  }
}

/**
 * Whether no standard has the attribute: https://www.iana.org/assignments/stun-parameters has those up to 0x002b, from
 * 0x8000 on some single ones, and from 0xc000 on those of single vendors that browsers send, too.
 */
function isOwn(type: number): boolean {
  if (type >= 0x8000) return type < 0xc000 && (type < 0x8022 || type > 0x8033) && type > 0x8004
  return type > 0x0030
}

/** Not the zeros that other protocols have there. */
function hasIdentifier(bytes: Uint8Array, start: number): boolean {
  for (let at = start + 4; at < start + STUN_HEADER; at += 4) if (uint32(bytes, at) !== 0) return true
  return false
}

/** Longer text than this is cut. */
const TEXT_LIMIT = 128
const BACKSLASH = 0x5c
const ZERO = 0x30
const shown = new Uint8Array(TEXT_LIMIT)

/** Text as it may be shown: other bytes than those of printable ASCII, and the backslash, as `\ddd`. */
export function printable(bytes: Uint8Array, start: number, end: number): string {
  let length = 0
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    const plain = byte >= 0x20 && byte < 0x7f && byte !== BACKSLASH
    if (length + (plain ? 1 : 4) > TEXT_LIMIT) break
    if (plain) shown[length++] = byte
    else {
      shown[length++] = BACKSLASH
      for (let unit = 100; unit >= 1; unit /= 10) shown[length++] = ZERO + (Math.floor(byte / unit) % 10)
    }
  }
  return latin1(shown, 0, length)
}
