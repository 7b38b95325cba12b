import { uint32 } from '../base/bytes.ts'
import type { Oddities } from '../base/oddities.ts'
import type { Means, ObservationSink } from '../model/observation.ts'
import { type Packet, PROTOCOL_UDP } from '../model/packet.ts'
import { BufferPool } from './buffer-pool.ts'
import { Certificate } from './certificate.ts'
import type { CoverNames } from './cover-names.ts'
import { DtlsReader } from './dtls.ts'
import { FlowObserver } from './flow-observer.ts'
import { FlowSpan } from './flow-table.ts'
import { nameHost, readHello } from './hello.ts'
import type { Outcomes } from './outcomes.ts'
import { QuicReader } from './quic.ts'
import { findGoogleHello, GoogleHello, googleConnectionIdAt } from './quic-google.ts'
import { Recent } from './recent.ts'
import { readFirstCertificate } from './server-certificate.ts'
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
  readonly #quic: QuicReader
  readonly #dtls: DtlsReader
  readonly #clientHello = new ClientHello()
  readonly #serverCertificate = new Certificate()
  readonly #googleHello = new GoogleHello()
  readonly #recentHellos = new Recent()
  readonly #single = new FlowSpan()
  readonly #observer: FlowObserver

  constructor(oddities: Oddities, outcomes: Outcomes, coverNames: CoverNames, sink: ObservationSink) {
    this.#observer = new FlowObserver(PROTOCOL_UDP, outcomes, coverNames, sink)
    const pool = new BufferPool(MEMORY_LIMIT)
    this.#quic = new QuicReader(outcomes, pool, (connection, whole, google) => {
      const { buffer, length } = connection.pieces
      if (google) this.#readGoogle(connection, buffer, 0, length)
      else this.#readTls('quic-sni', connection, buffer, Math.min(4, length), length, whole)
    })
    this.#dtls = new DtlsReader(
      oddities,
      pool,
      (flow, bytes, start, end, whole) => this.#readTls('dtls-sni', flow, bytes, start, end, whole),
      (flow, bytes, start, end, size) => {
        this.#begin(flow)
        readFirstCertificate(this.#serverCertificate, bytes, start, end, size, this.#observer)
      },
    )
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

  #begin(flow: FlowSpan): void {
    this.#observer.begin(flow, flow.lastTime, flow.firstFrame, flow.lastFrame)
  }

  #readTls(means: Means, flow: FlowSpan, bytes: Uint8Array, start: number, end: number, whole: boolean): void {
    // The random stands behind the version.
    if (end - start >= 6 && this.#recentHellos.has(flow, uint32(bytes, start + 2))) return
    this.#begin(flow)
    this.#clientHello.setMessage(bytes, start, end, means === 'dtls-sni' ? 'dtls' : 'quic')
    readHello(this.#clientHello, means, whole, this.#observer)
  }

  /** A CHLO in clear: its client repeats it with all that the server asks for, in the same connection. */
  #readClear(packet: Packet, start: number): void {
    const { bytes, offset, end } = packet
    this.#single.begin(packet)
    if (this.#recentHellos.has(packet, uint32(bytes, googleConnectionIdAt(bytes, offset)))) return
    this.#readGoogle(this.#single, bytes, start, end)
  }

  #readGoogle(flow: FlowSpan, bytes: Uint8Array, start: number, end: number): void {
    this.#begin(flow)
    const hello = this.#googleHello
    if (!hello.read(bytes, start, end)) this.#observer.count('client_hello_damaged')
    nameHost('quic-sni', bytes, hello.nameStart, hello.nameEnd, this.#observer)
  }
}
