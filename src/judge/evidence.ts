import type { StoredSighting } from '../model/facts.ts'
import type { Evidence } from '../model/finding.ts'
import { STRENGTHS } from '../model/signature.ts'
import { type Hit, isLookup } from './hits.ts'

/** How many sightings a verdict cites. */
export const EVIDENCE_LIMIT = 20

/** By time, then by all that a sighting says: two that are equal in it are the same to any reader. */
export function compareSightings(a: StoredSighting, b: StoredSighting): number {
  // Nearly all differ in one of these, and keys are made of each pair that is compared.
  const byTime = a.quarter - b.quarter || a.first - b.first || a.last - b.last
  if (byTime !== 0) return byTime
  const left = sortKey(a)
  const right = sortKey(b)
  for (const [i, value] of left.entries()) {
    const other = right[i]!
    if (value !== other) return value < other ? -1 : 1
  }
  return 0
}

/**
 * The hits to cite, in the order given (by time): of each indicator the first ones, the more telling indicators first.
 */
export function chooseEvidence(hits: readonly Hit[]): readonly Evidence[] {
  if (hits.length <= EVIDENCE_LIMIT) return hits.map(toEvidence)
  const seen = new Map<string, number>()
  const ranked = hits.map((hit, at) => {
    const nth = seen.get(hit.sighting.indicator) ?? 0
    seen.set(hit.sighting.indicator, nth + 1)
    return { at, hit, rank: [nth, STRENGTHS.indexOf(hit.match.indicator.strength), Number(isLookup(hit)), at] }
  })
  return ranked
    .sort((a, b) => compareRanks(a.rank, b.rank))
    .slice(0, EVIDENCE_LIMIT)
    .sort((a, b) => a.at - b.at)
    .map(({ hit }) => toEvidence(hit))
}

function sortKey(sighting: StoredSighting): readonly (string | number)[] {
  const { reading, indicator, means, action, network } = sighting
  const { firstAt, lastAt, mask, count, bytesUp, bytesDown } = sighting
  const { input, kind, format, source, settings } = reading
  return [
    ...[indicator, means, action, network, input, firstAt, lastAt, mask, count],
    ...[bytesUp, bytesDown, kind, format, source, settings],
  ]
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, at) => value !== b[at])
  return i < 0 ? 0 : a[i]! - b[i]!
}

function toEvidence({ sighting, match }: Hit): Evidence {
  return {
    indicator: sighting.indicator,
    role: match.indicator.role,
    strength: match.indicator.strength,
    means: sighting.means,
    action: sighting.action,
    input: sighting.reading.input,
    unit: sighting.reading.kind === 'capture' ? 'frame' : 'line',
    firstAt: sighting.firstAt,
    lastAt: sighting.lastAt,
    count: sighting.count,
    bytesUp: sighting.bytesUp,
    bytesDown: sighting.bytesDown,
    first: sighting.first,
    last: sighting.last,
  }
}
