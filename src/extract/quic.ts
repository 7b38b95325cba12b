import { uint24 } from '../base/bytes.ts'
import { type Packet, PROTOCOL_UDP } from '../model/packet.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { Flow } from './flow.ts'
import { FlowTable } from './flow-table.ts'
import type { Outcomes } from './outcomes.ts'
import { QuicConnection } from './quic-connection.ts'
import { readFrames } from './quic-frames.ts'
import { KIND_INITIAL, KIND_RETRY, LongHeader } from './quic-header.ts'
import { InitialKeys } from './quic-keys.ts'
import { type Protection, protectionsOf } from './quic-protection.ts'
import { HELLO_LIMIT } from './tls.ts'

/** Where HTTP/3 is offered. */
const PORT_HTTPS = 443

/**
 * A client fills datagrams with an Initial up to 1,200 bytes (RFC 9000 §14.1); some of the drafts' clients sent fewer.
 */
const SMALLEST_DATAGRAM = 1000
/** What a client chooses as its first destination has eight bytes or more (RFC 9000 §7.2). */
const SMALLEST_FIRST_ID = 8

const HANDSHAKE_CLIENT_HELLO = 1

/**
 * Takes the message that a client's Initials carried: in `connection.pieces`, as far as it came. Its beginning may be
 * missing; `google` says that it is a CHLO and not TLS.
 */
export type QuicHelloSink = (connection: QuicConnection, whole: boolean, google: boolean) => void

/**
 * Opens the Initial packets of QUIC clients on any port and puts their ClientHello together, however it was split,
 * shuffled and repeated. That a packet can be opened is the proof that it is one (RFC 9001 §5.2).
 */
export class QuicReader {
  readonly #outcomes: Outcomes
  readonly #onHello: QuicHelloSink
  readonly #connections: FlowTable<QuicConnection>
  readonly #header = new LongHeader()
  readonly #reversed = { addresses: new Uint32Array(8), sourcePort: 0, destinationPort: 0 }

  constructor(outcomes: Outcomes, pool: BufferPool, onHello: QuicHelloSink) {
    this.#outcomes = outcomes
    this.#onHello = onHello
    this.#connections = new FlowTable(
      () => new QuicConnection(pool),
      (connection, dropped) => {
        if (dropped) this.#count('quic_dropped', connection)
        this.#hand(connection, false)
      },
    )
  }

  /** Takes a datagram that begins with a long header: several packets may stand in it (RFC 9000 §12.2). */
  datagram(packet: Packet): void {
    const { bytes, offset, end } = packet
    if (end - offset < SMALLEST_DATAGRAM && !packet.cut) return
    const header = this.#header
    for (let at = offset; at < end && (bytes[at]! & 0x80) !== 0; at = header.end) {
      if (!header.read(bytes, at, end) || (at > offset && !continues(bytes, offset, at))) return
      const protections = protectionsOf(header.version)
      if (protections.length === 0) {
        if (at === offset) this.#countUnknown(packet)
        return
      }
      const kind = ((bytes[at]! >> 4) - protections[0]!.initialType) & 3
      if (kind === KIND_RETRY) return
      if (!header.readLength(bytes, end, kind === KIND_INITIAL)) {
        if (packet.cut && kind === KIND_INITIAL) this.#count('quic_cut', packet)
        return
      }
      if (kind === KIND_INITIAL) this.#initial(packet, at, protections)
    }
  }

  /** At the end of the input. */
  finish(): void {
    this.#connections.finish()
  }

  #initial(packet: Packet, start: number, protections: readonly Protection[]): void {
    if (this.#isFromServer(packet)) return
    const { bytes } = packet
    const { destinationStart, destinationEnd, numberAt, end } = this.#header
    let current: QuicConnection | undefined
    let others = false
    const table = this.#connections
    for (let place = table.find(packet, -1); place >= 0; place = table.find(packet, place)) {
      const connection = table.at(place)
      if (connection.version === this.#header.version) {
        const { first, server, keys } = connection
        if (first.is(bytes, destinationStart, destinationEnd) || server.is(bytes, destinationStart, destinationEnd)) {
          if (keys !== undefined) this.#take(packet, connection, keys.open(bytes, start, numberAt, end))
          return
        }
        if (connection.awaited) current = connection
      }
      others ||= connection.opened
    }
    // Once the server has answered, the client sends to the id that the server chose; the keys stay.
    const plain = current?.keys?.open(bytes, start, numberAt, end)
    if (current !== undefined && plain !== undefined) {
      current.server.set(bytes, destinationStart, destinationEnd)
      this.#take(packet, current, plain)
    } else this.#begin(packet, start, protections, others)
  }

  /** An attempt that is not known: the first, or one more after a Retry or a negotiation of the version. */
  #begin(packet: Packet, start: number, protections: readonly Protection[], others: boolean): void {
    const { bytes } = packet
    const { version, destinationStart, destinationEnd, numberAt, end } = this.#header
    if (destinationEnd - destinationStart < SMALLEST_FIRST_ID) return
    let keys: InitialKeys | undefined
    let plain: Uint8Array | undefined
    for (let i = 0; i < protections.length && plain === undefined; i++) {
      keys = new InitialKeys(protections[i]!, bytes, destinationStart, destinationEnd)
      plain = keys.open(bytes, start, numberAt, end)
    }
    if (keys === undefined) return
    const connection = this.#connections.add(packet)
    connection.attempt(version, keys, bytes, destinationStart, destinationEnd)
    // What a known client sends to an id that the server chose cannot be opened with keys of its own, and need not be.
    if (plain === undefined && !others) this.#count('quic_not_decrypted', packet)
    this.#take(packet, connection, plain)
  }

  #take(packet: Packet, connection: QuicConnection, plain: Uint8Array | undefined): void {
    connection.lastTime = packet.time
    if (plain === undefined) {
      connection.failed()
      return
    }
    connection.opened = true
    const { pieces } = connection
    const result = readFrames(plain, connection.keys!.protection.googleFrames, pieces)
    if (result === 'full') {
      this.#count('quic_dropped', connection)
      this.#hand(connection, false)
    } else if (result === 'added') {
      if (!connection.awaited) connection.firstFrame = packet.frame
      connection.awaited = true
      connection.lastFrame = packet.frame
      const { buffer, length } = pieces
      if (length < 4) return
      const google = connection.keys!.protection.googleHello
      const size = 4 + uint24(buffer, 1)
      if (!google && (buffer[0] !== HANDSHAKE_CLIENT_HELLO || size > HELLO_LIMIT)) {
        this.#count('client_hello_damaged', connection)
        connection.close()
      } else if (google || length >= size) this.#hand(connection, true)
    }
  }

  #hand(connection: QuicConnection, whole: boolean): void {
    this.#onHello(connection, whole, connection.keys!.protection.googleHello)
    connection.close()
  }

  /** A packet against the direction of a known client; it tells which id the server chose. */
  #isFromServer(packet: Packet): boolean {
    const reversed = this.#reversed
    for (let w = 0; w < 4; w++) {
      reversed.addresses[w] = packet.addresses[4 + w]!
      reversed.addresses[4 + w] = packet.addresses[w]!
    }
    reversed.sourcePort = packet.destinationPort
    reversed.destinationPort = packet.sourcePort
    let last: QuicConnection | undefined
    const table = this.#connections
    for (let place = table.find(reversed, -1); place >= 0; place = table.find(reversed, place)) {
      const connection = table.at(place)
      if (connection.opened && (last === undefined || connection.lastTime >= last.lastTime)) last = connection
    }
    last?.server.set(packet.bytes, this.#header.sourceStart, this.#header.sourceEnd)
    return last !== undefined
  }

  #count(oddity: string, flow: Flow): void {
    this.#outcomes.count(oddity, flow, PROTOCOL_UDP)
  }

  /** A version that is not known, where QUIC can be supposed. Version 0 is a server's offer of others (RFC 8999 §6). */
  #countUnknown(packet: Packet): void {
    const { bytes, offset, end, destinationPort } = packet
    const { version } = this.#header
    if (destinationPort !== PORT_HTTPS || version === 0 || (bytes[offset]! & 0x40) === 0) return
    const google = version >>> 16 === 0x5130 || version >>> 16 === 0x5430
    if (google) this.#count('gquic_not_read', packet)
    else if (this.#header.readLength(bytes, end, true)) this.#count('quic_version_unknown', packet)
  }
}

/**
 * Whether the packet at `at` has the version and destination of the one that begins at `start`: all in a datagram have
 * (RFC 9000 §12.2), so no datagram costs more than one set of keys.
 */
function continues(bytes: Uint8Array, start: number, at: number): boolean {
  const length = 5 + bytes[start + 5]!
  for (let i = 1; i <= length; i++) if (bytes[start + i] !== bytes[at + i]) return false
  return true
}
