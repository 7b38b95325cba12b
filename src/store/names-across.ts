import type { Database, Statement } from 'better-sqlite3'
import type { Period } from '../base/period.ts'
import { type Day, MICROS_PER_DAY, type Micros } from '../base/time.ts'
import type { Across } from './across.ts'
import { type IdentityRow, subjectOf } from './subject.ts'

/** What local ids stand for on the other side of the end of a period of pseudonyms. */
export interface NamesAcross {
  /** Of the day itself: what is told of sessions outside it would join two pseudonyms. */
  readonly period: Pick<Period, 'from' | 'until'>
  /** The same client's id there; undefined where the store knows none. */
  twin(id: number): number | undefined
  /** What those whom a mark of this time names are called on the other side; '' for nobody. */
  identity(id: number, time: Micros): string
}

/** Finds what ids stand for across the end of a period, and remembers it for as long as the day is the same. */
export class AcrossDay {
  readonly #across: Across
  readonly #identity: Statement<[number], Pick<IdentityRow, 'kind' | 'tag'>>
  readonly #byTag: Statement<[string, Uint8Array, Uint8Array], number>
  #day = Number.NaN
  #names: NamesAcross | undefined

  constructor(database: Database, across: Across) {
    this.#across = across
    this.#identity = database.prepare('SELECT kind, tag FROM identity WHERE id = ?')
    this.#byTag = database
      .prepare<[string, Uint8Array, Uint8Array], number>('SELECT id FROM identity WHERE kind = ? AND tag IN (?, ?)')
      .pluck()
  }

  /** Undefined for a day that no period ends near. */
  of(day: Day): NamesAcross | undefined {
    if (day !== this.#day) {
      const boundary = this.#across.boundary(day)
      this.#day = day
      this.#names = boundary === undefined ? undefined : this.#at(boundary, this.#across.period(day))
    }
    return this.#names
  }

  #at(boundary: Day, period: Period): NamesAcross {
    const twins = new Map<number, number | undefined>()
    const names = new Map<number, string>([[0, '']])
    const across = this.#across
    return {
      period,
      twin: (id) => {
        if (!twins.has(id)) {
          const { kind, tag } = this.#identity.get(id)!
          twins.set(id, this.#byTag.get(kind, across.before(tag, boundary), across.after(tag, boundary)))
        }
        return twins.get(id)
      },
      identity: (id, time) => {
        const known = names.get(id)
        if (known !== undefined) return known
        const { kind, tag } = this.#identity.get(id)!
        const isBefore = time < boundary * MICROS_PER_DAY
        const name = subjectOf({ kind, tag: isBefore ? across.after(tag, boundary) : across.before(tag, boundary) })
        names.set(id, name)
        return name
      },
    }
  }
}
