import type { Quarter } from '../base/time.ts'
import type { StoredMark } from '../model/facts.ts'
import { IDLE_MINUTES } from '../model/mark.ts'

const MINUTES_PER_QUARTER = 15

/** In which minutes a reading shows a client's tunnel to a gateway as up. */
export interface Tunnels {
  /** Bit n: up in minute n of the quarter-hour. 0 where the reading shows none for the client. */
  upMinutes(reading: number, client: string, quarter: Quarter): number
}

const NONE: Tunnels = { upMinutes: () => 0 }

/**
 * Joins marks to tunnels, those of each reading and client by themselves: what another sensor saw does not show this
 * one's path, and one device's tunnel does not carry another's traffic.
 */
export function joinTunnels(marks: readonly StoredMark[]): Tunnels {
  if (marks.length === 0) return NONE
  const minutes = new Map<string, Set<number>>()
  for (const { reading, client, quarter, mask } of marks) {
    const key = `${reading.id} ${client}`
    const seen = minutes.get(key) ?? new Set()
    minutes.set(key, seen)
    for (let n = 0; n < MINUTES_PER_QUARTER; n++) {
      if ((mask & (1 << n)) !== 0) seen.add(quarter * MINUTES_PER_QUARTER + n)
    }
  }
  const up = new Map([...minutes].map(([key, seen]) => [key, masksOf(seen)]))
  return { upMinutes: (reading, client, quarter) => up.get(`${reading} ${client}`)?.get(quarter) ?? 0 }
}

/** Masks by quarter-hour of the minutes and of the short gaps between them. */
function masksOf(minutes: ReadonlySet<number>): ReadonlyMap<Quarter, number> {
  const masks = new Map<Quarter, number>()
  const sorted = [...minutes].sort((a, b) => a - b)
  for (const [i, minute] of sorted.entries()) {
    const next = sorted[i + 1] ?? minute
    const end = next - minute - 1 <= IDLE_MINUTES ? next : minute
    for (let m = minute; m <= end; m++) {
      const quarter = Math.floor(m / MINUTES_PER_QUARTER)
      masks.set(quarter, (masks.get(quarter) ?? 0) | (1 << (m - quarter * MINUTES_PER_QUARTER)))
    }
  }
  return masks
}
