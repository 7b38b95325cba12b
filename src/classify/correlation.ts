import { formatAddress } from '../base/address.ts'
import { MICROS_PER_MINUTE, MICROS_PER_SECOND, type Micros } from '../base/time.ts'
import type { Observation } from '../model/observation.ts'
import type { Match } from '../model/signature.ts'
import { UnmatchedAnswers } from './unmatched-answers.ts'

/** Answers that are remembered; beyond them the oldest is forgotten. */
export const ANSWER_LIMIT = 131_072
/** Apps and systems go on using an address for a while after its time to live. */
export const SLACK = 10 * MICROS_PER_MINUTE
/** Clocks of two sensors differ. */
export const EARLY = 5 * MICROS_PER_SECOND

const NOTHING: readonly Match[] = []

/** What a client was last told of an address. */
interface Told {
  /** Empty where it was another name's as well: then the address does not tell which is meant. */
  readonly matches: readonly Match[]
  readonly from: Micros
  readonly until: Micros
}

/**
 * The name that a client was last given for an address, as far as a signature matches it: for flows that name nothing.
 * An address that it was given for other names too, while that lasted, tells nothing.
 */
export class Correlation {
  readonly #told = new Map<string, Told>()
  readonly #others = new UnmatchedAnswers()

  /** A DNS answer that a client was given; `matches` is empty where no signature matches its name. */
  answer(observation: Observation, matches: readonly Match[]): void {
    const { time, addresses, answerAddresses, answerCount, timeToLive } = observation
    const until = time + Math.max(timeToLive, 0) * MICROS_PER_SECOND + SLACK
    for (let i = 0; i < answerCount; i++) {
      // What no signature matches matters only where it shares an address with what one does.
      if (matches.length === 0) this.#others.add(addresses, 0, answerAddresses, 4 * i, until)
      if (matches.length === 0 && this.#told.size === 0) continue
      const key = `${formatAddress(addresses, 0)} ${formatAddress(answerAddresses, 4 * i)}`
      const known = this.#told.get(key)
      if (known === undefined && matches.length === 0) continue
      const other = matches.length === 0 ? -1 : this.#others.until(addresses, 0, answerAddresses, 4 * i)
      const isSame = known !== undefined && sameApps(known.matches, matches)
      if (time <= other || (known !== undefined && !isSame && time <= known.until)) {
        const longest = Math.max(until, other, known?.until ?? 0)
        this.#put(key, { matches: NOTHING, from: known?.from ?? time, until: longest })
      } else if (matches.length > 0) this.#put(key, { matches, from: isSame ? known!.from : time, until })
    }
  }

  /**
   * What the server is to the client at that time, both four words at an index: nothing where that cannot be told,
   * undefined where the client was told nothing of it.
   */
  find(addresses: Uint32Array, client: number, server: number, time: Micros): readonly Match[] | undefined {
    if (this.#told.size === 0) return undefined
    const told = this.#told.get(`${formatAddress(addresses, client)} ${formatAddress(addresses, server)}`)
    return told !== undefined && time >= told.from - EARLY && time <= told.until ? told.matches : undefined
  }

  #put(key: string, told: Told): void {
    this.#told.delete(key)
    if (this.#told.size >= ANSWER_LIMIT) this.#told.delete(this.#told.keys().next().value!)
    this.#told.set(key, told)
  }
}

function sameApps(a: readonly Match[], b: readonly Match[]): boolean {
  return a.length === b.length && a.every(({ signature }, i) => signature.id === b[i]!.signature.id)
}
