import { type Day, formatDay } from '../base/time.ts'
import { GRADES, type Judged, ROUTES, type Route, SEVERITIES, type Verdict } from '../model/finding.ts'
import type { SeverityRow } from '../model/policy.ts'
import { activityOf } from './activity.ts'
import { chooseEvidence } from './evidence.ts'
import { citeExemptions } from './exemption-looks.ts'
import { gradeOf, REST_OF_DAY } from './grades.ts'
import { type Passage, spannedMinutes, spanOf } from './passages.ts'
import { ROUTE_RULES } from './routes.ts'
import { citeSessions } from './session-evidence.ts'
import { severityOf } from './severity.ts'

/** A verdict and the passages that it rests on. */
export interface Grounded {
  readonly verdict: Verdict
  readonly passages: readonly Passage[]
}

/**
 * The verdicts on one app's passages on one day, one for each route, ruling with its reason, and whether it was blocked
 * and a bypass; the worst first. Visits of the app's site make a verdict only on a route and ruling where nothing else was seen.
 */
export function verdictsOn(
  used: readonly Passage[],
  visits: readonly Passage[],
  day: Day,
  table?: readonly SeverityRow[],
): readonly Grounded[] {
  const where = ({ route, ruling }: Passage) => `${route.value} ${ruling.value}`
  const taken = new Set(used.map(where))
  const groups = Map.groupBy(
    [...used, ...visits.filter((visit) => !taken.has(where(visit)))],
    (passage) => `${where(passage)} ${isBlocked(passage)} ${isBypass(passage)} ${passage.ruling.reason}`,
  )
  return [...groups]
    .map(([key, passages]) => ({ key, passages, verdict: verdictOn(passages, day, table) }))
    .sort((a, b) => compareVerdicts(a.verdict, b.verdict) || (a.key < b.key ? -1 : 1))
    .map(({ verdict, passages }) => ({ verdict, passages }))
}

function verdictOn(passages: readonly Passage[], day: Day, table: readonly SeverityRow[] | undefined): Verdict {
  // One hit can have come one way by two rules.
  const hits = [...new Set(passages.map(({ hit }) => hit))]
  const [first] = passages
  const ruling = first!.ruling
  const activity = activityOf(hits)
  const visit = activity.value === 'site-visit'
  const { signature } = first!.hit.match
  const grade = (visit ? undefined : gradeOf({ signature, day: formatDay(day), hits })) ?? REST_OF_DAY
  const blocked = isBlocked(first!)
  const bypass = isBypass(first!)
  const spans = passages.map(spanOf)
  const evidence = chooseEvidence(hits)
  return {
    route: mergeRoutes(passages.map(({ route }) => route)),
    bypass,
    ruling,
    grade,
    activity,
    severity: severityOf(
      { ruling: ruling.value, bypass, blocked, activity: activity.value, grade: grade.value },
      table,
    ),
    // Each minute once, in however many sightings of however many inputs it stands.
    minutes: spannedMinutes(passages.map(({ hit, mask }) => ({ quarter: hit.sighting.quarter, mask }))),
    first: Math.min(...spans.map((span) => span.first)),
    last: Math.max(...spans.map((span) => span.last)),
    blocked,
    evidence,
    evidenceOmitted: hits.length - evidence.length,
    ...citeSessions(passages.flatMap(({ sessions }) => sessions)),
    ...citeExemptions(passages.flatMap(({ exemptions }) => exemptions)),
  }
}

/** A route can be known in several ways at once: the rule that comes first gives its name, each its reason. */
function mergeRoutes(routes: readonly Judged<Route>[]): Judged<Route> {
  const reasons = new Set<string>()
  for (const { rule } of ROUTE_RULES) {
    const said = routes.filter((route) => route.rule === rule).map(({ reason }) => reason)
    for (const reason of said.sort()) reasons.add(reason)
  }
  const { rule } = ROUTE_RULES.find((candidate) => routes.some((route) => route.rule === candidate.rule))!
  return { value: routes[0]!.value, rule, reason: [...reasons].join(' ') }
}

function isBlocked({ hit }: Passage): boolean {
  return hit.sighting.action === 'blocked'
}

function isBypass(passage: Passage): boolean {
  const outside = passage.route.value === 'split-tunnel' || passage.route.value === 'no-tunnel'
  const visit = passage.hit.match.indicator.role === 'marketing'
  return outside && passage.scope === 'managed' && !isBlocked(passage) && !visit
}

function compareVerdicts(a: Verdict, b: Verdict): number {
  return (
    SEVERITIES.indexOf(a.severity.value) - SEVERITIES.indexOf(b.severity.value) ||
    Number(b.bypass) - Number(a.bypass) ||
    GRADES.indexOf(a.grade.value) - GRADES.indexOf(b.grade.value) ||
    b.minutes - a.minutes ||
    ROUTES.indexOf(a.route.value) - ROUTES.indexOf(b.route.value)
  )
}
