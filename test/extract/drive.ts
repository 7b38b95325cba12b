import { Oddities } from '../../src/base/oddities.ts'
import { Decoder } from '../../src/decode/decode.ts'
import { Extractor } from '../../src/extract/extract.ts'
import type { WantedServer } from '../../src/extract/flow-ends.ts'
import type { Observation } from '../../src/model/observation.ts'
import { Packet } from '../../src/model/packet.ts'
import { observationRecord } from '../../src/report/observation.ts'
import { type Ends, LINKTYPE_RAW, tcpPacket } from '../build/index.ts'

/** An observation as `inspect` prints it. */
export type Observed = Record<string, unknown>

export interface CapturedPacket {
  /** An IP packet, as much of it as was captured. */
  readonly bytes: Uint8Array
  readonly wireLength?: number
  /** Microseconds; a millisecond after the packet before where it is left out. */
  readonly time?: number
}

export interface ExtractionOptions {
  /** Whether the end of the flow of an observation is to be told. */
  readonly follows?: (observed: Observed) => boolean
  readonly isWanted?: WantedServer
}

/** An extractor that is fed IP packets, and what it observed. */
export class Extraction {
  readonly observed: Observed[] = []
  readonly oddities = new Oddities()
  readonly #extractor: Extractor
  readonly #decoder = new Decoder(this.oddities, {
    tunnel: (packet, protocol) => this.#extractor.tunnel(packet, protocol),
  })
  readonly #packet = new Packet()
  readonly #window = new Uint8Array(1 << 16)
  #time = 0

  constructor({ follows, isWanted }: ExtractionOptions = {}) {
    const sink = (observation: Observation) => {
      const record = observationRecord(observation, 'test', 'frame')
      this.observed.push(observation.continued ? { ...record, continued: true } : record)
      return follows?.(record) ? 'follow' : undefined
    }
    this.#extractor = new Extractor(this.oddities, sink, isWanted)
  }

  packet({ bytes, wireLength = bytes.length, time = this.#time + 1000 }: CapturedPacket): this {
    const packet = this.#packet
    // As in a window that is used again and again: around the packet stand bytes of others.
    this.#window.fill(0x16, 0, bytes.length + 64)
    this.#window.set(bytes, 32)
    packet.bytes = this.#window
    packet.offset = 32
    packet.end = 32 + bytes.length
    packet.wireLength = wireLength
    packet.time = this.#time = time
    packet.linkType = LINKTYPE_RAW
    packet.frame++
    if (this.#decoder.decode(packet)) this.#extractor.packet(packet)
    while (packet.rest > 0) if (this.#decoder.decodeRest(packet)) this.#extractor.packet(packet)
    return this
  }

  packets(packets: readonly Uint8Array[]): this {
    for (const bytes of packets) this.packet({ bytes })
    return this
  }

  finish(): this {
    this.#extractor.finish()
    return this
  }

  get names(): unknown[] {
    return this.observed.map(({ name }) => name)
  }

  /** Oddities that are counted, by name, but for what became of flows. */
  get counts(): Record<string, number> {
    return Object.fromEntries(this.oddities.entries().filter(([name]) => !name.startsWith('flows')))
  }

  /** What became of flows, by name. */
  get flows(): Record<string, number> {
    return Object.fromEntries(this.oddities.entries().filter(([name]) => name.startsWith('flows')))
  }
}

/** What is observed in these IP packets and at their end. */
export function extract(packets: readonly Uint8Array[]): Extraction {
  return new Extraction().packets(packets).finish()
}

export const ENDS: Ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 51234, destinationPort: 443 }

/** `stream[from…to)` as a segment of a stream that begins at sequence number `base`. */
export function segment(
  stream: Uint8Array,
  from: number,
  to: number,
  base = 1000,
  ends = ENDS,
  flags = 0x18,
): Uint8Array {
  return tcpPacket(ends, { sequence: (base + from) >>> 0, flags, payload: stream.subarray(from, to) })
}

/** A stream cut at these places, ascending. */
export function segments(stream: Uint8Array, cuts: readonly number[], base = 1000, ends = ENDS): Uint8Array[] {
  const places = [0, ...cuts, stream.length]
  return places.slice(1).map((to, i) => segment(stream, places[i]!, to, base, ends))
}

/** The SYN of a stream whose first byte has sequence number `base`. */
export function syn(base = 1000, ends = ENDS): Uint8Array {
  return tcpPacket(ends, { sequence: (base - 1) >>> 0, flags: 0x02 })
}

/** `count` cuts that part a stream of `length` bytes evenly. */
export function evenly(length: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 1) * length) / (count + 1)))
}
