import { nameFromBytes } from '../base/name.ts'
import type { Micros } from '../base/time.ts'
import { type Means, Observation, type ObservationSink, type ProtocolName } from '../model/observation.ts'
import { PROTOCOL_TCP } from '../model/packet.ts'
import type { Certificate } from './certificate.ts'
import type { CoverNames } from './cover-names.ts'
import { begin, type Flow } from './flow.ts'
import { describeHello } from './hello.ts'
import type { Named } from './openers/opener.ts'
import type { Outcomes } from './outcomes.ts'
import { describeCertificate } from './server-certificate.ts'
import type { ClientHello } from './tls.ts'

/** Hands on what is read of flows, as observations of the one that it was last told of. */
export class FlowObserver implements Named {
  readonly #protocol: number
  readonly #outcomes: Outcomes
  readonly #coverNames: CoverNames
  readonly #sink: ObservationSink
  readonly #observation = new Observation()
  #flow: Flow = { addresses: new Uint32Array(8), sourcePort: 0, destinationPort: 0 }
  #time: Micros = 0
  #firstFrame = 0
  #frame = 0

  /** @param protocol the IP protocol number of all flows. */
  constructor(protocol: number, outcomes: Outcomes, coverNames: CoverNames, sink: ObservationSink) {
    this.#protocol = protocol
    this.#outcomes = outcomes
    this.#coverNames = coverNames
    this.#sink = sink
  }

  /** What comes is said by the sender of this flow, complete at this time in this frame. */
  begin(flow: Flow, time: Micros, firstFrame: number, frame: number): void {
    this.#flow = flow
    this.#time = time
    this.#firstFrame = firstFrame
    this.#frame = frame
  }

  get flow(): Flow {
    return this.#flow
  }

  get time(): Micros {
    return this.#time
  }

  name(
    means: Means,
    bytes: Uint8Array,
    start: number,
    end: number,
    hello?: ClientHello,
    protocol: ProtocolName | '' = '',
  ): void {
    const observation = this.#observe(false)
    observation.means = means
    observation.name = nameFromBytes(bytes, start, end)
    observation.protocol = protocol
    if (hello !== undefined) {
      describeHello(observation, hello)
      observation.coverName = this.#coverNames.isCover(observation.addresses, 0, hello.echConfigId, observation.name)
    }
    this.#sink(observation)
  }

  nameless(hello: ClientHello): boolean {
    const observation = this.#observe(false)
    const described = describeHello(observation, hello)
    if (described) this.#sink(observation)
    return described
  }

  certificate(certificate: Certificate): void {
    const observation = this.#observe(true)
    describeCertificate(observation, certificate)
    this.#sink(observation)
  }

  count(oddity: string): void {
    this.#outcomes.count(oddity, this.#flow, this.#protocol)
  }

  #observe(fromServer: boolean): Observation {
    const observation = this.#observation
    begin(observation, this.#flow, fromServer, this.#firstFrame, this.#frame)
    observation.transport = this.#protocol === PROTOCOL_TCP ? 'tcp' : 'udp'
    observation.time = observation.end = this.#time
    return observation
  }
}
