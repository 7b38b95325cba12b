import { NAME_TYPES } from '../model/signature.ts'
import type { Hit } from './hits.ts'

/** What the flows of some hits carried, and how long they went on. */
export interface Traffic {
  /** Minutes in which they went on, each counted once. */
  readonly minutes: number
  /** Stretches of minutes with at least one minute between them. */
  readonly stretches: number
  /** Flows whose bytes are known. */
  readonly flows: number
  /** Bytes that clients and servers sent; -1 where nothing told. */
  readonly up: number
  readonly down: number
}

interface Sums {
  flows: number
  up: number
  down: number
}

/**
 * Adds up hits. What one input tells of flows by their servers is added, and what it tells of them by each other
 * indicator: of these sums the greatest counts, since all may be of the same flows, which two sensors saw or which are
 * hits of several indicators.
 */
export function trafficOf(hits: readonly Hit[]): Traffic {
  const masks = new Map<number, number>()
  const told = new Map<string, Sums>()
  for (const { sighting, match } of hits) {
    const { reading, quarter, mask, count, bytesUp, bytesDown } = sighting
    masks.set(quarter, (masks.get(quarter) ?? 0) | mask)
    if (bytesUp < 0 && bytesDown < 0) continue
    // A flow has one server; whether that is known by name or by address, it is the hit of one indicator of an app.
    const { type } = match.indicator
    const key = `${reading.id} ${NAME_TYPES.includes(type) || type === 'network' ? '' : sighting.indicator}`
    const sums = told.get(key) ?? { flows: 0, up: -1, down: -1 }
    told.set(key, sums)
    sums.flows += count
    if (bytesUp >= 0) sums.up = Math.max(sums.up, 0) + bytesUp
    if (bytesDown >= 0) sums.down = Math.max(sums.down, 0) + bytesDown
  }
  const most = [...told.values()].reduce(
    (a, b) => ((b.up - a.up || b.down - a.down || b.flows - a.flows) > 0 ? b : a),
    { flows: 0, up: -1, down: -1 },
  )
  return { ...countMinutes(masks), ...most }
}

const MINUTES_PER_QUARTER = 15

function countMinutes(masks: ReadonlyMap<number, number>): { minutes: number; stretches: number } {
  let minutes = 0
  let stretches = 0
  for (const [quarter, mask] of masks) {
    const before = ((masks.get(quarter - 1) ?? 0) >> (MINUTES_PER_QUARTER - 1)) & 1
    const beginnings = mask & ~((mask << 1) | before)
    for (let rest = mask; rest !== 0; rest &= rest - 1) minutes++
    for (let rest = beginnings; rest !== 0; rest &= rest - 1) stretches++
  }
  return { minutes, stretches }
}
