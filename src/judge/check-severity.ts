import { ACTIVITIES, GRADES, RULINGS } from '../model/finding.ts'
import type { Placer, Reporter } from './checks.ts'
import type { PolicyFile } from './schema.ts'
import { type SeverityFacts, severityFits, toSeverityRow } from './severity.ts'

/** Reports cases for which a table of severities has no row, and rows that never decide. */
export function checkSeverity(table: PolicyFile['severity'], report: Reporter, place: Placer): void {
  if (table === undefined) return
  const rows = table.map(toSeverityRow)
  const deciding = new Set<number>()
  const missing: SeverityFacts[] = []
  for (const facts of possibleCases()) {
    const row = rows.findIndex((candidate) => severityFits(candidate, facts))
    if (row < 0) missing.push(facts)
    else deciding.add(row)
  }
  for (const i of rows.keys()) {
    if (deciding.has(i)) continue
    const above = i === 0 ? '' : `: ${place(['severity', 0])} and those after it take all that it names`
    report(['severity', i], `never decides${above}`)
  }
  if (missing.length > 0) {
    const { ruling, activity, grade, bypass, blocked } = missing[0]!
    const way = bypass ? ', a bypass' : blocked ? ', blocked' : ''
    report(
      ['severity'],
      `has no row for ${missing.length} of the cases, such as ${ruling}, ${activity}, ${grade}${way}: end it with a row that names only its severity`,
    )
  }
}

/** What is blocked, or is only a visit of the app's site, is no bypass. */
function possibleCases(): readonly SeverityFacts[] {
  const ways = [
    { bypass: false, blocked: false },
    { bypass: true, blocked: false },
    { bypass: false, blocked: true },
  ]
  return RULINGS.flatMap((ruling) =>
    ACTIVITIES.flatMap((activity) =>
      GRADES.flatMap((grade) =>
        ways
          .filter(({ bypass }) => !(bypass && activity === 'site-visit'))
          .map((way) => ({ ruling, activity, grade, ...way })),
      ),
    ),
  )
}
