import { uint32 } from '../base/bytes.ts'
import { nameFromBytes } from '../base/name.ts'
import type { Oddities } from '../base/oddities.ts'
import { type Means, Observation, type ObservationSink } from '../model/observation.ts'
import { type Packet, PROTOCOL_UDP } from '../model/packet.ts'
import { BufferPool } from './buffer-pool.ts'
import { DtlsReader } from './dtls.ts'
import { begin } from './flow.ts'
import { FlowSpan } from './flow-table.ts'
import { nameHost, readHello } from './hello.ts'
import type { Named } from './openers/opener.ts'
import type { Outcomes } from './outcomes.ts'
import { QuicReader } from './quic.ts'
import { findGoogleHello, GoogleHello, googleConnectionIdAt } from './quic-google.ts'
import { Recent } from './recent.ts'
import { ClientHello } from './tls.ts'

/** Bytes held by all handshakes together. */
const MEMORY_LIMIT = 16 * 1024 * 1024

const CONTENT_HANDSHAKE = 22
/** The first byte of what CAPWAP puts before DTLS. */
const CAPWAP_DTLS = 1
const LONG_HEADER = 0x80

/**
 * Finds what the hellos of clients over UDP name: QUIC and DTLS on any port, known by content. A hello that comes again
 * (retransmitted, captured twice, after a Retry or with a cookie) has the same random, and is one observation.
 */
export class DatagramHellos {
  readonly #sink: ObservationSink
  readonly #observation = new Observation()
  readonly #quic: QuicReader
  readonly #dtls: DtlsReader
  readonly #clientHello = new ClientHello()
  readonly #googleHello = new GoogleHello()
  readonly #recentHellos = new Recent()
  /** What `#named` speaks of. */
  #flow = new FlowSpan()
  readonly #single = new FlowSpan()
  readonly #named: Named

  constructor(oddities: Oddities, outcomes: Outcomes, sink: ObservationSink) {
    this.#sink = sink
    this.#named = {
      name: (means, bytes, start, end, encryptedHello = false) => this.#name(means, bytes, start, end, encryptedHello),
      count: (oddity) => outcomes.count(oddity, this.#flow, PROTOCOL_UDP),
    }
    const pool = new BufferPool(MEMORY_LIMIT)
    this.#quic = new QuicReader(outcomes, pool, (connection, whole, google) => {
      const { buffer, length } = connection.pieces
      if (google) this.#readGoogle(connection, buffer, 0, length)
      else this.#readTls('quic-sni', connection, buffer, Math.min(4, length), length, whole)
    })
    this.#dtls = new DtlsReader(oddities, pool, (flow, bytes, start, end, whole) => {
      this.#readTls('dtls-sni', flow, bytes, start, end, whole)
    })
  }

  /** Takes a datagram with one byte or more. */
  packet(packet: Packet): void {
    const { bytes, offset, end } = packet
    const first = bytes[offset]!
    if (first === CONTENT_HANDSHAKE || first === CAPWAP_DTLS) this.#dtls.datagram(packet)
    else {
      const google = findGoogleHello(bytes, offset, end)
      if (google >= 0) this.#readClear(packet, google)
      else if (first >= LONG_HEADER) this.#quic.datagram(packet)
    }
  }

  /** At the end of the input: what is still incomplete is read as far as it goes. */
  finish(): void {
    this.#quic.finish()
    this.#dtls.finish()
  }

  #readTls(means: Means, flow: FlowSpan, bytes: Uint8Array, start: number, end: number, whole: boolean): void {
    // The random stands behind the version.
    if (end - start >= 6 && this.#recentHellos.has(flow, uint32(bytes, start + 2))) return
    this.#flow = flow
    this.#clientHello.setMessage(bytes, start, end, means === 'dtls-sni')
    readHello(this.#clientHello, means, whole, this.#named)
  }

  /** A CHLO in clear: its client repeats it with all that the server asks for, in the same connection. */
  #readClear(packet: Packet, start: number): void {
    const { bytes, offset, end } = packet
    this.#single.begin(packet)
    if (this.#recentHellos.has(packet, uint32(bytes, googleConnectionIdAt(bytes, offset)))) return
    this.#readGoogle(this.#single, bytes, start, end)
  }

  #readGoogle(flow: FlowSpan, bytes: Uint8Array, start: number, end: number): void {
    this.#flow = flow
    const hello = this.#googleHello
    if (!hello.read(bytes, start, end)) this.#named.count('client_hello_damaged')
    nameHost('quic-sni', bytes, hello.nameStart, hello.nameEnd, false, this.#named)
  }

  #name(means: Means, bytes: Uint8Array, start: number, end: number, encryptedHello: boolean): void {
    const flow = this.#flow
    const observation = this.#observation
    begin(observation, flow, false, flow.firstFrame, flow.lastFrame)
    observation.means = means
    observation.transport = 'udp'
    observation.time = observation.end = flow.lastTime
    observation.encryptedHello = encryptedHello
    observation.name = nameFromBytes(bytes, start, end)
    this.#sink(observation)
  }
}
