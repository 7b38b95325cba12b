import { createHash } from 'node:crypto'
import { formatDay } from '../base/time.ts'
import type { SubjectDay } from '../model/facts.ts'
import type { Finding } from '../model/finding.ts'
import type { Policy } from '../model/policy.ts'
import { compareSightings } from './evidence.ts'
import { gradeOf } from './grades.ts'
import { contextReason, type Hit, isLookup, type SetAsideReason } from './hits.ts'
import { KnownSessions } from './known-sessions.ts'
import { cutByRoute, cutTo, type Known } from './passages.ts'
import { placesOf, scopeOf } from './places.ts'
import type { SignatureIndex } from './signature-index.ts'
import { joinTunnels } from './tunnels.ts'
import { verdictsOn } from './verdicts.ts'

export interface Judgement {
  /** By app id; `revision` is 1, for a judgement does not know the ones before it. */
  readonly findings: readonly Finding[]
  /** How many sightings are behind no verdict, and why. */
  readonly setAside: Readonly<Partial<Record<SetAsideReason, number>>>
}

/**
 * What a policy says of one subject's day. The same facts, policy and signatures give the same judgement in any order.
 */
export function judgeSubjectDay(facts: SubjectDay, policy: Policy, signatures: SignatureIndex): Judgement {
  const places = placesOf(policy)
  const known: Known = { tunnels: joinTunnels(facts.marks), sessions: new KnownSessions(facts) }
  const own = facts.sightings.flatMap((sighting) => cutTo(sighting, known.sessions.ownMinutes(sighting)) ?? [])
  const setAside: Partial<Record<SetAsideReason, number>> = {}
  const putAside = (reason: SetAsideReason) => {
    setAside[reason] = (setAside[reason] ?? 0) + 1
  }
  const byApp = new Map<string, Hit[]>()
  for (const sighting of own.toSorted(compareSightings)) {
    const match = signatures.get(sighting.indicator)
    if (scopeOf(places.network(sighting.network)) === 'unmanaged') putAside('visitor')
    else if (match === undefined) putAside('unknown-indicator')
    else {
      const hits = byApp.get(sighting.app)
      if (hits === undefined) byApp.set(sighting.app, [{ sighting, match }])
      else hits.push({ sighting, match })
    }
  }
  const findings: Finding[] = []
  for (const app of [...byApp.keys()].sort()) {
    const finding = judgeApp(byApp.get(app)!, facts, policy, known, putAside)
    if (finding !== undefined) findings.push(finding)
  }
  return { findings, setAside }
}

function judgeApp(
  hits: readonly Hit[],
  { day, subject, label }: SubjectDay,
  policy: Policy,
  known: Known,
  putAside: (reason: SetAsideReason) => void,
): Finding | undefined {
  const { signature } = hits[0]!.match
  const counting = hits.filter((hit) => contextReason(hit) === undefined)
  if (gradeOf({ signature, day: formatDay(day), hits: counting }) === undefined) {
    for (const hit of hits) putAside(contextReason(hit) ?? 'supporting-alone')
    return undefined
  }
  const visiting = hits.filter((hit) => contextReason(hit) === 'marketing' && !isLookup(hit))
  const used = cutByRoute(counting, policy, known)
  const grounded = verdictsOn(used, cutByRoute(visiting, policy, known), day)
  const cited = new Set(grounded.flatMap(({ passages }) => passages.map(({ hit }) => hit)))
  for (const hit of hits) if (!cited.has(hit)) putAside(contextReason(hit)!)
  const headline = grounded[0]!.passages
  const networks = new Set(headline.map(({ hit }) => hit.sighting.network).filter((name) => name !== ''))
  return {
    id: findingId(subject, signature.id, day),
    revision: 1,
    day,
    client: label,
    app: signature.id,
    appName: signature.name,
    category: signature.category,
    network: [...networks].sort().join(', '),
    scope: headline.some(({ scope }) => scope === 'managed') ? 'managed' : 'unknown',
    verdicts: grounded.map(({ verdict }) => verdict),
    policy: policy.hash,
  }
}

function findingId(subject: string, app: string, day: number): string {
  return `f-${createHash('sha256')
    .update(`${subject}\n${app}\n${formatDay(day)}`)
    .digest('hex')
    .slice(0, 16)}`
}
