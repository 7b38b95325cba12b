import type { Oddities } from '../base/oddities.ts'
import { Observation, type ObservationSink, type ProtocolName } from '../model/observation.ts'
import { type Packet, PROTOCOL_UDP } from '../model/packet.ts'
import { CoverNames } from './cover-names.ts'
import { DatagramHellos } from './datagram-hellos.ts'
import { DnsReader, looksLikeDns, PORT_DNS } from './dns.ts'
import { begin } from './flow.ts'
import { FlowEnds, type WantedServer } from './flow-ends.ts'
import { Flows, IN_QUESTION, LOCAL, NAMED } from './flows.ts'
import { bitsOf, Outcomes } from './outcomes.ts'
import { Recogniser } from './recognise/recogniser.ts'
import { Segments } from './segments.ts'

/** mDNS, LLMNR and NetBIOS: they name the user's own devices, not what they reach. */
const PORT_MULTICAST_DNS = 5353
const LOCAL_NAME_PORTS = [PORT_MULTICAST_DNS, 5355, 137]

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
  readonly #ends: FlowEnds
  /** Of the packet in hand: its flow and its frame. */
  #place = 0
  #frame = -1

  /** @param isWanted whether flows to a server that name nothing are to be observed when they end; none without it. */
  constructor(oddities: Oddities, sink: ObservationSink, isWanted?: WantedServer) {
    this.#flows = new Flows(oddities, (place) => {
      this.#recogniser.end(place)
      this.#ends.end(place)
    })
    this.#ends = new FlowEnds(oddities, this.#flows, sink, isWanted)
    const outcomes = new Outcomes(oddities, this.#flows)
    this.#sink = (observation) => {
      // What came whole in this very packet is of its flow; what was given up may be of any.
      const isOfPacket = observation.position === this.#frame
      if (isOfPacket) this.#flows.note(this.#place, bitsOf(observation))
      else this.#flows.noteObserved(observation, bitsOf(observation))
      if (sink(observation) === 'follow' && isOfPacket) this.#ends.follow(this.#place, observation)
    }
    this.#recogniser = new Recogniser(oddities, this.#flows, (observation) => {
      if (sink(observation) === 'follow') this.#ends.follow(this.#place, observation)
    })
    const coverNames = new CoverNames(oddities)
    this.#dns = new DnsReader(oddities, coverNames)
    this.#datagramHellos = new DatagramHellos(oddities, outcomes, coverNames, this.#sink)
    this.#segments = new Segments(oddities, outcomes, coverNames, this.#sink)
  }

  /** Takes a packet that `decode` narrowed to its payload. */
  packet(packet: Packet): void {
    const place = this.#flows.find(packet)
    const { up } = this.#flows
    this.#place = place
    this.#frame = packet.frame
    const { offset, end, sequence } = packet
    if (packet.protocol === PROTOCOL_UDP) {
      if (end === offset) return
      const { sourcePort, destinationPort } = packet
      // On DNS's port anything is taken for it, on others what is DNS beyond doubt.
      if (sourcePort === PORT_DNS || destinationPort === PORT_DNS) this.#datagram(packet)
      else if (onLocalPort(packet)) {
        if (destinationPort !== PORT_MULTICAST_DNS || looksLikeDns(packet.bytes, offset, end)) {
          this.#flows.note(place, LOCAL)
          return
        }
      } else if (looksLikeDns(packet.bytes, offset, end)) this.#datagram(packet)
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
    // What stands in IP itself has no ports: those of an earlier packet are still there.
    if (packet.protocol !== PROTOCOL_UDP) packet.sourcePort = packet.destinationPort = 0
    const place = this.#flows.find(packet)
    this.#place = place
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
