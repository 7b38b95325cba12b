import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { MAGIC_COOKIE, STUN_HEADER } from './stun-message.ts'

/** RFC 8656 §12.4. */
const CHANNEL_HEADER = 4
const FIRST_CHANNEL = 0x40
const LAST_CHANNEL = 0x4f
/** RFC 4571 §2. */
const LENGTH = 2

/** Whether a stream begins with a STUN message of its own length, as TURN sends it (RFC 8489 §6.2.2). */
export function opensTurn(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= STUN_HEADER && bytes[start]! < FIRST_CHANNEL && uint32(bytes, start + 4) === MAGIC_COOKIE
}

/** Whether a stream begins with a STUN message behind its length (RFC 4571 §2), as between peers (RFC 6544). */
export function opensFrames(bytes: Uint8Array, start: number, end: number): boolean {
  const message = start + LENGTH
  return opensTurn(bytes, message, end) && uint16(bytes, start) === STUN_HEADER + uint16(bytes, message + 2)
}

/**
 * Parts the segments of a TCP connection into messages. Where a segment was lost, or two share a header, it finds its
 * way again by a message of STUN, or by one that ends as its segment does.
 */
export class MediaSegments {
  /** The message that `next` found; its end may be behind that of the segment. */
  start = 0
  last = 0
  #way: 0 | 1 = 0
  #at = 0
  /** Bytes before each message that are its length, or -1 until that is known. */
  #framing: -1 | 0 | 2 = -1
  /** By direction: how much of the next segment belongs to a message before, and whether that is not known. */
  readonly #rest = [0, 0]
  readonly #lost = [true, true]

  begin(packet: Packet, way: 0 | 1): void {
    this.#way = way
    this.#at = packet.offset + this.#rest[way]!
  }

  /** Finds the next message that begins before `end`; false where there is none. */
  next(bytes: Uint8Array, end: number): boolean {
    const opens = opensTurn(bytes, this.#at, end) ? 0 : opensFrames(bytes, this.#at, end) ? LENGTH : -1
    if (this.#framing < 0) this.#framing = opens
    const after = this.#framing === 0 ? this.#turn(bytes, end) : this.#framing < 0 ? -1 : this.#frame(bytes, end)
    if (after < 0 || (this.#lost[this.#way] && opens !== this.#framing && after !== end)) return false
    this.#lost[this.#way] = false
    this.#at = after
    return true
  }

  /** Remembers how far the last message goes. */
  finish(end: number, cut: boolean): void {
    const rest = this.#at - end
    this.#lost[this.#way] = cut || rest < 0
    this.#rest[this.#way] = cut || rest < 0 ? 0 : rest
  }

  /** Where what follows the message begins, or -1 where there is none. */
  #turn(bytes: Uint8Array, end: number): number {
    const at = this.#at
    this.start = at
    if (opensTurn(bytes, at, end)) {
      this.last = at + STUN_HEADER + uint16(bytes, at + 2)
      return this.last
    }
    if (end - at <= CHANNEL_HEADER || bytes[at]! < FIRST_CHANNEL || bytes[at]! > LAST_CHANNEL) return -1
    const length = uint16(bytes, at + 2)
    this.last = at + CHANNEL_HEADER + length
    return this.last + (-length & 3)
  }

  #frame(bytes: Uint8Array, end: number): number {
    if (end - this.#at <= LENGTH) return -1
    this.start = this.#at + LENGTH
    this.last = this.start + uint16(bytes, this.#at)
    return this.last
  }
}
