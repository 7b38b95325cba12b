import { MICROS_PER_DAY, MICROS_PER_QUARTER } from '../base/time.ts'
import type { StoredSighting, SubjectDay } from '../model/facts.ts'
import type { Signature } from '../model/signature.ts'
import type { Hit } from './hits.ts'
import { Minutes } from './minutes.ts'
import type { Session } from './sessions.ts'

/** What a finding on a tunnel to somebody else's gateway is about; logs tell of it, so that no file of signatures does. */
export const OTHER_GATEWAY: Signature = {
  id: 'other-gateway',
  name: 'VPN to a gateway that is not ours',
  vendor: '',
  category: 'concealment',
  status: 'active',
  maturity: 'proved',
  revision: 1,
  date: '2026-11-22',
  falsePositives: ['A gateway of the organisation that its policy does not name.'],
  indicators: [],
  shouldMatch: [],
  shouldNotMatch: [],
}

/** The part of the day in which such tunnels were up, a hit for each quarter-hour of each. */
export function hitsOfOtherGateways(tunnels: readonly Session[], { day }: SubjectDay): Hit[] {
  const start = day * MICROS_PER_DAY
  const end = start + MICROS_PER_DAY
  return tunnels.flatMap((tunnel) => {
    const from = Math.max(tunnel.from, start)
    const until = Math.min(tunnel.until, end - 1)
    const minutes = new Minutes([{ from, until }])
    const hits: Hit[] = []
    for (let quarter = Math.floor(from / MICROS_PER_QUARTER); quarter * MICROS_PER_QUARTER <= until; quarter++) {
      hits.push(hitOf(tunnel, quarter, minutes.mask(quarter), { from, until }))
    }
    return hits
  })
}

function hitOf(
  { holder, outer, servers, first, last }: Session,
  quarter: number,
  mask: number,
  { from, until }: { readonly from: number; readonly until: number },
): Hit {
  const value = servers[0]!
  // A record behind the end of a period of pseudonyms is not told.
  const cited = first.position > 0 ? first : last
  const isOne = last.position > 0 && last.reading.input === cited.reading.input
  const sighting: StoredSighting = {
    reading: cited.reading,
    client: outer || holder,
    user: '',
    network: '',
    app: OTHER_GATEWAY.id,
    indicator: `${OTHER_GATEWAY.id} protocol ${value}`,
    means: 'vpn',
    action: '',
    quarter,
    mask,
    count: 1,
    bytesUp: -1,
    bytesDown: -1,
    first: Math.max(from, quarter * MICROS_PER_QUARTER),
    last: Math.min(until, (quarter + 1) * MICROS_PER_QUARTER - 1),
    firstAt: cited.position,
    lastAt: isOne ? last.position : cited.position,
  }
  const indicator = { type: 'protocol', value, role: 'tunnel', strength: 'distinctive', sources: [] } as const
  return { sighting, match: { signature: OTHER_GATEWAY, indicator } }
}
