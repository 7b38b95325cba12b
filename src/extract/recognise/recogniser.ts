import type { Oddities } from '../../base/oddities.ts'
import { MICROS_PER_MINUTE } from '../../base/time.ts'
import { type Certainty, Observation, type ObservationSink, type ProtocolName } from '../../model/observation.ts'
import { type Packet, PROTOCOL_TCP, PROTOCOL_UDP } from '../../model/packet.ts'
import { begin } from '../flow.ts'
import { type Flows, IN_QUESTION } from '../flows.ts'
import { bitsOf } from '../outcomes.ts'
import { protocols } from './index.ts'
import type { Candidate, Protocol } from './protocol.ts'

/** Packets with data of a flow in which candidates are looked for: a call may come late, a connection says at once. */
const LOOK_LIMIT = 64
const LOOK_LIMIT_OF_CONNECTIONS = 8
/** Packets with data that a candidate may take before it is sure: a call rings for a while before it is one. */
const TAKE_LIMIT = 1024
/** Flows that are in question, or were recognised, at a time. */
const QUESTION_LIMIT = 8192
/** Bytes that every protocol here has more than. */
const SHORTEST = 3

const SCORE = { indicative: 1, probable: 2, confirmed: 3 }
/** A tunnel or a call says more than what it is carried by. */
const SPECIFIC = 3

/** What is known of a flow that is in question. */
class Question {
  candidates: Candidate[] = []
  /** What was observed: the candidate that is surest so far, what it said, and how sure it was. */
  best: Candidate | undefined = undefined
  protocol: ProtocolName | '' = ''
  certainty: Certainty = ''
  score = 0
  details = 0
  taken = 0
  /** Of the last observation. */
  minute = 0
  /** TCP: one past the last byte that was taken, by direction. */
  readonly next = [-1, -1]
  firstFrame = 0
}

/**
 * Recognises what flows speak that name nothing: tunnels, calls, encrypted DNS. It observes a flow once it is known, as
 * often as it becomes surer, and then once in every minute in which something passes.
 */
export class Recogniser {
  readonly #oddities: Oddities
  readonly #flows: Flows
  readonly #sink: ObservationSink
  readonly #observation = new Observation()
  readonly #datagrams = byFirstByte('udp')
  readonly #segments = byFirstByte('tcp')
  readonly #questions = new Map<number, Question>()

  constructor(oddities: Oddities, flows: Flows, sink: ObservationSink) {
    this.#oddities = oddities
    this.#flows = flows
    this.#sink = sink
  }

  /** Takes a packet with data of the flow at `place`, where nothing was named yet. */
  packet(packet: Packet, place: number, up: boolean): void {
    if ((this.#flows.stateAt(place) & IN_QUESTION) !== 0) {
      this.#ask(packet, place, up, this.#questions.get(place)!)
      // What was in question is something else: this packet may be the first of what the flow is.
      if ((this.#flows.stateAt(place) & IN_QUESTION) !== 0) return
    }
    const limit = packet.protocol === PROTOCOL_TCP ? LOOK_LIMIT_OF_CONNECTIONS : LOOK_LIMIT
    if (this.#flows.look(place) < limit) this.#look(packet, place, up)
  }

  /** Takes a packet that is itself the proof of a tunnel. */
  tunnel(packet: Packet, place: number, protocol: ProtocolName, certainty: Exclude<Certainty, ''>): void {
    const question = this.#questions.get(place) ?? this.#begin(packet, place)
    if (question === undefined) return
    question.best ??= { means: 'vpn', protocol, take: () => certainty }
    this.#judge(packet, place, question, question.best, certainty)
  }

  /** The flow at `place` has ended. */
  end(place: number): void {
    this.#questions.delete(place)
  }

  #look(packet: Packet, place: number, up: boolean): void {
    const { bytes, offset, end } = packet
    if (end - offset <= SHORTEST) return
    const lists = packet.protocol === PROTOCOL_TCP ? this.#segments : this.#datagrams
    const list = lists[bytes[offset]!]
    if (list === undefined) return
    const length = packet.cut ? packet.wireLength : end - offset
    let question: Question | undefined
    for (const protocol of list) {
      const { ports } = protocol
      if (ports !== undefined && !ports.includes(packet.sourcePort) && !ports.includes(packet.destinationPort)) continue
      if (!protocol.canBe(bytes, offset, end, length)) continue
      question ??= this.#begin(packet, place)
      if (question === undefined) return
      question.candidates.push(protocol.begin())
    }
    if (question !== undefined) this.#ask(packet, place, up, question)
  }

  #begin(packet: Packet, place: number): Question | undefined {
    if (this.#questions.size >= QUESTION_LIMIT) {
      this.#oddities.count('flows_not_asked')
      return undefined
    }
    const question = new Question()
    question.firstFrame = packet.frame
    this.#questions.set(place, question)
    this.#flows.note(place, IN_QUESTION)
    return question
  }

  #ask(packet: Packet, place: number, up: boolean, question: Question): void {
    if (question.candidates.length > 0 && this.#isNew(packet, up, question)) {
      question.taken++
      this.#take(packet, place, up, question)
    }
    if (question.best !== undefined) {
      if (minuteOf(packet) !== question.minute) this.#observe(packet, place, question)
    } else if (question.candidates.length === 0) {
      this.#questions.delete(place)
      this.#flows.clear(place, IN_QUESTION)
    }
  }

  #take(packet: Packet, place: number, up: boolean, question: Question): void {
    for (const candidate of question.candidates) {
      const opinion = candidate.take(packet, up)
      if (opinion === 'no') question.candidates = question.candidates.filter((other) => other !== candidate)
      else if (opinion !== 'unknown') this.#judge(packet, place, question, candidate, opinion)
    }
    if (question.taken >= TAKE_LIMIT) question.candidates = []
  }

  /** Observes what is surer than before, or says more. */
  #judge(
    packet: Packet,
    place: number,
    question: Question,
    candidate: Candidate,
    certainty: Exclude<Certainty, ''>,
  ): void {
    const score = SCORE[certainty] + (candidate.means === 'payload' ? 0 : SPECIFIC)
    const { best, protocol, details } = question
    const more = candidate === best && (candidate.protocol !== protocol || (candidate.details ?? 0) > details)
    if (score <= question.score && !(more && score === question.score)) return
    question.best = candidate
    question.score = score
    question.certainty = certainty
    this.#observe(packet, place, question)
  }

  /** Leaves out segments that come again: candidates count on order. */
  #isNew(packet: Packet, up: boolean, question: Question): boolean {
    if (packet.protocol !== PROTOCOL_TCP) return true
    const way = up ? 0 : 1
    const { next } = question
    if (next[way]! >= 0 && ((packet.sequence - next[way]!) | 0) < 0) return false
    next[way] = (packet.sequence + packet.end - packet.offset) >>> 0
    return true
  }

  #observe(packet: Packet, place: number, question: Question): void {
    const { means, protocol } = question.best!
    const observation = this.#observation
    begin(observation, this.#flows.ends(place), false, question.firstFrame, packet.frame)
    observation.means = means
    observation.protocol = protocol
    observation.certainty = question.certainty
    observation.transport = packet.protocol === PROTOCOL_TCP ? 'tcp' : packet.protocol === PROTOCOL_UDP ? 'udp' : ''
    observation.time = observation.end = packet.time
    question.best!.describe?.(observation)
    question.protocol = protocol
    question.details = question.best!.details ?? 0
    question.minute = minuteOf(packet)
    question.firstFrame = packet.frame
    this.#flows.note(place, bitsOf(observation))
    this.#sink(observation)
  }
}

function minuteOf({ time }: Packet): number {
  return Math.floor(time / MICROS_PER_MINUTE)
}

function byFirstByte(transport: Protocol['transport']): (Protocol[] | undefined)[] {
  const lists = new Array<Protocol[] | undefined>(256).fill(undefined)
  for (const protocol of protocols) {
    if (protocol.transport !== transport) continue
    for (const byte of protocol.first) {
      lists[byte] ??= []
      lists[byte].push(protocol)
    }
  }
  return lists
}
