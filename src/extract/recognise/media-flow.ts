import { sameAddress } from '../../base/address.ts'
import { uint16 } from '../../base/bytes.ts'
import type { Micros } from '../../base/time.ts'
import type { Observation } from '../../model/observation.ts'
import { type Packet, PROTOCOL_TCP } from '../../model/packet.ts'
import { MediaSegments } from './media-segments.ts'
import type { Candidate, Opinion } from './protocol.ts'
import { isRtcp, isRtp, RtpSources } from './rtp-sources.ts'
import { printable, StunMessage } from './stun-message.ts'
import { Transactions } from './transactions.ts'

/** First bytes of what shares a flow (RFC 7983 §7): STUN below, TURN channels and RTP within. */
const FIRST_ZRTP = 16
const FIRST_CHANNEL = 64
const LAST_CHANNEL = 79
const FIRST_RTP = 128
const LAST_RTP = 191
/** RFC 8656 §12.4: channel number and length, and over UDP at most so many bytes of padding. */
const CHANNEL_HEADER = 4
const CHANNEL_PADDING = 3
/** [MS-TURN] §2.2.3: channel, length and session before data of several clients. */
const MULTIPLEXED = 0xff10
const MULTIPLEXED_HEADER = 12

/** Packets of RTP that carry on from one another: enough where they do so both ways, and where only one is seen. */
const ENOUGH_EACH_WAY = 3
const ENOUGH_ONE_WAY = 8
/** So many more datagrams may be nothing of all this than are: then the flow is something else. */
const STRANGERS = 8

/** Distinct peers of a flow that are kept. */
const PEER_LIMIT = 16

/** Distinct attributes of no standard that are kept of a flow. */
const OWN_LIMIT = 8

/** What a message says is taken over before the next is read: one serves all flows. */
const message = new StunMessage()

/**
 * A flow that finds its way with STUN or TURN, or that carries RTP; or one after the other. STUN is confirmed by its
 * checksum or by an answer to a transaction; a call by RTP both ways behind STUN. Checks of a way are no call.
 */
export class MediaFlow implements Candidate {
  means: 'payload' | 'call' = 'payload'
  protocol: 'stun' | 'turn' | 'rtp' = 'stun'
  /** Of STUN, and of a call: neither becomes less sure again. */
  #certainty: 'unknown' | 'probable' | 'confirmed' = 'unknown'
  #call: 'indicative' | 'probable' | 'confirmed' | undefined
  #relayed = false
  #strangers = 0
  #realm = ''
  #software = ''
  /** Types of attributes of no standard. */
  readonly #own: number[] = []
  #peers: Uint32Array | undefined
  #peerCount = 0
  #transactions: Transactions | undefined
  /** By direction. */
  readonly #sources: (RtpSources | undefined)[] = [undefined, undefined]
  #segments: MediaSegments | undefined

  take(packet: Packet, up: boolean): Opinion {
    if (isMulticast(packet.addresses)) return 'no'
    const way = up ? 0 : 1
    if (packet.protocol === PROTOCOL_TCP) this.#segment(packet, way)
    else if (!this.#message(packet.bytes, packet.offset, packet.end, packet.cut, packet.time, way)) this.#strangers++
    else if (this.#strangers > 0) this.#strangers--
    return this.#opinion()
  }

  get details(): number {
    return Number(this.#realm !== '') + Number(this.#software !== '') + Number(this.#peerCount > 0) + this.#own.length
  }

  describe(observation: Observation): void {
    observation.realm = this.#realm
    observation.software = this.#software
    if (this.#own.length > 0) observation.stunAttributes = this.#own.map(hexadecimal)
    if (this.#peers !== undefined) observation.answerAddresses.set(this.#peers)
    observation.answerCount = this.#peerCount
  }

  #segment(packet: Packet, way: 0 | 1): void {
    this.#segments ??= new MediaSegments()
    const { bytes, end } = packet
    const segments = this.#segments
    segments.begin(packet, way)
    while (segments.next(bytes, end)) {
      const { start, last } = segments
      // A frame may be empty (RFC 4571 §2).
      if (last === start) continue
      if (!this.#message(bytes, start, Math.min(last, end), last > end, packet.time, way)) this.#strangers++
    }
    segments.finish(end, packet.cut)
  }

  /** Takes `bytes[start…end)`, of which the end may be cut; false where it is nothing that belongs here. */
  #message(bytes: Uint8Array, start: number, end: number, cut: boolean, time: Micros, way: 0 | 1): boolean {
    const first = bytes[start]!
    if (first < FIRST_ZRTP) return this.#stun(bytes, start, end, cut, time, way)
    if (first < FIRST_CHANNEL) return true
    if (first <= LAST_CHANNEL) return this.#channel(bytes, start, end, cut, time, way)
    if (first >= FIRST_RTP && first <= LAST_RTP) return this.#media(bytes, start, end, time, way)
    if (end - start <= MULTIPLEXED_HEADER || uint16(bytes, start) !== MULTIPLEXED) return false
    if (start + 4 + uint16(bytes, start + 2) !== end && !cut) return false
    this.#data(bytes, start + MULTIPLEXED_HEADER, end, time, way)
    return true
  }

  #stun(bytes: Uint8Array, start: number, end: number, cut: boolean, time: Micros, way: 0 | 1): boolean {
    if (!message.read(bytes, start, end)) return false
    if (message.end !== end && !(cut && message.end > end)) return false
    if (this.#certainty !== 'confirmed') {
      this.#transactions ??= new Transactions()
      const sure = message.fingerprintFits(bytes) || this.#transactions.answers(bytes, start, way)
      if (sure) this.#certainty = 'confirmed'
      else if (message.hasCookie) this.#certainty = 'probable'
    }
    if (!message.hasCookie) return true
    if (message.relays) this.#relayed = true
    if (this.#realm === '' && message.realm > 0) this.#realm = printable(bytes, message.realm, message.realmEnd)
    if (this.#software === '' && message.software > 0) {
      this.#software = printable(bytes, message.software, message.softwareEnd)
    }
    for (let i = 0; i < message.ownCount && this.#own.length < OWN_LIMIT; i++) {
      if (!this.#own.includes(message.own[i]!)) this.#own.push(message.own[i]!)
    }
    this.#addPeers()
    if (message.dataEnd > message.data) this.#data(bytes, message.data, message.dataEnd, time, way)
    return true
  }

  #channel(bytes: Uint8Array, start: number, end: number, cut: boolean, time: Micros, way: 0 | 1): boolean {
    if (end - start < CHANNEL_HEADER) return false
    const last = start + CHANNEL_HEADER + uint16(bytes, start + 2)
    if (last > end ? !cut : end - last > CHANNEL_PADDING) return false
    this.#relayed = true
    this.#data(bytes, start + CHANNEL_HEADER, Math.min(last, end), time, way)
    return true
  }

  /** What is relayed: RTP counts, checks and handshakes of the peers are theirs. */
  #data(bytes: Uint8Array, start: number, end: number, time: Micros, way: 0 | 1): void {
    if (start < end && bytes[start]! >= FIRST_RTP && bytes[start]! <= LAST_RTP) {
      this.#media(bytes, start, end, time, way)
    }
  }

  #media(bytes: Uint8Array, start: number, end: number, time: Micros, way: 0 | 1): boolean {
    if (isRtcp(bytes, start, end)) return true
    if (!isRtp(bytes, start, end)) return false
    this.#sources[way] ??= new RtpSources()
    return this.#sources[way].take(bytes, start, time)
  }

  #addPeers(): void {
    for (let i = 0; i < 4 * message.peerCount; i += 4) {
      this.#peers ??= new Uint32Array(4 * PEER_LIMIT)
      let known = 0
      while (known < this.#peerCount && !sameAddress(this.#peers, 4 * known, message.peers, i)) known++
      if (known < this.#peerCount || known === PEER_LIMIT) continue
      for (let w = 0; w < 4; w++) this.#peers[4 * known + w] = message.peers[i + w]!
      this.#peerCount++
    }
  }

  #opinion(): Opinion {
    const up = this.#sources[0]?.steps ?? 0
    const down = this.#sources[1]?.steps ?? 0
    const met = this.#certainty !== 'unknown'
    if (Math.min(up, down) >= ENOUGH_EACH_WAY) this.#call = met ? 'confirmed' : 'probable'
    else if (this.#call === undefined && Math.max(up, down) >= ENOUGH_ONE_WAY) this.#call = 'indicative'
    if (this.#relayed) this.protocol = 'turn'
    if (this.#call !== undefined) {
      this.means = 'call'
      if (!this.#relayed) this.protocol = 'rtp'
      return this.#call
    }
    return !met && this.#strangers > STRANGERS ? 'no' : this.#certainty
  }
}

/** `0x4001` */
function hexadecimal(type: number): string {
  return `0x${type.toString(16).padStart(4, '0')}`
}

/** RFC 1112 §4, RFC 4291 §2.7: sent to many, as television is. */
function isMulticast(addresses: Uint32Array): boolean {
  return addresses[4]! >>> 24 === 0xff || (addresses[6] === 0xffff && addresses[7]! >>> 28 === 14)
}
