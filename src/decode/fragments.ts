import type { Oddities } from '../base/oddities.ts'
import { MICROS_PER_SECOND } from '../base/time.ts'
import type { Packet } from '../model/packet.ts'

/** Places in a bucket of the table: 256 datagrams of 64 KiB at most, so 16 MiB. */
const BUCKETS = 64
const PLACES = 4

/** A datagram that is not whole by then never will be: Linux waits as long. */
const PATIENCE = 30 * MICROS_PER_SECOND

/** The most that an IP packet can hold. Whatever goes past it is an attack ("ping of death"). */
const LIMIT = 65_535
const UNITS = 8192
const SMALLEST_BUFFER = 4096

/** The protocol is no part of the key of IPv6 (RFC 8200 §4.5). */
const ANY_PROTOCOL = -1

/** A datagram that is being put together, and the place for the next. */
class Place {
  used = false
  /** When its first fragment came. */
  time = 0
  readonly addresses = new Uint32Array(8)
  identification = 0
  protocol = 0
  /** What the first fragment says that the datagram holds. */
  next = 0
  /** Length of the datagram, -1 until its last fragment came. */
  length = -1
  /** One past the last byte held. */
  reach = 0
  /** Units of eight bytes held, and which. */
  held = 0
  readonly units = new Uint8Array(UNITS / 8)
  buffer = new Uint8Array(0)
}

/**
 * Puts fragments of IPv4 (RFC 791 §3.2) and IPv6 (RFC 8200 §4.5) together, in whatever order they come.
 *
 * Where fragments overlap, the byte that came first stays, and so does the length that was told first. Every fragment
 * but the last is a multiple of eight bytes long. The table is bounded: a datagram that finds no place takes that of
 * the oldest in its bucket. Counted are `fragments_cut` (the snap length took a part), `fragments_dropped`
 * (impossible, or pushed out), `fragment_overlap` (said something else than what is held), and `fragments_incomplete`
 * (datagrams).
 */
export class Fragments {
  readonly #oddities: Oddities
  /** Empty until a fragment is met: most inputs have none. */
  #places: readonly Place[] = []
  /** Holds the datagram that was completed last. A place gets it for its own then, so the datagram stays readable. */
  #spare: Uint8Array<ArrayBuffer> = new Uint8Array(0)

  constructor(oddities: Oddities) {
    this.#oddities = oddities
  }

  /**
   * Takes a fragment whose payload `packet` was narrowed to; `field` is the fragment field of the IPv4 header. True
   * where `packet` now holds the payload of the whole datagram, until the next packet is decoded.
   */
  ipv4(packet: Packet, identification: number, field: number): boolean {
    return this.#take(packet, identification, packet.protocol, (field & 0x1fff) * 8, (field & 0x2000) !== 0)
  }

  /** The same for IPv6: `field` is that of the fragment header, `packet.protocol` what the header says follows it. */
  ipv6(packet: Packet, identification: number, field: number): boolean {
    return this.#take(packet, identification, ANY_PROTOCOL, field & 0xfff8, (field & 1) !== 0)
  }

  /** Counts what was not completed. */
  finish(): void {
    for (const place of this.#places) {
      if (place.used) this.#oddities.count('fragments_incomplete')
      place.used = false
    }
  }

  #take(packet: Packet, identification: number, protocol: number, start: number, more: boolean): boolean {
    if (packet.cut) {
      this.#oddities.count('fragments_cut')
      // The first one has what comes first: that much can be read. No other can complete anything.
      return start === 0
    }
    const length = packet.end - packet.offset
    const end = start + length
    if (length === 0 || end > LIMIT || (more && length % 8 !== 0)) {
      this.#oddities.count('fragments_dropped')
      return false
    }
    const place = this.#find(packet, identification, protocol)
    if (start === 0) place.next = packet.protocol
    if (!this.#tellsLength(place, end, more)) return false
    this.#copy(place, packet, start, end)
    if (place.length < 0 || place.held < Math.ceil(place.length / 8)) return false
    this.#complete(place, packet)
    return true
  }

  /** The place of the datagram, a new one where it is not known. */
  #find(packet: Packet, identification: number, protocol: number): Place {
    if (this.#places.length === 0) this.#places = Array.from({ length: BUCKETS * PLACES }, () => new Place())
    const { addresses, time } = packet
    let hash = identification ^ protocol
    for (let w = 0; w < 8; w++) hash = Math.imul(hash ^ addresses[w]!, 0x9e3779b1)
    const bucket = (hash >>> 26) * PLACES
    let chosen = this.#places[bucket]!
    for (let at = bucket; at < bucket + PLACES; at++) {
      const place = this.#places[at]!
      if (place.used && Math.abs(time - place.time) > PATIENCE) {
        this.#oddities.count('fragments_incomplete')
        place.used = false
      }
      if (place.used && isOf(place, addresses, identification, protocol)) return place
      if (chosen.used && (!place.used || place.time < chosen.time)) chosen = place
    }
    if (chosen.used) this.#oddities.count('fragments_dropped')
    chosen.used = true
    chosen.time = time
    chosen.addresses.set(addresses)
    chosen.identification = identification
    chosen.protocol = protocol
    chosen.next = packet.protocol
    chosen.length = -1
    chosen.reach = 0
    chosen.held = 0
    chosen.units.fill(0)
    return chosen
  }

  /** Keeps the length that the last fragment tells. False for a fragment that contradicts what was told before. */
  #tellsLength(place: Place, end: number, more: boolean): boolean {
    const known = place.length
    const agrees = known >= 0 ? (more ? end <= known : end === known) : more || end >= place.reach
    if (agrees && !more) place.length = end
    if (agrees) return true
    this.#oddities.count('fragment_overlap')
    return false
  }

  #copy(place: Place, packet: Packet, start: number, end: number): void {
    if (place.buffer.length < end) place.buffer = grown(place.buffer, end)
    const { buffer, units } = place
    const { bytes } = packet
    let differs = false
    for (let at = start, from = packet.offset; at < end; at += 8, from += 8) {
      const unit = at >> 3
      const bit = 1 << (unit & 7)
      const last = Math.min(at + 8, end)
      if ((units[unit >> 3]! & bit) !== 0) {
        for (let i = at; i < last; i++) if (buffer[i] !== bytes[from + i - at]) differs = true
        continue
      }
      units[unit >> 3]! |= bit
      place.held++
      for (let i = at; i < last; i++) buffer[i] = bytes[from + i - at]!
    }
    if (end > place.reach) place.reach = end
    if (differs) this.#oddities.count('fragment_overlap')
  }

  #complete(place: Place, packet: Packet): void {
    packet.bytes = place.buffer
    packet.offset = 0
    packet.end = place.length
    packet.protocol = place.next
    packet.cut = false
    place.used = false
    place.buffer = this.#spare
    this.#spare = packet.bytes as Uint8Array<ArrayBuffer>
  }
}

function isOf(place: Place, addresses: Uint32Array, identification: number, protocol: number): boolean {
  if (place.identification !== identification || place.protocol !== protocol) return false
  for (let w = 0; w < 8; w++) if (place.addresses[w] !== addresses[w]) return false
  return true
}

function grown(buffer: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  let size = SMALLEST_BUFFER
  while (size < length) size *= 2
  const larger = new Uint8Array(size)
  larger.set(buffer)
  return larger
}
