import type { Oddities } from '../base/oddities.ts'
import { Observation, type ObservationSink } from '../model/observation.ts'
import { type Packet, PROTOCOL_UDP } from '../model/packet.ts'
import { DatagramHellos } from './datagram-hellos.ts'
import { DnsReader, looksLikeDns, PORT_DNS } from './dns.ts'
import { begin } from './flow.ts'
import { Segments } from './segments.ts'

/** mDNS, LLMNR and NetBIOS: they name the user's own devices, not what they reach. */
const LOCAL_NAME_PORTS = [5353, 5355, 137]

/**
 * Finds what the payloads of an input name, on any port: DNS, QUIC and DTLS in datagrams, and what segments of TCP
 * carry. State is kept only for what is seen in part. Observations are handed to the sink at once and used again.
 */
export class Extractor {
  readonly #sink: ObservationSink
  readonly #observation = new Observation()
  readonly #dns: DnsReader
  readonly #datagramHellos: DatagramHellos
  readonly #segments: Segments

  constructor(oddities: Oddities, sink: ObservationSink) {
    this.#sink = sink
    this.#dns = new DnsReader(oddities)
    this.#datagramHellos = new DatagramHellos(oddities, sink)
    this.#segments = new Segments(oddities, sink)
  }

  /** Takes a packet that `decode` narrowed to its payload. */
  packet(packet: Packet): void {
    if (packet.protocol === PROTOCOL_UDP) {
      if (isDns(packet)) this.#datagram(packet)
      else if (packet.end > packet.offset) this.#datagramHellos.packet(packet)
    } else this.#segments.packet(packet)
  }

  /** At the end of the input: what is still incomplete is read as far as it goes. */
  finish(): void {
    this.#segments.finish()
    this.#datagramHellos.finish()
  }

  #datagram(packet: Packet): void {
    if (packet.end === packet.offset) return
    const fromServer = DnsReader.isResponse(packet.bytes, packet.offset, packet.end)
    begin(this.#observation, packet, fromServer, packet.frame, packet.frame)
    this.#observation.transport = 'udp'
    this.#observation.time = this.#observation.end = packet.time
    this.#dns.read(packet.bytes, packet.offset, packet.end, this.#observation, this.#sink)
  }
}

/** On DNS's port anything is taken for it, on others what is DNS beyond doubt. */
function isDns({ bytes, offset, end, sourcePort, destinationPort }: Packet): boolean {
  if (sourcePort === PORT_DNS || destinationPort === PORT_DNS) return true
  if (!looksLikeDns(bytes, offset, end)) return false
  return !LOCAL_NAME_PORTS.includes(sourcePort) && !LOCAL_NAME_PORTS.includes(destinationPort)
}
