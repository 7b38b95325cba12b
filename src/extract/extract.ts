import { uint16 } from '../base/bytes.ts'
import { NAME_LIMIT, nameFromBytes } from '../base/name.ts'
import type { Oddities } from '../base/oddities.ts'
import { Observation, type ObservationSink } from '../model/observation.ts'
import { type Packet, PROTOCOL_UDP } from '../model/packet.ts'
import { DnsReader, PORT_DNS } from './dns.ts'
import { type Stream, Streams } from './streams.ts'
import { ClientHello } from './tls.ts'

/** RFC 9293 §3.1 */
const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const ACK = 0x10

/** Where HTTP/3 is offered. */
const PORT_QUIC = 443

/** Hellos remembered to tell a retransmission, or the same packet captured twice, from a new one. */
const RECENT_HELLOS = 1024

/**
 * Finds what the payloads of an input name: DNS on its port, TLS on any. State is kept only for what is seen in part.
 * Observations are handed to the sink at once; they are one object that is used again.
 */
export class Extractor {
  readonly #sink: ObservationSink
  readonly #oddities: Oddities
  readonly #observation = new Observation()
  readonly #dns: DnsReader
  readonly #hello = new ClientHello()
  readonly #streams: Streams
  readonly #recentHellos = new Float64Array(RECENT_HELLOS).fill(Number.NaN)

  constructor(oddities: Oddities, sink: ObservationSink) {
    this.#sink = sink
    this.#oddities = oddities
    this.#dns = new DnsReader(oddities)
    this.#streams = new Streams(oddities, (stream) => this.#readAbandoned(stream))
  }

  /** Takes a packet that `decode` narrowed to its payload. */
  packet(packet: Packet): void {
    if (packet.protocol === PROTOCOL_UDP) {
      if (packet.sourcePort === PORT_DNS || packet.destinationPort === PORT_DNS) this.#datagram(packet)
      else if (packet.destinationPort === PORT_QUIC && isQuicInitial(packet)) this.#oddities.count('quic_not_read')
    } else this.#segment(packet)
  }

  /** At the end of the input: what is still incomplete is read as far as it goes. */
  finish(): void {
    this.#streams.finish()
  }

  #datagram(packet: Packet): void {
    if (packet.end === packet.offset) return
    this.#begin(packet, DnsReader.isResponse(packet.bytes, packet.offset, packet.end), packet.frame, packet.frame)
    this.#observation.transport = 'udp'
    this.#observation.time = this.#observation.end = packet.time
    this.#dns.read(packet.bytes, packet.offset, packet.end, this.#observation, this.#sink)
  }

  #segment(packet: Packet): void {
    let stream = this.#streams.find(packet)
    if ((packet.flags & SYN) !== 0) {
      // RFC 9293 §3.4: SYN takes one sequence number, data comes after it.
      packet.sequence = (packet.sequence + 1) >>> 0
      // Unless it is the same SYN once more, a new connection begins.
      if (stream?.base !== packet.sequence) {
        if (stream !== undefined) this.#readAbandonedAndClose(stream)
        const kind = packet.sourcePort === PORT_DNS || packet.destinationPort === PORT_DNS ? 'dns' : 'start'
        // Only a client's first bytes are a ClientHello: what a server answers is not awaited.
        if (kind === 'start' && (packet.flags & ACK) !== 0) return
        stream = this.#streams.add(packet, kind, packet.sequence)
      }
    }
    if (packet.end > packet.offset) {
      if (stream !== undefined) this.#continue(stream, packet)
      else this.#pickUp(packet)
    }
    if (stream?.open && (packet.flags & (FIN | RST)) !== 0) this.#end(stream, packet)
  }

  /** Data of a connection that is not known: its beginning was not seen, or what was awaited of it has come. */
  #pickUp(packet: Packet): void {
    if (ClientHello.canStart(packet.bytes, packet.offset, packet.end)) {
      if (packet.end - packet.offset > 5) this.#start(packet)
    } else if (packet.sourcePort === PORT_DNS || packet.destinationPort === PORT_DNS) {
      this.#continue(this.#streams.add(packet, 'dns', packet.sequence), packet)
    }
  }

  /** The first bytes of a stream that can be a ClientHello: read at once where it is whole, else the rest is awaited. */
  #start(packet: Packet): void {
    const state = this.#hello.find(packet.bytes, packet.offset, packet.end)
    if (state === 'none') return
    if (state === 'whole' || packet.cut) {
      this.#readHello(packet, packet.sequence, packet.time, packet.frame, packet.frame, state === 'whole')
      return
    }
    const stream = this.#streams.add(packet, 'hello', packet.sequence)
    this.#streams.append(stream, packet)
  }

  #continue(stream: Stream, packet: Packet): void {
    if (stream.kind === 'start' && packet.sequence === stream.base && stream.islands.length === 0) {
      // The normal case: the first bytes come first. Nothing is copied unless they are only a part.
      this.#streams.close(stream)
      if (ClientHello.canStart(packet.bytes, packet.offset, packet.end)) this.#start(packet)
      return
    }
    if (!this.#streams.append(stream, packet)) return
    if (stream.kind === 'dns') this.#readMessages(stream)
    else this.#tryHello(stream)
    if (stream.open && packet.cut) this.#readAbandonedAndClose(stream)
  }

  #tryHello(stream: Stream): void {
    stream.kind = 'hello'
    const state = this.#hello.find(stream.buffer, 0, stream.length)
    if (state === 'partial') return
    if (state === 'whole') {
      this.#readHello(stream, stream.base, stream.lastTime, stream.firstFrame, stream.lastFrame, true)
    }
    this.#streams.close(stream)
  }

  /** DNS over TCP: each message behind its length (RFC 1035 §4.2.2), several in a segment, one over several segments. */
  #readMessages(stream: Stream): void {
    let at = 0
    while (stream.length - at >= 2) {
      const length = uint16(stream.buffer, at)
      if (length < 12) {
        this.#oddities.count('dns_stream_damaged')
        this.#streams.close(stream)
        return
      }
      const end = at + 2 + length
      if (end > stream.length) break
      this.#begin(stream, DnsReader.isResponse(stream.buffer, at + 2, end), stream.firstFrame, stream.lastFrame)
      this.#observation.transport = 'tcp'
      this.#observation.time = this.#observation.end = stream.lastTime
      this.#dns.read(stream.buffer, at + 2, end, this.#observation, this.#sink)
      at = end
    }
    if (at === 0) return
    this.#streams.consume(stream, at)
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

  /** What there is of a hello that will not become whole can still hold the name. */
  #readAbandoned(stream: Stream): void {
    if (stream.kind === 'dns' || stream.length === 0) {
      if (stream.length > 0) this.#oddities.count('dns_stream_incomplete')
      return
    }
    if (this.#hello.find(stream.buffer, 0, stream.length) === 'none') return
    this.#readHello(stream, stream.base, stream.lastTime, stream.firstFrame, stream.lastFrame, false)
  }

  #readHello(
    flow: Packet | Stream,
    sequence: number,
    time: number,
    firstFrame: number,
    frame: number,
    whole: boolean,
  ): void {
    const hello = this.#hello
    if (this.#isRepeated(flow, sequence)) return
    const fits = hello.read()
    if (!whole) this.#oddities.count('client_hello_incomplete')
    else if (!fits) this.#oddities.count('client_hello_damaged')
    if (hello.encrypted) this.#oddities.count('client_hello_encrypted')
    if (hello.nameEnd === hello.nameStart) {
      this.#oddities.count('client_hello_without_name')
      return
    }
    if (hello.nameEnd - hello.nameStart > NAME_LIMIT) {
      this.#oddities.count('client_hello_name_too_long')
      return
    }
    this.#begin(flow, false, firstFrame, frame)
    const observation = this.#observation
    observation.means = 'tls-sni'
    observation.transport = 'tcp'
    observation.time = observation.end = time
    observation.encryptedHello = hello.encrypted
    observation.name = nameFromBytes(hello.bytes, hello.nameStart, hello.nameEnd)
    this.#sink(observation)
  }

  #isRepeated(flow: Packet | Stream, sequence: number): boolean {
    const { addresses, sourcePort, destinationPort } = flow
    const mixed = Math.imul(addresses[3]! ^ Math.imul(addresses[7]!, 0x85ebca6b), 0x9e3779b1) >>> 0
    const print = (mixed ^ sequence) * 0x100000 + ((sourcePort ^ (destinationPort << 4)) & 0xfffff)
    const place = (mixed ^ sequence) & (RECENT_HELLOS - 1)
    const repeated = this.#recentHellos[place] === print
    this.#recentHellos[place] = print
    return repeated
  }

  /** Begins an observation of a packet or stream, whose sender is the server where `fromServer`. */
  #begin(flow: Packet | Stream, fromServer: boolean, firstFrame: number, frame: number): void {
    const observation = this.#observation
    observation.reset()
    const client = fromServer ? 4 : 0
    for (let w = 0; w < 4; w++) {
      observation.addresses[w] = flow.addresses[client + w]!
      observation.addresses[4 + w] = flow.addresses[4 - client + w]!
    }
    observation.hasClient = true
    observation.hasServer = true
    observation.clientPort = fromServer ? flow.destinationPort : flow.sourcePort
    observation.serverPort = fromServer ? flow.sourcePort : flow.destinationPort
    observation.firstPosition = firstFrame
    observation.position = frame
  }
}

/** RFC 9000 §17.2.2: a client's first packet, which holds the server's name encrypted under a public key. */
function isQuicInitial({ bytes, offset, end }: Packet): boolean {
  return end - offset >= 1200 && (bytes[offset]! & 0xf0) === 0xc0
}
