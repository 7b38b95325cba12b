import type { Database } from 'better-sqlite3'
import { type Day, dayOf, MICROS_PER_DAY, MICROS_PER_QUARTER, type Micros, QUARTERS_PER_DAY } from '../base/time.ts'
import { SESSION_DAYS } from '../model/facts.ts'
import { type Across, twinOf } from './across.ts'

/** Quarter-hours of one day in which an address was somebody's by a log; both included. */
export interface LeasedTime {
  readonly address: number
  readonly day: Day
  readonly firstSlot: number
  readonly lastSlot: number
}

interface MarkRow {
  readonly inner: number
  /** The same for an address in all periods of pseudonyms. */
  readonly chain: number | string
  readonly at: Micros
  readonly event: number
  readonly since: Micros
  readonly until: Micros
  readonly mine: 0 | 1
  readonly named: 0 | 1
}

/** The longest that a lease or tunnel is taken to go on without a further sign. */
const LONGEST = SESSION_DAYS * MICROS_PER_DAY

/**
 * When addresses were these people's by logs of leases and tunnels, rather too long than too short: whole quarter-hours,
 * up to the end, the next other holder, or as long as a lease counts at most.
 *
 * @param across where pseudonyms rotate: an address has one in each period.
 * @param ids of users or devices, as JSON; of all periods.
 */
export function leasedTimes(database: Database, across: Across | undefined, ids: string): LeasedTime[] {
  const [chain, beside] =
    across === undefined
      ? ['inner', '']
      : [
          'hex(lasting_tag((SELECT tag FROM identity WHERE id = inner), at))',
          `UNION SELECT ${twinOf('m.inner', 'm.day')} FROM m`,
        ]
  const rows = database
    .prepare<{ ids: string }, MarkRow>(`
      WITH person(id) AS (SELECT value FROM json_each(:ids)),
        m AS (SELECT DISTINCT inner, day FROM session_mark WHERE inner != 0 AND (user IN person OR device IN person)),
        theirs AS (SELECT inner FROM m ${beside})
      SELECT inner, ${chain} AS chain, at, event, since, until, user IN person OR device IN person AS mine,
        user != 0 OR device != 0 OR event = 0 AS named
      FROM session_mark WHERE inner IN (SELECT inner FROM theirs) ORDER BY chain, at, event DESC`)
    .iterate({ ids })
  const times: LeasedTime[] = []
  const addressOn = across && addressesOn(database, across)
  let open: { chain: MarkRow['chain']; address: number; from: Micros; until: Micros } | undefined
  const close = (at: Micros) => {
    for (const time of open === undefined ? [] : slotsOf(open.address, open.from, Math.min(at, open.until))) {
      const address = addressOn === undefined ? time.address : addressOn(String(open!.chain), time.day)
      if (address !== undefined) times.push({ ...time, address })
    }
    open = undefined
  }
  for (const { inner, chain, at, event, since, until, mine, named } of rows) {
    if (open !== undefined && open.chain !== chain) close(Number.POSITIVE_INFINITY)
    if (mine === 1) {
      const begun = Math.max(
        0,
        since >= 0 ? Math.min(since, at) : event === 2 && open === undefined ? at - LONGEST : at,
      )
      open ??= { chain, address: inner, from: begun, until: at + LONGEST }
      open.until = Math.max(at, until >= 0 ? until : at) + LONGEST
      if (event === 2) close(at)
    } else if (named === 1 && event !== 2) close(at)
  }
  close(Number.POSITIVE_INFINITY)
  return times
}

/** What an address that lasts for ever, by its tag, is on a day. */
function addressesOn(database: Database, across: Across): (lasting: string, day: Day) => number | undefined {
  const find = database
    .prepare<[Uint8Array], number>("SELECT id FROM identity WHERE kind = 'address' AND tag = ?")
    .pluck()
  const known = new Map<string, number | undefined>()
  return (lasting, day) => {
    const key = `${lasting} ${across.period(day).name}`
    if (!known.has(key)) known.set(key, find.get(across.of(Buffer.from(lasting, 'hex'), day * MICROS_PER_DAY)))
    return known.get(key)
  }
}

function slotsOf(address: number, from: Micros, until: Micros): LeasedTime[] {
  const times: LeasedTime[] = []
  const slotOf = (time: Micros) => Math.floor(time / MICROS_PER_QUARTER) % QUARTERS_PER_DAY
  for (let day = dayOf(from); day <= dayOf(until); day++) {
    const firstSlot = day === dayOf(from) ? slotOf(from) : 0
    const lastSlot = day === dayOf(until) ? slotOf(until) : QUARTERS_PER_DAY - 1
    times.push({ address, day, firstSlot, lastSlot })
  }
  return times
}
