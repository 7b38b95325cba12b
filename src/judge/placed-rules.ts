import { LAST_TIME, type Micros } from '../base/time.ts'
import type { Reporter, Sections } from './checks.ts'
import { isTimeZone, parseInForce, parseUntil } from './in-force.ts'
import type { PolicyFile } from './schema.ts'
import type { Path } from './yaml-source.ts'

/** A time in which something of a policy counts. */
export interface Period {
  readonly from: Micros
  /** Not in it any more; `LAST_TIME` where it has no end. */
  readonly until: Micros
}

/** A rule of the file, where it stands, and when it counts within its version. */
export interface PlacedRule extends Period {
  readonly path: Path
  readonly rule: PolicyFile['rules'][number]
  /** `version "2", in force from 2026-09-01`; '' where the policy has one version only. */
  readonly version: string
}

/**
 * The rules of all versions, in the order of the file. Reports times that are wrong; such a rule, or a version, is left
 * out.
 */
export function placeRules(sections: Sections, report: Reporter): readonly PlacedRule[] {
  const { timezone = 'UTC', 'in-force': inForce = '1970-01-01', rules = [], versions = [] } = sections
  // What is wrong with these two is told by whoever checks them.
  const zone = isTimeZone(timezone) ? timezone : 'UTC'
  const first = parseInForce(inForce, zone)
  const start = typeof first === 'string' ? 0 : first
  const all = [
    { start, text: inForce, name: '', path: [] as Path, rules },
    ...versions.flatMap((version, i) => {
      const path = ['versions', i]
      const text = version['in-force']
      const at = parseInForce(text, zone)
      if (typeof at !== 'string') return [{ start: at, text, name: version.name, path, rules: version.rules }]
      report([...path, 'in-force'], at)
      return []
    }),
  ]
  return all.flatMap((version, i) => {
    const next = all[i + 1]
    if (next !== undefined && next.start <= version.start) {
      report([...next.path, 'in-force'], `is not after ${version.text}, from which the one before it is in force`)
      return []
    }
    const bounds = { from: version.start, until: next?.start ?? LAST_TIME }
    const called = version.name === '' ? 'the first version' : `version ${JSON.stringify(version.name)}`
    const cited = versions.length === 0 ? '' : `${called}, in force from ${version.text}`
    return version.rules.flatMap((rule, j) => {
      const path = [...version.path, 'rules', j]
      const period = periodOf(rule, bounds, zone, path, report)
      return period === undefined ? [] : [{ path, rule, version: cited, ...period }]
    })
  })
}

/** When something counts within bounds; undefined where its times are wrong, which is reported. */
export function periodOf(
  times: { readonly from?: string | undefined; readonly until?: string | undefined },
  bounds: Period,
  zone: string,
  path: Path,
  report: Reporter,
): Period | undefined {
  const from = times.from === undefined ? bounds.from : parseInForce(times.from, zone)
  const until = times.until === undefined ? bounds.until : parseUntil(times.until, zone)
  if (typeof from === 'string') report([...path, 'from'], from)
  if (typeof until === 'string') report([...path, 'until'], until)
  if (typeof from === 'string' || typeof until === 'string') return undefined
  if (from < bounds.from) {
    report([...path, 'from'], 'is before its rules are in force: leave it out, or put in-force earlier')
  } else if (times.until !== undefined && until <= from) {
    const advice = 'write the last day, or a later time'
    report(
      [...path, 'until'],
      times.from === undefined ? `is before it is in force: ${advice}` : `is before its from: ${advice}`,
    )
  } else if (from >= bounds.until) {
    report([...path, 'from'], 'is after the next version has replaced it: put the rule there')
  } else return { from, until: Math.min(until, bounds.until) }
  return undefined
}
