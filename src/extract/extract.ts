import type { Oddities } from '../base/oddities.ts'
import { Observation, type ObservationSink, type ProtocolName } from '../model/observation.ts'
import { type Packet, PROTOCOL_UDP } from '../model/packet.ts'
import { DatagramHellos } from './datagram-hellos.ts'
import { DnsReader, looksLikeDns, PORT_DNS } from './dns.ts'
import { begin } from './flow.ts'
import { Flows, IN_QUESTION, LOCAL, NAMED } from './flows.ts'
import { Outcomes } from './outcomes.ts'
import { Recogniser } from './recognise/recogniser.ts'
import { Segments } from './segments.ts'

/** mDNS, LLMNR and NetBIOS: they name the user's own devices, not what they reach. */
const LOCAL_NAME_PORTS = [5353, 5355, 137]

/**
 * Finds what the payloads of an input name, on any port: DNS, QUIC and DTLS in datagrams, and what segments of TCP
 * carry; and what flows are that name nothing. Of flows little is kept but how they ended, and bytes only of what is
 * seen in part. Observations are handed to the sink at once and used again.
 */
export class Extractor {
  readonly #sink: ObservationSink
  readonly #observation = new Observation()
  readonly #flows: Flows
  readonly #recogniser: Recogniser
  readonly #dns: DnsReader
  readonly #datagramHellos: DatagramHellos
  readonly #segments: Segments

  constructor(oddities: Oddities, sink: ObservationSink) {
    this.#flows = new Flows(oddities, (place) => this.#recogniser.end(place))
    const outcomes = new Outcomes(oddities, this.#flows)
    this.#sink = (observation) => {
      outcomes.observed(observation)
      sink(observation)
    }
    this.#recogniser = new Recogniser(oddities, this.#flows, sink)
    this.#dns = new DnsReader(oddities)
    this.#datagramHellos = new DatagramHellos(oddities, outcomes, this.#sink)
    this.#segments = new Segments(oddities, outcomes, this.#sink)
  }

  /** Takes a packet that `decode` narrowed to its payload. */
  packet(packet: Packet): void {
    const place = this.#flows.find(packet)
    const { up } = this.#flows
    const { offset, end, sequence } = packet
    if (packet.protocol === PROTOCOL_UDP) {
      if (end === offset) return
      if (onLocalPort(packet)) {
        this.#flows.note(place, LOCAL)
        return
      }
      if (isDns(packet)) this.#datagram(packet)
      else this.#datagramHellos.packet(packet)
    } else {
      this.#segments.packet(packet)
      if (end === offset) return
      packet.offset = offset
      packet.sequence = sequence
    }
    const state = this.#flows.stateAt(place)
    if ((state & NAMED) === 0 || (state & IN_QUESTION) !== 0) this.#recogniser.packet(packet, place, up)
  }

  /**
   * Takes a packet that `decode` is about to open or cannot open: it goes between the ends of a tunnel, whose addresses
   * it has.
   */
  tunnel(packet: Packet, protocol: ProtocolName): void {
    const place = this.#flows.find(packet)
    if ((this.#flows.stateAt(place) & LOCAL) !== 0) return
    this.#recogniser.tunnel(packet, place, protocol, this.#flows.isAnswered(place) ? 'confirmed' : 'probable')
  }

  /** At the end of the input: what is still incomplete is read as far as it goes, and flows are counted. */
  finish(): void {
    this.#segments.finish()
    this.#datagramHellos.finish()
    this.#flows.finish()
  }

  #datagram(packet: Packet): void {
    const fromServer = DnsReader.isResponse(packet.bytes, packet.offset, packet.end)
    begin(this.#observation, packet, fromServer, packet.frame, packet.frame)
    this.#observation.transport = 'udp'
    this.#observation.time = this.#observation.end = packet.time
    this.#dns.read(packet.bytes, packet.offset, packet.end, this.#observation, this.#sink)
  }
}

function onLocalPort({ sourcePort, destinationPort }: Packet): boolean {
  return LOCAL_NAME_PORTS.includes(sourcePort) || LOCAL_NAME_PORTS.includes(destinationPort)
}

/** On DNS's port anything is taken for it, on others what is DNS beyond doubt. */
function isDns({ bytes, offset, end, sourcePort, destinationPort }: Packet): boolean {
  return sourcePort === PORT_DNS || destinationPort === PORT_DNS || looksLikeDns(bytes, offset, end)
}
