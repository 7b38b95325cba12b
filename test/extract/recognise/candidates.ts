import type { Candidate, Opinion, Protocol } from '../../../src/extract/recognise/protocol.ts'
import { Packet } from '../../../src/model/packet.ts'

/** A datagram, or a segment of TCP. */
export interface Sent {
  readonly bytes: Uint8Array
  /** From the client, where it is left out. */
  readonly up?: boolean
  /** The snap length took bytes from its end. */
  readonly cut?: boolean
  /** Of the first byte; where it is left out, one behind what went that way before. */
  readonly sequence?: number
}

export interface FlowOptions {
  readonly clientPort?: number
  readonly serverPort?: number
  /** What stands around each payload. */
  readonly around?: number
}

/** There was no candidate to have one. */
export type OpinionOrNone = Opinion | 'none'

/** One flow before one protocol: a candidate is begun where it can be one, and forgotten where it says no. */
export class Flow {
  readonly #protocol: Protocol
  readonly #options: Required<FlowOptions>
  readonly #packet = new Packet()
  readonly #window: Uint8Array
  readonly #next = [1000, 5000]
  #candidate: Candidate | undefined = undefined

  constructor(protocol: Protocol, { clientPort = 40_000, serverPort = 443, around = 0x16 }: FlowOptions = {}) {
    this.#protocol = protocol
    this.#options = { clientPort, serverPort, around }
    this.#window = new Uint8Array(1 << 11).fill(around)
  }

  get candidate(): Candidate | undefined {
    return this.#candidate
  }

  take({ bytes, up = true, cut = false, sequence }: Sent): OpinionOrNone {
    const packet = this.#packet
    const { clientPort, serverPort, around } = this.#options
    this.#window.set(bytes, 32)
    this.#window.fill(around, 32 + bytes.length, 32 + bytes.length + 64)
    packet.bytes = this.#window
    packet.offset = 32
    packet.end = 32 + bytes.length
    packet.cut = cut
    packet.sourcePort = up ? clientPort : serverPort
    packet.destinationPort = up ? serverPort : clientPort
    const way = up ? 0 : 1
    packet.sequence = sequence ?? this.#next[way]!
    this.#next[way] = packet.sequence + bytes.length
    if (bytes.length === 0) return 'none'
    if (this.#candidate === undefined && !this.#begins(bytes.length, cut)) return 'none'
    const opinion = this.#candidate!.take(packet, up)
    if (opinion === 'no') this.#candidate = undefined
    return opinion
  }

  #begins(size: number, cut: boolean): boolean {
    const { bytes, offset, end } = this.#packet
    // Of what was cut, as much is missing as the longest headers are long.
    const length = cut ? size + 64 : size
    if (!this.#protocol.first.includes(bytes[offset]!)) return false
    if (!this.#protocol.canBe(bytes, offset, end, length)) return false
    this.#candidate = this.#protocol.begin()
    return true
  }
}

/** What is made of each in turn. */
export function opinions(protocol: Protocol, sent: readonly Sent[], options?: FlowOptions): OpinionOrNone[] {
  const flow = new Flow(protocol, options)
  return sent.map((one) => flow.take(one))
}

export function up(bytes: Uint8Array): Sent {
  return { bytes, up: true }
}

export function down(bytes: Uint8Array): Sent {
  return { bytes, up: false }
}
