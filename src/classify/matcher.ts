import type { Micros } from '../base/time.ts'
import type { Observation } from '../model/observation.ts'
import type { Match } from '../model/signature.ts'
import type { Classifier } from './classifier.ts'
import { Correlation } from './correlation.ts'
import type { EarlierAnswers } from './earlier-answers.ts'

/** Names a client, whose address is four words at an index, to tell it from others at a time: by one of these, or another. */
export type ClientName = (addresses: Uint32Array, at: number, time: Micros) => readonly string[]

const NOTHING: readonly Match[] = []

/**
 * Says of the observations of one input what they match: by what they name; where they name nothing, by the name that
 * this client was last given for the server's address; else by that address itself.
 */
export class Matcher {
  readonly #classifier: Classifier
  readonly #nameOf: ClientName
  readonly #correlation: Correlation | undefined
  readonly #answers: EarlierAnswers | undefined

  /**
   * @param isCapture a capture is read in order and whole, so that what its own DNS tells counts for its flows.
   * @param answers what clients were told by DNS in inputs that were read before.
   */
  constructor(classifier: Classifier, nameOf: ClientName, isCapture: boolean, answers?: EarlierAnswers) {
    this.#classifier = classifier
    this.#nameOf = nameOf
    this.#correlation = isCapture ? new Correlation() : undefined
    this.#answers = answers
  }

  match(observation: Observation): readonly Match[] {
    const { name, hasServer, hasClient, addresses, time, means } = observation
    const matches = this.#classifier.match(observation)
    if (means === 'dns-answer' && hasClient) this.#correlation?.answer(observation, matches)
    if (name !== '' || !hasServer || !hasClient) return matches
    const told = this.#told(addresses, 0, 4, time)
    if (told.length === 0) return matches
    // The name takes the place of the address alone; what the flow itself shows stays.
    return [...told, ...matches.filter(({ indicator }) => indicator.type !== 'network')]
  }

  /** Whether a flow says something by its server's address alone: client and server are four words at an index. */
  isWanted(addresses: Uint32Array, client: number, server: number, time: Micros): boolean {
    if (this.#classifier.matchAddress(addresses, server).length > 0) return true
    return this.#told(addresses, client, server, time).length > 0
  }

  #told(addresses: Uint32Array, client: number, server: number, time: Micros): readonly Match[] {
    const told = this.#correlation?.find(addresses, client, server, time)
    if (told !== undefined || this.#answers === undefined || this.#answers.isEmpty) return told ?? NOTHING
    return this.#answers.find(this.#nameOf(addresses, client, time), addresses, server, time)
  }
}
