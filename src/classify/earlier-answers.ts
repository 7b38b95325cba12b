import { formatAddress } from '../base/address.ts'
import { type Day, MICROS_PER_DAY, type Micros } from '../base/time.ts'
import type { GivenAnswer, GivenAnswers } from '../model/given-answers.ts'
import { indicatorKey, type Match, type Signature, type SignatureSet } from '../model/signature.ts'
import { EARLY, SLACK } from './correlation.ts'

type Given = Pick<GivenAnswer, 'start' | 'until'> & { readonly match: Match }

/** Look-ups that are remembered; when it is full it starts anew. */
const KEPT = 65_536

/** Days of which the addresses are remembered. */
const DAYS = 8

const NOTHING: readonly Match[] = []

/**
 * What clients were told by DNS in the inputs that were read before, as far as a signature matches it. It is asked of
 * whoever keeps their facts, so it is the same in however many runs, and parts, those were read.
 */
export class EarlierAnswers {
  readonly #signatures: readonly Signature[]
  readonly #source: GivenAnswers
  /** By the key of the indicator; made when there is something to look up. */
  #matches: ReadonlyMap<string, Match> | undefined
  #kept = new Map<string, readonly Given[]>()
  /** Addresses that anybody was told about a day: nearly every other is of no app, and need not be looked up. */
  readonly #told = new Map<Day, ReadonlySet<string>>()
  #isEmpty: boolean

  constructor({ signatures }: Pick<SignatureSet, 'signatures'>, source: GivenAnswers) {
    this.#signatures = signatures
    this.#source = source
    this.#isEmpty = source.isEmpty()
  }

  /** No client was told anything. */
  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** Forgets what was looked up: another input is read. */
  renew(): void {
    this.#kept = new Map()
    this.#isEmpty = this.#source.isEmpty()
  }

  /** More was told. */
  add(answers: readonly unknown[]): void {
    if (answers.length > 0) this.#told.clear()
  }

  /**
   * What the address, four words at an index, is at that time to the client, which may have several names; nothing where
   * several apps have it.
   */
  find(client: readonly string[], words: Uint32Array, at: number, time: Micros): readonly Match[] {
    if (this.#isEmpty) return NOTHING
    const address = formatAddress(words, at)
    if (!this.#toldAround(Math.floor(time / MICROS_PER_DAY)).has(address)) return NOTHING
    const valid = new Set<Match>()
    const apps = new Set<string>()
    for (const name of client) {
      for (const { match, start, until } of this.#given(name, address, time)) {
        if (time < start - EARLY || time > until + SLACK) continue
        valid.add(match)
        apps.add(match.signature.id)
      }
    }
    return apps.size === 1 ? [...valid] : NOTHING
  }

  #toldAround(day: Day): ReadonlySet<string> {
    let told = this.#told.get(day)
    if (told === undefined) {
      told = this.#source.addresses(day)
      if (this.#told.size >= DAYS) this.#told.clear()
      this.#told.set(day, told)
    }
    return told
  }

  #given(client: string, address: string, time: Micros): readonly Given[] {
    const day = Math.floor(time / MICROS_PER_DAY)
    const key = `${client} ${address} ${day}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    this.#matches ??= matchesOf(this.#signatures)
    const given: Given[] = []
    for (const { indicator, start, until } of this.#source.around(client, address, day)) {
      const match = this.#matches.get(indicator)
      if (match !== undefined) given.push({ match, start, until })
    }
    if (this.#kept.size >= KEPT) this.#kept = new Map()
    this.#kept.set(key, given)
    return given
  }
}

function matchesOf(signatures: readonly Signature[]): ReadonlyMap<string, Match> {
  const matches = signatures.flatMap((signature) => signature.indicators.map((indicator) => ({ signature, indicator })))
  return new Map(matches.map((match) => [indicatorKey(match.signature.id, match.indicator), match]))
}
