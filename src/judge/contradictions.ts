import { plural } from '../base/text.ts'
import type { Policy } from '../model/policy.ts'
import { isOurs } from './gateways.ts'
import { type Known, type Passage, spannedMinutes } from './passages.ts'
import { placesOf } from './places.ts'
import type { Grounded } from './verdicts.ts'

/** Verdicts with what sources say against each other of whose it was and which way it took, in sentences. */
export function addContradictions(grounded: readonly Grounded[], known: Known, policy: Policy): readonly Grounded[] {
  return grounded.map(({ verdict, passages }) => {
    const notes = [
      ...(verdict.notes ?? []),
      ...tunnelsWithoutPackets(passages, known, policy),
      ...unnamedServers(passages, policy),
      ...otherHolders(passages, known),
    ]
    return { verdict: notes.length > 0 ? { ...verdict, notes } : verdict, passages }
  })
}

/** A log tells of a tunnel, and a capture that would show its packets shows none. */
function tunnelsWithoutPackets(passages: readonly Passage[], { tunnels }: Known, policy: Policy): readonly string[] {
  const places = placesOf(policy)
  const silent = passages.flatMap(({ hit: { sighting }, mask, route, sessions }) => {
    const { reading, client, quarter } = sighting
    const vantage = places.input(reading.input)?.vantage
    const told = route.rule === 'tunnel-up' && sessions.some(({ kind }) => kind === 'tunnel')
    if (!told || reading.kind === 'log' || (vantage !== 'device' && vantage !== 'access-network')) return []
    return [{ quarter, mask: mask & ~tunnels.upMinutes(reading.id, client, quarter), input: reading.input }]
  })
  const minutes = spannedMinutes(silent)
  if (minutes === 0) return []
  const inputs = named(silent.filter(({ mask }) => mask !== 0).map(({ input }) => input))
  return [
    `In ${plural(minutes, 'minute')} a log tells of a tunnel of which ${inputs} shows no packet: it may be another device's.`,
  ]
}

/** Tunnels that count as the organisation's own although its policy does not name their servers. */
function unnamedServers(passages: readonly Passage[], policy: Policy): readonly string[] {
  const tunnels = passages.flatMap(({ route, sessions }) =>
    RESTING.has(route.rule) ? sessions.filter(({ kind }) => kind === 'tunnel') : [],
  )
  const servers = tunnels.flatMap((tunnel) => (isOurs(tunnel, policy) ? [] : tunnel.servers))
  if (servers.length === 0) return []
  return [
    `A tunnel counts as one to the government VPN, although the policy does not name what its log calls the server: ${named(servers)}.`,
  ]
}

const RESTING: ReadonlySet<string> = new Set(['tunnel-up', 'tunnel-edge', 'tunnel-address', 'tunnel-address-edge'])

/** The input names one user, and a log of leases or tunnels another. */
function otherHolders(passages: readonly Passage[], { sessions }: Known): readonly string[] {
  const minutes = spannedMinutes(
    passages.map(({ hit: { sighting }, mask }) => ({
      quarter: sighting.quarter,
      mask: mask & sessions.otherUsersMinutes(sighting),
    })),
  )
  if (minutes === 0) return []
  return [`In ${plural(minutes, 'minute')} the input names another user than the log that says who had the address.`]
}

/** At most three, in alphabetical order. */
function named(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort()
  const more = sorted.length - 3
  return more > 0 ? `${sorted.slice(0, 3).join(', ')} and ${more} more` : sorted.join(' and ')
}
