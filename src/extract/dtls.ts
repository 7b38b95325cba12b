import { uint16, uint24, uint32 } from '../base/bytes.ts'
import type { Oddities } from '../base/oddities.ts'
import { MICROS_PER_SECOND } from '../base/time.ts'
import type { Packet } from '../model/packet.ts'
import type { BufferPool } from './buffer-pool.ts'
import { FlowSpan, FlowState, FlowTable } from './flow-table.ts'
import { Pieces } from './pieces.ts'
import { HELLO_LIMIT } from './tls.ts'

const CONTENT_HANDSHAKE = 22
const HANDSHAKE_CLIENT_HELLO = 1
/** DTLS 1.0; 1.2, which 1.3 shows as well; and the one before 1.0 that Cisco's AnyConnect still speaks. */
const VERSIONS = [0xfeff, 0xfefd, 0x0100]
const RECORD_HEADER = 13
const HANDSHAKE_HEADER = 12
/** CAPWAP puts a header of its own before DTLS (RFC 5415 §4.2). */
const CAPWAP_DTLS = 0x01000000
const CAPWAP_HEADER = 4

/** A hello that was read is taken for the same for so long; after it a new connection has the same ports. */
const REPEATED_LIMIT = 30 * MICROS_PER_SECOND

/** A ClientHello of which a part has come; the second of a handshake answers a HelloVerifyRequest. */
class DtlsHandshake extends FlowState {
  sequence = 0
  size = 0
}

/**
 * Takes a ClientHello without its header, `bytes[start…end)`. Where it is not whole the rest will not come, and what is
 * there can still hold the name.
 */
export type DtlsHelloSink = (flow: FlowSpan, bytes: Uint8Array, start: number, end: number, whole: boolean) => void

/** Finds DTLS ClientHellos on any port, in one record or in fragments (RFC 6347 §4.2.3, RFC 9147 §5.5). */
export class DtlsReader {
  readonly #onHello: DtlsHelloSink
  readonly #oddities: Oddities
  readonly #handshakes: FlowTable<DtlsHandshake>
  readonly #single = new FlowSpan()

  constructor(oddities: Oddities, pool: BufferPool, onHello: DtlsHelloSink) {
    this.#oddities = oddities
    this.#onHello = onHello
    this.#handshakes = new FlowTable(
      () => new DtlsHandshake(new Pieces(pool, HELLO_LIMIT)),
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
      const size = uint24(bytes, at + 1)
      const offset = uint24(bytes, at + 6)
      const length = uint24(bytes, at + 9)
      const body = at + HANDSHAKE_HEADER
      at = body + length
      if (at > end && !packet.cut) return
      if (bytes[body - HANDSHAKE_HEADER] !== HANDSHAKE_CLIENT_HELLO) continue
      if (size > HELLO_LIMIT || offset + length > size) return
      // Only a part of what is there may be the message, and only what was captured.
      const last = Math.min(at, end)
      if (offset === 0 && length === size) {
        this.#single.begin(packet)
        this.#onHello(this.#single, bytes, body, last, at <= end)
      } else this.#fragment(packet, body, last, offset, size, uint16(bytes, body - 8))
    }
  }

  #fragment(packet: Packet, start: number, end: number, offset: number, size: number, sequence: number): void {
    const handshake = this.#find(packet, size, sequence) ?? this.#begin(packet, size, sequence)
    if (!handshake.awaited) return
    const { pieces } = handshake
    const result = pieces.put(packet.bytes, start, end, offset)
    if (result === 'full') this.#giveUp(handshake)
    if (result !== 'added') return
    handshake.lastFrame = packet.frame
    handshake.lastTime = packet.time
    if (pieces.length < size) return
    this.#onHello(handshake, pieces.buffer, 0, size, true)
    this.#close(handshake)
  }

  #find(packet: Packet, size: number, sequence: number): DtlsHandshake | undefined {
    const table = this.#handshakes
    for (let place = table.find(packet, -1); place >= 0; place = table.find(packet, place)) {
      const handshake = table.at(place)
      if (handshake.size !== size || handshake.sequence !== sequence) continue
      if (handshake.awaited || packet.time - handshake.lastTime < REPEATED_LIMIT) return handshake
    }
    return undefined
  }

  #begin(packet: Packet, size: number, sequence: number): DtlsHandshake {
    const handshake = this.#handshakes.add(packet)
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
    this.#onHello(handshake, handshake.pieces.buffer, 0, handshake.pieces.length, false)
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
