import type { Oddities } from '../base/oddities.ts'
import { MICROS_PER_SECOND, type Micros } from '../base/time.ts'
import type { Observation } from '../model/observation.ts'
import { type Packet, PROTOCOL_TCP, PROTOCOL_UDP } from '../model/packet.ts'
import type { Flow } from './flow.ts'

const BUCKET_BITS = 14
const WAYS = 4
const PLACES = (1 << BUCKET_BITS) * WAYS

/**
 * A record is 16 words, a line of the cache: tag, ports, client and server address, state, the seconds of its last and
 * its first packet, the bytes that went up and down, and the frame of its first packet.
 */
const RECORD = 16

const PORTS = 1
const CLIENT = 2
const SERVER = 6
const STATE = 10
const SECOND = 11
const FIRST_SECOND = 12
const UP_BYTES = 13
const DOWN_BYTES = 14
const FRAME = 15
/** Bytes are counted up to here. */
const MOST_BYTES = 0xffff_ffff

/** What was seen of a flow: bits of its state. */
const BEGUN = 1
const CLOSED = 2
const UP = 4
const DOWN = 8
const UP_DATA = 16
const DOWN_DATA = 32

/** What became of it: further bits. */
export const NAMED = 1 << 6
export const TUNNEL = 1 << 7
export const CALL = 1 << 8
export const ENCRYPTED_DNS = 1 << 9
export const IDENTIFIED = 1 << 10
export const LOCAL = 1 << 11
export const COVERED = 1 << 12
export const WITHOUT_NAME = 1 << 13
export const INCOMPLETE = 1 << 14
export const NOT_OPENED = 1 << 15
/** Somebody asks what it is. */
export const IN_QUESTION = 1 << 16
const CONNECTION = 1 << 17
/** It names nothing, but its server's address says something. */
export const BY_ADDRESS = 1 << 18
/** Beyond these bits stands how many of its packets with data were looked at. */
const LOOKS = 24

/** RFC 9293 §3.1 */
const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const ACK = 0x10

/** Datagrams after a longer pause are another conversation (RFC 4787 §4.3 asks NATs for two minutes at least). */
const PAUSE_SECONDS = 300

const PORT_HTTPS = 443
/** Ports below are those of services (RFC 6335 §6). */
const SYSTEM_PORTS = 1024

/** What is counted of a flow, by the first of these bits that it has. */
const OUTCOMES: readonly (readonly [bit: number, oddity: string])[] = [
  [LOCAL, 'flows_local'],
  [TUNNEL, 'flows_tunnel'],
  [ENCRYPTED_DNS, 'flows_encrypted_dns'],
  [COVERED, 'flows_cover_name'],
  [NAMED, 'flows_named'],
  [CALL, 'flows_call'],
  [BY_ADDRESS, 'flows_by_address'],
  [IDENTIFIED, 'flows_without_names'],
  [INCOMPLETE, 'flows_hello_incomplete'],
  [WITHOUT_NAME, 'flows_hello_without_name'],
  [NOT_OPENED, 'flows_quic_not_opened'],
]

/**
 * Every connection and exchange of datagrams of an input, as one record of numbers: 16,384 buckets of four places. A
 * flow that finds its bucket full ends the one that was idle longest; one that goes on after that counts twice. At its
 * end each flow is counted by what became of it, so that an input says how much of it could be named.
 */
export class Flows {
  readonly #oddities: Oddities
  readonly #onEnd: (place: number) => void
  readonly #words = new Uint32Array(PLACES * RECORD)
  /** Buckets that were ever used: at the end of a small input nothing else is looked at. */
  readonly #touched = new Uint8Array(1 << BUCKET_BITS)
  /** After `find`: the packet goes from the client to the server. */
  up = false
  readonly #view = { addresses: new Uint32Array(8), sourcePort: 0, destinationPort: 0 }

  /** @param onEnd is called with the place of a flow that ends. */
  constructor(oddities: Oddities, onEnd: (place: number) => void) {
    this.#oddities = oddities
    this.#onEnd = onEnd
  }

  /** The place of the packet's flow, which begins with it where it is not known. It stands until the next `find`. */
  find(packet: Packet): number {
    const { addresses } = packet
    const tag = tagOf(packet, packet.protocol)
    const words = this.#words
    const bucket = Math.imul(tag, 0x9e3779b1) >>> (32 - BUCKET_BITS)
    let at = bucket * WAYS * RECORD
    const bucketEnd = at + WAYS * RECORD
    const straight = (packet.sourcePort << 16) | packet.destinationPort
    const reversed = (packet.destinationPort << 16) | packet.sourcePort
    for (; at < bucketEnd; at += RECORD) {
      if (words[at] !== tag) continue
      const ports = words[at + PORTS]! | 0
      if (ports === straight && same(words, at + CLIENT, addresses, 0) && same(words, at + SERVER, addresses, 4)) {
        this.up = true
        break
      }
      if (ports === reversed && same(words, at + CLIENT, addresses, 4) && same(words, at + SERVER, addresses, 0)) {
        this.up = false
        break
      }
    }
    const second = (packet.time / MICROS_PER_SECOND) >>> 0
    if (at === bucketEnd) at = this.#add(packet, tag, bucket, second)
    else if (this.#isAnother(packet, at, second)) {
      this.#end(at)
      this.#begin(packet, at, tag)
    }
    if (words[at + SECOND] !== second) words[at + SECOND] = second
    const seen = this.up ? UP : DOWN
    let state = words[at + STATE]! | seen
    if (packet.end > packet.offset) {
      state |= this.up ? UP_DATA : DOWN_DATA
      const bytes = at + (this.up ? UP_BYTES : DOWN_BYTES)
      const length = packet.cut ? packet.wireLength : packet.end - packet.offset
      words[bytes] = Math.min(words[bytes]! + length, MOST_BYTES)
    }
    if (packet.protocol === PROTOCOL_TCP && (packet.flags & (FIN | RST | SYN)) !== 0) {
      state |= (packet.flags & SYN) !== 0 ? BEGUN : CLOSED
    }
    if (state !== words[at + STATE]) words[at + STATE] = state
    return at
  }

  /** The bits of the flow at a place. */
  stateAt(place: number): number {
    return this.#words[place + STATE]!
  }

  /** Packets of the flow at a place went both ways. */
  isAnswered(place: number): boolean {
    return (this.#words[place + STATE]! & (UP | DOWN)) === (UP | DOWN)
  }

  /** Sets bits of the flow at a place. */
  note(place: number, bits: number): void {
    this.#words[place + STATE]! |= bits
  }

  /** Clears bits of the flow at a place. */
  clear(place: number, bits: number): void {
    this.#words[place + STATE]! &= ~bits
  }

  /** Counts one more look at the flow, up to 127, and gives how many there were before. */
  look(place: number): number {
    const state = this.#words[place + STATE]!
    const looks = state >>> LOOKS
    if (looks < 127) this.#words[place + STATE] = state + (1 << LOOKS)
    return looks
  }

  /** Sets bits of the flow that these ends belong to, whichever way they are given; of one that has ended, nothing. */
  noteOf(ends: Flow, protocol: number, bits: number): void {
    const tag = tagOf(ends, protocol)
    const words = this.#words
    const first = (Math.imul(tag, 0x9e3779b1) >>> (32 - BUCKET_BITS)) * WAYS * RECORD
    for (let at = first; at < first + WAYS * RECORD; at += RECORD) {
      if (words[at] !== tag) continue
      const client = same(words, at + CLIENT, ends.addresses, 0) ? 0 : 4
      if (same(words, at + CLIENT, ends.addresses, client) && same(words, at + SERVER, ends.addresses, 4 - client)) {
        words[at + STATE]! |= bits
      }
    }
  }

  /** `noteOf` the flow of an observation. */
  noteObserved({ addresses, clientPort, serverPort, transport }: Observation, bits: number): void {
    const view = this.#view
    view.addresses.set(addresses)
    view.sourcePort = clientPort
    view.destinationPort = serverPort
    this.noteOf(view, transport === 'tcp' ? PROTOCOL_TCP : PROTOCOL_UDP, bits)
  }

  /** The ends of the flow at a place, the client first; valid until the next call. */
  ends(place: number): Flow {
    const view = this.#view
    for (let w = 0; w < 8; w++) view.addresses[w] = this.#words[place + CLIENT + w]!
    view.sourcePort = this.#words[place + PORTS]! >>> 16
    view.destinationPort = this.#words[place + PORTS]! & 0xffff
    return view
  }

  /** Whether its first packet was seen: of a connection its SYN. */
  isBegun(place: number): boolean {
    const state = this.#words[place + STATE]!
    return (state & CONNECTION) === 0 || (state & BEGUN) !== 0
  }

  hasData(place: number): boolean {
    return (this.#words[place + STATE]! & (UP_DATA | DOWN_DATA)) !== 0
  }

  isConnection(place: number): boolean {
    return (this.#words[place + STATE]! & CONNECTION) !== 0
  }

  /** When its first and last packets came, in whole seconds, the frame of the first, and the bytes of both ways. */
  span(place: number): { first: Micros; last: Micros; frame: number; up: number; down: number } {
    const words = this.#words
    return {
      first: words[place + FIRST_SECOND]! * MICROS_PER_SECOND,
      last: words[place + SECOND]! * MICROS_PER_SECOND,
      frame: words[place + FRAME]!,
      up: words[place + UP_BYTES]!,
      down: words[place + DOWN_BYTES]!,
    }
  }

  /** Ends all flows: at the end of the input. */
  finish(): void {
    for (let bucket = 0; bucket < this.#touched.length; bucket++) {
      if (this.#touched[bucket] === 0) continue
      const first = bucket * WAYS * RECORD
      for (let at = first; at < first + WAYS * RECORD; at += RECORD) if (this.#words[at] !== 0) this.#end(at)
    }
  }

  #add(packet: Packet, tag: number, bucket: number, second: number): number {
    const words = this.#words
    let place = bucket * WAYS * RECORD
    for (let at = place; at < (bucket + 1) * WAYS * RECORD; at += RECORD) {
      if (words[at] === 0) {
        place = at
        break
      }
      if (words[at + SECOND]! < words[place + SECOND]!) place = at
    }
    if (words[place] !== 0) {
      const active = (words[place + STATE]! & CLOSED) === 0 && second - words[place + SECOND]! < PAUSE_SECONDS
      if (active) this.#oddities.count('flows_ended_early')
      this.#end(place)
    }
    this.#touched[bucket] = 1
    this.#begin(packet, place, tag)
    return place
  }

  #begin(packet: Packet, at: number, tag: number): void {
    const words = this.#words
    const { addresses, sourcePort, destinationPort } = packet
    this.up = isFromClient(packet)
    const client = this.up ? 0 : 4
    words[at] = tag
    words[at + PORTS] = this.up ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort
    for (let w = 0; w < 4; w++) {
      words[at + CLIENT + w] = addresses[client + w]!
      words[at + SERVER + w] = addresses[4 - client + w]!
    }
    words[at + STATE] = (isLocal(packet) ? LOCAL : 0) | (packet.protocol === PROTOCOL_TCP ? CONNECTION : 0)
    words[at + FIRST_SECOND] = (packet.time / MICROS_PER_SECOND) >>> 0
    words[at + UP_BYTES] = 0
    words[at + DOWN_BYTES] = 0
    words[at + FRAME] = packet.frame
  }

  /** The same ends, but another connection: a SYN after a FIN, or datagrams after a long pause. */
  #isAnother(packet: Packet, at: number, second: number): boolean {
    const words = this.#words
    if (packet.protocol === PROTOCOL_TCP) {
      return (packet.flags & (SYN | ACK)) === SYN && (words[at + STATE]! & CLOSED) !== 0
    }
    return second - words[at + SECOND]! > PAUSE_SECONDS
  }

  #end(at: number): void {
    this.#onEnd(at)
    const state = this.#words[at + STATE]!
    this.#oddities.count('flows')
    this.#oddities.count(outcomeOf(state, this.#words[at + PORTS]! & 0xffff))
    this.#words[at] = 0
  }
}

function outcomeOf(state: number, serverPort: number): string {
  for (const [bit, oddity] of OUTCOMES) if ((state & bit) !== 0) return oddity
  if ((state & (UP_DATA | DOWN_DATA)) === 0) return 'flows_without_data'
  // QUIC names its server in the first datagrams; what follows them looks like nothing.
  if ((state & CONNECTION) !== 0 ? (state & BEGUN) === 0 : serverPort === PORT_HTTPS) return 'flows_picked_up'
  if ((state & UP) === 0 || (state & DOWN) === 0) return 'flows_one_direction'
  return 'flows_not_recognised'
}

/** Never zero, and the same for both directions; what it leaves open the comparison of the ends decides. */
function tagOf({ addresses, sourcePort, destinationPort }: Flow, protocol: number): number {
  const client = addresses[3]!
  const server = addresses[7]!
  const network = addresses[0]! ^ addresses[4]! ^ Math.imul(addresses[1]! ^ addresses[5]!, 0xc2b2ae35)
  const hosts =
    Math.imul(client ^ server ^ Math.imul(network, 0x27d4eb2f), 0x85ebca6b) + Math.imul(client + server, 0x9e3779b1)
  const mixed = hosts ^ Math.imul(sourcePort + destinationPort + (protocol << 17), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 15)) | 1) >>> 0
}

function same(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  return a[i + 3] === b[j + 3] && a[i + 2] === b[j + 2] && a[i + 1] === b[j + 1] && a[i] === b[j]
}

/** Who began is known by the handshake, else the side on a service's port serves, else the first to speak began. */
function isFromClient({ protocol, flags, sourcePort, destinationPort }: Packet): boolean {
  if (protocol === PROTOCOL_TCP && (flags & SYN) !== 0) return (flags & ACK) === 0
  return !(sourcePort < SYSTEM_PORTS && destinationPort >= SYSTEM_PORTS)
}

/** To all, or to a group, or between neighbours on one link: it leads nowhere outside. */
function isLocal({ addresses }: Packet): boolean {
  if (addresses[4] === 0 && addresses[5] === 0 && addresses[6] === 0xffff) {
    const server = addresses[7]!
    return server === 0xffffffff || server >>> 28 === 14 || server >>> 16 === 0xa9fe
  }
  // RFC 4291 §2.4: ff00::/8 and fe80::/10.
  return addresses[4]! >>> 24 === 0xff || addresses[4]! >>> 22 === 0x3fa
}
