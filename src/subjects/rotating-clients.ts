import { type Period, periodOf, type Rotation } from '../base/period.ts'
import { PeriodTags } from '../base/period-tags.ts'
import { MICROS_PER_DAY, type Micros } from '../base/time.ts'
import { Clients } from './clients.ts'

/** Periods whose pseudonyms are remembered; a log whose times are anywhere starts anew. */
const PERIODS_KEPT = 16

/** Gives clients the pseudonyms that they have at a time: it alone says which, so that the order of inputs changes nothing. */
export class RotatingClients {
  readonly #key: Uint8Array
  readonly #clear: boolean
  readonly #rotation: Rotation
  readonly #tags: PeriodTags
  readonly #byPeriod = new Map<string, Clients>()
  #period: Period
  #present: Clients

  /** @param clear give the identity itself beside the pseudonym. */
  constructor(key: Uint8Array, clear: boolean, rotation: Rotation) {
    this.#key = key
    this.#clear = clear
    this.#rotation = rotation
    this.#tags = new PeriodTags(key, rotation)
    this.#period = periodOf(0, rotation)
    this.#present = this.#make(0)
    this.#byPeriod.set(this.#period.name, this.#present)
  }

  /** Those of the period that a time lies in. */
  at(time: Micros): Clients {
    const { from, until } = this.#period
    if (time >= from && time < until) return this.#present
    const period = periodOf(time, this.#rotation)
    let clients = this.#byPeriod.get(period.name)
    if (clients === undefined) {
      if (this.#byPeriod.size >= PERIODS_KEPT) this.#byPeriod.clear()
      clients = this.#make(time)
      this.#byPeriod.set(period.name, clients)
    }
    this.#period = period
    this.#present = clients
    return clients
  }

  /** The instant behind the period that was asked for last; infinite where pseudonyms last for ever. */
  get until(): Micros {
    return this.#period.until
  }

  /** Those of the period that ends or begins at most so many days from a time; undefined where none does. */
  across(time: Micros, days: number): Clients | undefined {
    if (this.#rotation === 'none') return undefined
    const here = this.at(time)
    const period = this.#period
    const { from, until } = period
    const reach = days * MICROS_PER_DAY
    if (time - from >= reach && until - time > reach) return undefined
    const there = this.at(time - from < reach ? from - 1 : until)
    // The period of what is read stays the present one.
    this.#period = period
    this.#present = here
    return there
  }

  #make(time: Micros): Clients {
    if (this.#rotation === 'none') return new Clients(this.#key, this.#clear)
    return new Clients(this.#key, this.#clear, this.#tags.at(time))
  }
}
