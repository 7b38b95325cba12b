import { formatAddress } from '../base/address.ts'
import type { Micros } from '../base/time.ts'
import type { Answer } from '../model/batch.ts'
import { indicatorKey, type Match, type Signature, type SignatureSet } from '../model/signature.ts'
import { ANSWER_LIMIT, EARLY, SLACK } from './correlation.ts'

interface Given {
  readonly match: Match
  start: Micros
  until: Micros
}

const NOTHING: readonly Match[] = []

/**
 * What clients were told by DNS in the inputs that were read before in a sweep, as far as a signature matches it. It is
 * made of facts alone, so it is the same in whatever order and in however many parts those were read.
 */
export class EarlierAnswers {
  readonly #signatures: readonly Signature[]
  /** By the key of the indicator; made when there is something to look up. */
  #matches: ReadonlyMap<string, Match> | undefined
  readonly #given = new Map<string, Given[]>()

  constructor({ signatures }: Pick<SignatureSet, 'signatures'>) {
    this.#signatures = signatures
  }

  get isEmpty(): boolean {
    return this.#given.size === 0
  }

  /** Everything that was given so far, to be handed to another thread. */
  get all(): readonly Answer[] {
    return [...this.#given].flatMap(([key, given]) => {
      const [kind, tag, address] = key.split(' ') as [Answer['client']['kind'], string, string]
      return given.map(({ match: { signature, indicator }, start, until }) => ({
        client: { kind, tag, clear: undefined },
        address,
        app: signature.id,
        indicator: indicatorKey(signature.id, indicator),
        start,
        until,
      }))
    })
  }

  /** Takes the answers of a batch; beyond 131,072 addresses of clients the oldest is forgotten. */
  add(answers: readonly Answer[]): void {
    if (answers.length === 0) return
    this.#matches ??= matchesOf(this.#signatures)
    for (const { client, address, indicator, start, until } of answers) {
      const match = this.#matches.get(indicator)
      if (match === undefined) continue
      const key = `${client.kind} ${client.tag} ${address}`
      const given = this.#given.get(key)
      const same = given?.find((one) => one.match === match)
      if (same !== undefined) {
        same.start = Math.min(same.start, start)
        same.until = Math.max(same.until, until)
      } else if (given !== undefined) given.push({ match, start, until })
      else {
        if (this.#given.size >= ANSWER_LIMIT) this.#given.delete(this.#given.keys().next().value!)
        this.#given.set(key, [{ match, start, until }])
      }
    }
  }

  /** What the address, four words at an index, is to the client at that time; nothing where several apps have it. */
  find(client: string, words: Uint32Array, at: number, time: Micros): readonly Match[] {
    const given = this.#given.get(`address ${client} ${formatAddress(words, at)}`)
    if (given === undefined) return NOTHING
    const valid = given.filter(({ start, until }) => time >= start - EARLY && time <= until + SLACK)
    const apps = new Set(valid.map(({ match }) => match.signature.id))
    return apps.size === 1 ? valid.map(({ match }) => match) : NOTHING
  }
}

function matchesOf(signatures: readonly Signature[]): ReadonlyMap<string, Match> {
  const matches = signatures.flatMap((signature) => signature.indicators.map((indicator) => ({ signature, indicator })))
  return new Map(matches.map((match) => [indicatorKey(match.signature.id, match.indicator), match]))
}
