import { type Day, formatDay, type Micros } from '../base/time.ts'
import type { AuditEntry } from '../model/audit.ts'
import { digestOf } from './entry.ts'

/** What of a finding tells the entries that concern it from others. */
export interface FindingTrace {
  readonly id: string
  /** The whole pseudonym of whose it is. */
  readonly subject: string
  readonly app: string
  readonly day: Day
  /** Hash of the policy it was judged under. */
  readonly policy: string
  /** When it was first found. */
  readonly since: Micros
  /** What was done to it, as `deedOf` writes it. */
  readonly deeds: ReadonlySet<string>
}

/** A judgement, review, suppression or statement, by its action and when it was. */
export function deedOf(action: string, at: Micros): string {
  return `${action} ${at}`
}

/** What the log keeps of a finding that went into a pack. */
export function provedDigest(id: string): string {
  return digestOf(['prove', id])
}

/** What the log keeps of whom it was that somebody asked for. */
export function unsealedDigest(subject: string): string {
  return digestOf(['unseal', subject])
}

/**
 * Tells whether an entry concerns one of these findings: what was done to it, a policy that judged it, exports and reports
 * over its app and day since it was found, its client unsealed, packs that it is in.
 */
export function concernOf(traces: readonly FindingTrace[]): (entry: AuditEntry) => boolean {
  const deeds = new Set(traces.flatMap((trace) => [...trace.deeds]))
  const policies = new Set(traces.map(({ policy }) => policy))
  const proved = new Set(traces.map(({ id }) => provedDigest(id)))
  const subjects = new Set(traces.map(({ subject }) => unsealedDigest(subject)))
  return ({ at, action, details }) => {
    if (deeds.has(deedOf(action, at))) return true
    const told = JSON.parse(details) as Readonly<Record<string, unknown>>
    if (action === 'policy') return policies.has(String(told.policy))
    if (action === 'unseal') return subjects.has(String(told.subject))
    if (action === 'prove') return Array.isArray(told.of) && told.of.some((one) => proved.has(String(one)))
    if (action !== 'export' && action !== 'report') return false
    return traces.some(({ app, day, since }) => {
      const date = formatDay(day)
      const { from = date, until = date } = told
      return at >= since && ['', app, undefined].includes(told.app as string) && from! <= date && date <= until!
    })
  }
}
