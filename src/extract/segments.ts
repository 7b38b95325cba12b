import { uint16 } from '../base/bytes.ts'
import type { Oddities } from '../base/oddities.ts'
import { MICROS_PER_MINUTE } from '../base/time.ts'
import { MEANS, type Means, Observation, type ObservationSink, type ProtocolName } from '../model/observation.ts'
import { type Packet, PROTOCOL_TCP } from '../model/packet.ts'
import type { CoverNames } from './cover-names.ts'
import { DNS_HEADER, DnsReader, PORT_DNS } from './dns.ts'
import { begin, type Flow } from './flow.ts'
import { FlowObserver } from './flow-observer.ts'
import { DnsOpener } from './openers/dns.ts'
import { streamOpeners } from './openers/index.ts'
import type { Named } from './openers/opener.ts'
import { OpenerTable } from './openers/table.ts'
import type { Outcomes } from './outcomes.ts'
import { Recent } from './recent.ts'
import { type Stream, Streams } from './streams.ts'
import type { ClientHello } from './tls.ts'

/** RFC 9293 §3.1 */
const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const ACK = 0x10

/**
 * A segment in the middle of a connection, and the first of an answer, opens a stream where it has more bytes than this:
 * fewer claim too much.
 */
const SHORTEST_OPENING = 5

/**
 * What becomes of a stream: it names nothing more; what was found needs more bytes; something may open; DNS messages
 * come.
 */
type Outcome = 'nothing' | 'partial' | 'awaits' | 'dns'

/**
 * Finds what TCP segments name. A segment is tried by what it begins with; state is kept for connections whose
 * beginning is awaited, for what has come in part, and behind what says that something opens anew. Observations are
 * handed to the sink at once; they are one object that is used again.
 */
export class Segments {
  readonly #outcomes: Outcomes
  readonly #sink: ObservationSink
  readonly #observation = new Observation()
  readonly #dns: DnsReader
  readonly #dnsOpener = new DnsOpener()
  readonly #openers = new OpenerTable([this.#dnsOpener, ...streamOpeners()])
  readonly #streams: Streams
  readonly #recentOpenings = new Recent()
  readonly #recentNames = new Recent()
  readonly #observer: FlowObserver
  readonly #named: Named = {
    name: (means, bytes, start, end, hello, protocol) => this.#name(means, bytes, start, end, hello, protocol),
    nameless: (hello) => this.#observer.nameless(hello),
    certificate: (certificate) => this.#observer.certificate(certificate),
    count: (oddity) => this.#observer.count(oddity),
  }
  #outcome: Outcome = 'nothing'
  /** Where the outcome is `partial`, bytes that must be there before it can be another; 0 where any more may do. */
  #needed = 0

  constructor(oddities: Oddities, outcomes: Outcomes, coverNames: CoverNames, sink: ObservationSink) {
    this.#outcomes = outcomes
    this.#sink = sink
    this.#observer = new FlowObserver(PROTOCOL_TCP, outcomes, coverNames, sink)
    this.#dns = new DnsReader(oddities, coverNames)
    this.#streams = new Streams(oddities, (stream) => this.#readAbandoned(stream))
  }

  /** Takes a TCP packet that `decode` narrowed to its payload. */
  packet(packet: Packet): void {
    let stream = this.#streams.find(packet)
    if ((packet.flags & SYN) !== 0) {
      // RFC 9293 §3.4: SYN takes one sequence number, data comes after it.
      packet.sequence = (packet.sequence + 1) >>> 0
      // Unless it is the same SYN once more, a new connection begins.
      if (stream?.origin !== packet.sequence) {
        if (stream !== undefined) this.#readAbandonedAndClose(stream)
        // What a server says first names nothing unless it shows a certificate, or can be a long DNS answer.
        const answer = (packet.flags & ACK) !== 0 && !onDnsPort(packet)
        stream = answer
          ? this.#streams.addAnswer(packet, packet.sequence)
          : this.#streams.add(packet, 'opening', packet.sequence)
      }
    }
    if (packet.end > packet.offset) {
      if (stream !== undefined) this.#continue(stream, packet)
      else this.#pickUp(packet)
    }
    if (stream?.open && (packet.flags & (FIN | RST)) !== 0) this.#end(stream, packet)
  }

  /** At the end of the input: what is still incomplete is read as far as it goes. */
  finish(): void {
    this.#streams.finish()
  }

  /** Data of a connection that is not known: its beginning was not seen, or what was awaited of it has come. */
  #pickUp(packet: Packet): void {
    if (!onDnsPort(packet)) {
      if (packet.end - packet.offset <= SHORTEST_OPENING) return
      // Nearly all segments leave here.
      if (this.#openers.find(packet.bytes, packet.offset, packet.end, 0) === undefined) return
    }
    this.#readPacket(packet)
    if (this.#outcome !== 'nothing') this.#keep(this.#streams.add(packet, 'opening', packet.sequence), packet)
  }

  #continue(stream: Stream, packet: Packet): void {
    if (packet.sequence === stream.base && stream.kind === 'opening' && stream.pieces.isEmpty) {
      // The normal case: the first bytes come first. Nothing is copied unless they are only a part.
      const tooFew = stream.isAnswer && packet.end - packet.offset <= SHORTEST_OPENING
      if (tooFew) this.#outcome = 'nothing'
      else this.#readPacket(packet)
      if (this.#outcome === 'nothing') this.#streams.close(stream)
      else {
        stream.base = packet.sequence
        this.#keep(stream, packet)
      }
      return
    }
    if (this.#streams.append(stream, packet)) this.#readStream(stream)
    if (stream.open && packet.cut) this.#readAbandonedAndClose(stream)
  }

  /** Reads what a packet holds whole, and moves it behind that. */
  #readPacket(packet: Packet): void {
    this.#observer.begin(packet, packet.time, packet.frame, packet.frame)
    const taken = this.#read(packet.bytes, packet.offset, packet.end, packet.sequence, 0, packet.cut)
    packet.sequence = (packet.sequence + taken) >>> 0
    packet.offset += taken
  }

  /** Keeps what is left of the packet, for what it awaits. */
  #keep(stream: Stream, packet: Packet): void {
    if (this.#outcome === 'dns') stream.kind = 'dns'
    if (!this.#streams.append(stream, packet)) return
    if (stream.kind === 'dns') this.#readMessages(stream)
    else this.#note(stream)
  }

  /** What is there was looked at. */
  #note(stream: Stream): void {
    stream.looked = stream.length
    stream.needed = this.#needed
  }

  #readStream(stream: Stream): void {
    if (stream.kind === 'opening') {
      if (stream.length < stream.needed) return
      this.#observer.begin(stream, stream.lastTime, stream.firstFrame, stream.lastFrame)
      const taken = this.#read(stream.buffer, 0, stream.length, stream.base, stream.looked, false)
      if (this.#outcome === 'nothing') {
        this.#streams.close(stream)
        return
      }
      if (taken > 0) this.#consume(stream, taken)
      if (this.#outcome === 'partial') this.#note(stream)
      if (this.#outcome !== 'dns') return
      stream.kind = 'dns'
    }
    this.#readMessages(stream)
  }

  /** What opens at `start`, and what opens behind that. Gives how many bytes were read; `#outcome` says of the rest. */
  #read(bytes: Uint8Array, start: number, end: number, sequence: number, looked: number, cut: boolean): number {
    let at = start
    let known = looked
    this.#outcome = 'nothing'
    this.#needed = 0
    while (at < end) {
      const opener = this.#openers.find(bytes, at, end, known)
      if (opener === undefined || opener === this.#dnsOpener) {
        const dns = opener !== undefined || onDnsPort(this.#observer.flow)
        this.#outcome = !dns ? 'nothing' : opener !== undefined && this.#openers.state === 'partial' ? 'partial' : 'dns'
        return at - start
      }
      const whole = this.#openers.state === 'whole'
      if (!whole && !cut) {
        this.#outcome = 'partial'
        this.#needed = opener.needed ?? 0
        return at - start
      }
      if (!this.#recentOpenings.has(this.#observer.flow, (sequence + at - start) >>> 0)) opener.read(whole, this.#named)
      if (!whole) {
        this.#outcome = 'nothing'
        return at - start
      }
      this.#outcome = opener.awaits ? 'awaits' : 'nothing'
      at = opener.next
      known = 0
    }
    return end - start
  }

  /**
   * DNS over TCP: each message behind its length (RFC 1035 §4.2.2), several in a segment, one over several segments.
   */
  #readMessages(stream: Stream): void {
    let at = 0
    while (stream.length - at >= 2) {
      const length = uint16(stream.buffer, at)
      if (length < DNS_HEADER) {
        this.#outcomes.count('dns_stream_damaged', stream, PROTOCOL_TCP)
        this.#streams.close(stream)
        return
      }
      const message = at + 2
      const end = message + length
      if (end > stream.length) break
      const observation = this.#observation
      const response = DnsReader.isResponse(stream.buffer, message, end)
      begin(observation, stream, response, stream.firstFrame, stream.lastFrame)
      observation.transport = 'tcp'
      observation.time = observation.end = stream.lastTime
      this.#dns.read(stream.buffer, message, end, observation, this.#sink)
      at = end
    }
    if (at > 0) this.#consume(stream, at)
  }

  #consume(stream: Stream, count: number): void {
    this.#streams.consume(stream, count)
    stream.firstFrame = stream.lastFrame
  }

  /** FIN or RST: nothing more will come. A FIN may overtake the data before it, so that is waited for. */
  #end(stream: Stream, packet: Packet): void {
    const end = (packet.sequence - stream.base + packet.end - packet.offset) | 0
    if ((packet.flags & RST) !== 0 || end <= stream.length) this.#readAbandonedAndClose(stream)
  }

  #readAbandonedAndClose(stream: Stream): void {
    this.#readAbandoned(stream)
    this.#streams.close(stream)
  }

  /** What there is of something that will not become whole can still hold the name. */
  #readAbandoned(stream: Stream): void {
    if (stream.length === 0) return
    if (stream.kind === 'dns' || onDnsPort(stream)) {
      this.#outcomes.count('dns_stream_incomplete', stream, PROTOCOL_TCP)
      return
    }
    const opener = this.#openers.find(stream.buffer, 0, stream.length, 0)
    if (opener === undefined) return
    this.#observer.begin(stream, stream.lastTime, stream.firstFrame, stream.lastFrame)
    if (!this.#recentOpenings.has(stream, stream.base)) opener.read(false, this.#named)
  }

  #name(
    means: Means,
    bytes: Uint8Array,
    start: number,
    end: number,
    hello?: ClientHello,
    protocol?: ProtocolName,
  ): void {
    // A connection that asks the same host again and again says so once a minute: minutes are what is counted.
    const { flow } = this.#observer
    if (means !== 'tls-sni' && this.#recentNames.has(flow, this.#hash(means, bytes, start, end))) return
    this.#observer.name(means, bytes, start, end, hello, protocol)
  }

  /** Of a means, a name and the minute (FNV-1a). */
  #hash(means: Means, bytes: Uint8Array, start: number, end: number): number {
    let hash =
      Math.imul(0x811c9dc5 ^ MEANS.indexOf(means), 0x01000193) ^ Math.floor(this.#observer.time / MICROS_PER_MINUTE)
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    return hash
  }
}

function onDnsPort({ sourcePort, destinationPort }: Flow): boolean {
  return sourcePort === PORT_DNS || destinationPort === PORT_DNS
}
