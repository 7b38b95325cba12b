import type { Oddities } from '../base/oddities.ts'
import type { Micros } from '../base/time.ts'
import {
  type Certainty,
  type Means,
  Observation,
  type ObservationSink,
  type ProtocolName,
} from '../model/observation.ts'
import { begin } from './flow.ts'
import { BY_ADDRESS, CALL, COVERED, ENCRYPTED_DNS, type Flows, IDENTIFIED, LOCAL, NAMED, TUNNEL } from './flows.ts'

/** Flows that are followed to their end at a time. */
const FOLLOW_LIMIT = 8192

/** Observed already, or nothing that leads outside. */
const KNOWN = NAMED | COVERED | LOCAL | TUNNEL | CALL | ENCRYPTED_DNS | IDENTIFIED

/** Look-ups go to resolvers, and tunnels are observed minute by minute. */
const NOT_FOLLOWED: readonly Means[] = ['dns-query', 'dns-answer', 'http-host', 'http-url', 'tls-certificate', 'vpn']

/** Whether a flow that names nothing says something by its ends alone: client and server are four words at an index. */
export type WantedServer = (addresses: Uint32Array, client: number, server: number, time: Micros) => boolean

/** What was observed of a flow whose end is to be told. */
interface Followed {
  readonly means: Means
  readonly name: string
  readonly protocol: ProtocolName | ''
  readonly certainty: Certainty
  readonly realm: string
  readonly stunAttributes: readonly string[]
  readonly time: Micros
  readonly position: number
}

/**
 * Observes flows when they have ended: those that are followed, with how long they went on and what they carried, and
 * those that named nothing, whose server's address alone says something.
 */
export class FlowEnds {
  readonly #oddities: Oddities
  readonly #flows: Flows
  readonly #sink: ObservationSink
  readonly #isWanted: WantedServer | undefined
  readonly #followed = new Map<number, Followed>()
  readonly #observation = new Observation()

  constructor(oddities: Oddities, flows: Flows, sink: ObservationSink, isWanted: WantedServer | undefined) {
    this.#oddities = oddities
    this.#flows = flows
    this.#sink = sink
    this.#isWanted = isWanted
  }

  /** The flow at a place was observed, and its end is to be told: what was observed first counts. */
  follow(place: number, observation: Observation): void {
    const { means, name, protocol, certainty, realm, stunAttributes, time, position } = observation
    if (this.#followed.has(place) || NOT_FOLLOWED.includes(means)) return
    if (this.#followed.size >= FOLLOW_LIMIT) this.#oddities.count('flows_not_followed')
    else this.#followed.set(place, { means, name, protocol, certainty, realm, stunAttributes, time, position })
  }

  /** The flow at a place has ended. */
  end(place: number): void {
    const followed = this.#followed.get(place)
    if (followed !== undefined) {
      this.#followed.delete(place)
      const observation = this.#begin(place, false)
      observation.continued = true
      observation.means = followed.means
      observation.name = followed.name
      observation.protocol = followed.protocol
      observation.certainty = followed.certainty
      observation.realm = followed.realm
      observation.stunAttributes = followed.stunAttributes
      observation.time = followed.time
      observation.end = Math.max(followed.time, observation.end)
      observation.position = observation.firstPosition = followed.position
      this.#sink(observation)
    } else if (
      this.#isWanted !== undefined &&
      (this.#flows.stateAt(place) & KNOWN) === 0 &&
      this.#flows.hasData(place)
    ) {
      this.#address(place, this.#isWanted)
    }
  }

  #address(place: number, isWanted: WantedServer): void {
    const { addresses } = this.#flows.ends(place)
    const { first } = this.#flows.span(place)
    // Who began a connection that was there before is not known.
    const turned = !isWanted(addresses, 0, 4, first)
    if (turned && (this.#flows.isBegun(place) || !isWanted(addresses, 4, 0, first))) return
    const observation = this.#begin(place, turned)
    observation.means = 'address'
    this.#flows.note(place, BY_ADDRESS)
    this.#sink(observation)
  }

  #begin(place: number, turned: boolean): Observation {
    const { first, last, frame, up, down } = this.#flows.span(place)
    const observation = this.#observation
    begin(observation, this.#flows.ends(place), turned, frame, frame)
    observation.transport = this.#flows.isConnection(place) ? 'tcp' : 'udp'
    observation.time = first
    observation.end = last
    observation.bytesUp = turned ? down : up
    observation.bytesDown = turned ? up : down
    return observation
  }
}
