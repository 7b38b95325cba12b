import { formatDay } from '../base/time.ts'
import type { SubjectDay } from '../model/facts.ts'
import type { Finding } from '../model/finding.ts'
import type { Policy } from '../model/policy.ts'
import { NO_REGISTERS, type Registers } from '../model/register.ts'
import { addContradictions } from './contradictions.ts'
import { compareSightings } from './evidence.ts'
import { FindingIds } from './finding-ids.ts'
import { gradeOf } from './grades.ts'
import { groupsOf } from './groups.ts'
import { contextReason, type Hit, isLookup, type SetAsideReason } from './hits.ts'
import { KnownSessions } from './known-sessions.ts'
import { DayNotes } from './notes.ts'
import { hitsOfOtherGateways, OTHER_GATEWAY } from './other-gateway.ts'
import { cutByRoute, cutTo, type Known } from './passages.ts'
import { Scopes } from './scopes.ts'
import type { SignatureIndex } from './signature-index.ts'
import { joinTunnels } from './tunnels.ts'
import { verdictsOn } from './verdicts.ts'
import { whoseOf } from './whose.ts'

export interface Judgement {
  /** By app id; `revision` is 1, for a judgement does not know the ones before it. */
  readonly findings: readonly Finding[]
  /** By their ids: those that what a finding is about may have stood under before logs told more, sorted. */
  readonly otherIds: ReadonlyMap<string, readonly string[]>
  /** How many sightings are behind no verdict, and why. */
  readonly setAside: Readonly<Partial<Record<SetAsideReason, number>>>
}

/**
 * What a policy says of one subject's day. The same facts, policy and signatures give the same judgement in any order.
 */
export function judgeSubjectDay(
  facts: SubjectDay,
  policy: Policy,
  signatures: SignatureIndex,
  registers: Registers = NO_REGISTERS,
): Judgement {
  const sessions = new KnownSessions(facts, policy)
  const scopes = new Scopes(facts, policy, registers, sessions)
  const groups = groupsOf(policy, facts.lasting?.(facts.subject) ?? facts.subject, scopes.registered?.group)
  const known: Known = { groups, tunnels: joinTunnels(facts.marks), sessions, scopes }
  const ids = new FindingIds(facts.subject, facts.day)
  const own = facts.sightings.flatMap((sighting) => {
    const minutes = sessions.ownMinutes(sighting)
    ids.see(sighting, minutes)
    const cut = cutTo(sighting, minutes)
    return cut === undefined ? [] : scopes.cut(cut)
  })
  const setAside: Partial<Record<SetAsideReason, number>> = {}
  const putAside = (reason: SetAsideReason) => {
    setAside[reason] = (setAside[reason] ?? 0) + 1
  }
  const byApp = new Map<string, Hit[]>()
  for (const sighting of own.toSorted(compareSightings)) {
    const match = signatures.get(sighting.indicator)
    if (scopes.of(sighting) === 'unmanaged') putAside(scopes.isVisitor(sighting) ? 'visitor' : 'unmanaged')
    else if (match === undefined) putAside('unknown-indicator')
    else {
      const hits = byApp.get(sighting.app)
      if (hits === undefined) byApp.set(sighting.app, [{ sighting, match }])
      else hits.push({ sighting, match })
    }
  }
  if (scopes.registered?.scope !== 'unmanaged') {
    const hits = hitsOfOtherGateways(sessions.elsewhere, facts)
    if (hits.length > 0) byApp.set(OTHER_GATEWAY.id, hits)
  }
  const notes = new DayNotes(byApp)
  const findings: Finding[] = []
  const otherIds = new Map<string, readonly string[]>()
  for (const app of [...byApp.keys()].sort()) {
    const said = judgeApp(byApp.get(app)!, facts, policy, known, notes, putAside)
    if (said === undefined) continue
    const { id, others } = ids.of(app)
    findings.push({ id, ...said })
    if (others.length > 0) otherIds.set(id, others)
  }
  return { findings, otherIds, setAside }
}

function judgeApp(
  hits: readonly Hit[],
  facts: SubjectDay,
  policy: Policy,
  known: Known,
  notes: DayNotes,
  putAside: (reason: SetAsideReason) => void,
): Omit<Finding, 'id'> | undefined {
  const { day, label } = facts
  const { signature } = hits[0]!.match
  const counting = hits.filter((hit) => contextReason(hit) === undefined)
  if (gradeOf({ signature, day: formatDay(day), hits: counting }) === undefined) {
    for (const hit of hits) putAside(contextReason(hit) ?? 'supporting-alone')
    return undefined
  }
  const visiting = hits.filter((hit) => contextReason(hit) === 'marketing' && !isLookup(hit))
  const used = cutByRoute(counting, policy, known)
  const judged = verdictsOn(used, cutByRoute(visiting, policy, known), day, policy.severity)
  const grounded = addContradictions(notes.add(judged, signature.id), known, policy)
  const cited = new Set(grounded.flatMap(({ passages }) => passages.map(({ hit }) => hit)))
  for (const hit of hits) if (!cited.has(hit)) putAside(contextReason(hit)!)
  const headline = grounded[0]!.passages
  const group = known.scopes.registered?.group ?? ''
  const networks = new Set(headline.map(({ hit }) => hit.sighting.network).filter((name) => name !== ''))
  return {
    revision: 1,
    day,
    client: label,
    app: signature.id,
    appName: signature.name,
    category: signature.category,
    network: [...networks].sort().join(', '),
    scope: headline.some(({ scope }) => scope === 'managed') ? 'managed' : 'unknown',
    ...(group !== '' && { group }),
    whose: whoseOf(facts, headline, policy, known.sessions),
    verdicts: grounded.map(({ verdict }) => verdict),
    policy: policy.hash,
  }
}
