import { uint16, uint24, uint32 } from '../base/bytes.ts'
import type { Oddities } from '../base/oddities.ts'
import { MICROS_PER_SECOND } from '../base/time.ts'
import type { Packet } from '../model/packet.ts'
import type { BufferPool } from './buffer-pool.ts'
import { FlowSpan, FlowState, FlowTable } from './flow-table.ts'
import { MESSAGE_LIMIT } from './handshake-records.ts'
import { Pieces } from './pieces.ts'
import { mayShowCertificate } from './server-flight.ts'
import {
  CONTENT_HANDSHAKE,
  HANDSHAKE_CERTIFICATE,
  HANDSHAKE_CLIENT_HELLO,
  HANDSHAKE_SERVER_HELLO,
  VERSION_DTLS_CISCO,
} from './tls-values.ts'

/** DTLS 1.0; 1.2, which 1.3 shows as well; and the one before 1.0. */
const VERSIONS = [0xfeff, 0xfefd, VERSION_DTLS_CISCO]
const RECORD_HEADER = 13
const HANDSHAKE_HEADER = 12
/** CAPWAP puts a header of its own before DTLS (RFC 5415 §4.2). */
const CAPWAP_DTLS = 0x01000000
const CAPWAP_HEADER = 4

/** A message that was read is taken for the same for so long; after it a new connection has the same ports. */
const REPEATED_LIMIT = 30 * MICROS_PER_SECOND

/**
 * A ClientHello of which a part has come, the second of a handshake answers a HelloVerifyRequest; or a Certificate that
 * a ServerHello announced.
 */
class DtlsHandshake extends FlowState {
  type = 0
  sequence = 0
  /** Bytes of the message; 0 while nothing of it has come. */
  size = 0
}

/**
 * Takes a ClientHello without its header, `bytes[start…end)`. Where it is not whole the rest will not come, and what is
 * there can still hold the name.
 */
export type DtlsHelloSink = (flow: FlowSpan, bytes: Uint8Array, start: number, end: number, whole: boolean) => void

/** Takes a server's Certificate message of `size` bytes without its header, what came of it in `bytes[start…end)`. */
export type DtlsCertificateSink = (flow: FlowSpan, bytes: Uint8Array, start: number, end: number, size: number) => void

/**
 * Finds DTLS ClientHellos on any port, and servers' certificates where they are not encrypted, in one record or in
 * fragments (RFC 6347 §4.2.3, RFC 9147 §5.5). A certificate is a server's where a ServerHello came just before it.
 */
export class DtlsReader {
  readonly #onHello: DtlsHelloSink
  readonly #onCertificate: DtlsCertificateSink
  readonly #oddities: Oddities
  readonly #handshakes: FlowTable<DtlsHandshake>
  readonly #single = new FlowSpan()

  constructor(oddities: Oddities, pool: BufferPool, onHello: DtlsHelloSink, onCertificate: DtlsCertificateSink) {
    this.#oddities = oddities
    this.#onHello = onHello
    this.#onCertificate = onCertificate
    this.#handshakes = new FlowTable(
      () => new DtlsHandshake(new Pieces(pool, MESSAGE_LIMIT)),
      (handshake, dropped) => this.#abandon(handshake, dropped),
    )
  }

  /** Takes a datagram: several records may stand in it. */
  datagram(packet: Packet): void {
    const { bytes, end } = packet
    let at = packet.offset
    if (end - at > CAPWAP_HEADER && uint32(bytes, at) === CAPWAP_DTLS) at += CAPWAP_HEADER
    while (end - at >= RECORD_HEADER + HANDSHAKE_HEADER && isClearHandshake(bytes, at)) {
      const data = at + RECORD_HEADER
      at = data + uint16(bytes, at + 11)
      if (at > end && !packet.cut) return
      this.#fragments(packet, data, Math.min(at, end))
    }
  }

  /** At the end of the input. */
  finish(): void {
    this.#handshakes.finish()
  }

  /** The handshake messages, or parts of them, in one record. */
  #fragments(packet: Packet, start: number, end: number): void {
    const { bytes } = packet
    for (let at = start; end - at >= HANDSHAKE_HEADER; ) {
      const type = bytes[at]!
      const size = uint24(bytes, at + 1)
      const offset = uint24(bytes, at + 6)
      const length = uint24(bytes, at + 9)
      const body = at + HANDSHAKE_HEADER
      at = body + length
      if (at > end && !packet.cut) return
      const isHello = type === HANDSHAKE_CLIENT_HELLO
      if (!isHello && type !== HANDSHAKE_SERVER_HELLO && type !== HANDSHAKE_CERTIFICATE) continue
      if (size > MESSAGE_LIMIT || offset + length > size) return
      const sequence = uint16(bytes, body - 8)
      // Only a part of what is there may be the message, and only what was captured.
      const last = Math.min(at, end)
      const whole = offset === 0 && length === size
      if (type === HANDSHAKE_SERVER_HELLO) {
        if (whole && mayShowCertificate(bytes, body, last)) this.#announce(packet, sequence + 1)
      } else if (isHello && whole) {
        this.#single.begin(packet)
        this.#onHello(this.#single, bytes, body, last, at <= end)
      } else this.#fragment(packet, type, body, last, offset, size, sequence)
    }
  }

  /** A Certificate with this sequence number is the server's. */
  #announce(packet: Packet, sequence: number): void {
    if (this.#find(packet, HANDSHAKE_CERTIFICATE, 0, sequence) !== undefined) return
    const handshake = this.#begin(packet, HANDSHAKE_CERTIFICATE, 0, sequence)
    handshake.awaited = false
  }

  #fragment(
    packet: Packet,
    type: number,
    start: number,
    end: number,
    offset: number,
    size: number,
    sequence: number,
  ): void {
    let handshake = this.#find(packet, type, size, sequence)
    if (handshake === undefined) {
      if (type === HANDSHAKE_CERTIFICATE) return
      handshake = this.#begin(packet, type, size, sequence)
    }
    if (handshake.size === 0) {
      handshake.begin(packet)
      handshake.size = size
      handshake.awaited = true
    }
    if (!handshake.awaited) return
    const { pieces } = handshake
    const result = pieces.put(packet.bytes, start, end, offset)
    if (result === 'full') this.#giveUp(handshake)
    if (result !== 'added') return
    handshake.lastFrame = packet.frame
    handshake.lastTime = packet.time
    if (pieces.length < size) return
    this.#hand(handshake)
    this.#close(handshake)
  }

  /** The message of a flow; a Certificate of any size where only its ServerHello has come, or where that comes again. */
  #find(packet: Packet, type: number, size: number, sequence: number): DtlsHandshake | undefined {
    const table = this.#handshakes
    for (let place = table.find(packet, -1); place >= 0; place = table.find(packet, place)) {
      const handshake = table.at(place)
      if (handshake.type !== type || handshake.sequence !== sequence) continue
      if (handshake.size !== size && (type !== HANDSHAKE_CERTIFICATE || (size !== 0 && handshake.size !== 0))) continue
      if (handshake.awaited || packet.time - handshake.lastTime < REPEATED_LIMIT) return handshake
    }
    return undefined
  }

  #begin(packet: Packet, type: number, size: number, sequence: number): DtlsHandshake {
    const handshake = this.#handshakes.add(packet)
    handshake.type = type
    handshake.size = size
    handshake.sequence = sequence
    handshake.awaited = true
    return handshake
  }

  #giveUp(handshake: DtlsHandshake): void {
    this.#abandon(handshake, true)
    this.#close(handshake)
  }

  #abandon(handshake: DtlsHandshake, dropped: boolean): void {
    if (dropped) this.#oddities.count('dtls_dropped')
    this.#hand(handshake)
  }

  /** Hands on what has come. */
  #hand(handshake: DtlsHandshake): void {
    const { type, size, pieces } = handshake
    const { buffer, length } = pieces
    if (type === HANDSHAKE_CERTIFICATE) this.#onCertificate(handshake, buffer, 0, length, size)
    else this.#onHello(handshake, buffer, 0, length, length === size)
  }

  /** It keeps its place: fragments may come again. */
  #close(handshake: DtlsHandshake): void {
    handshake.awaited = false
    handshake.pieces.clear()
  }
}

/** A record of handshake messages that is not encrypted yet: epoch 0. */
function isClearHandshake(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === CONTENT_HANDSHAKE && VERSIONS.includes(uint16(bytes, at + 1)) && uint16(bytes, at + 3) === 0
}
