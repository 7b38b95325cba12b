import type { Micros } from '../base/time.ts'
import type { Policy } from '../model/policy.ts'

/** An exemption that has ended, or is to end soon. */
export interface Expiring {
  readonly name: string
  readonly ended: boolean
  /** As the policy wrote it. */
  readonly until: string
  readonly approver: string
  readonly reference: string
}

/** The exemptions that have ended at an instant or end within so many microseconds after it, the earliest first. */
export function expiringExemptions({ exemptions }: Policy, now: Micros, within: Micros): readonly Expiring[] {
  return exemptions
    .filter(({ until }) => until <= now + within)
    .toSorted((a, b) => a.until - b.until)
    .map(({ name, until, untilText, approver, reference }) => ({
      name,
      ended: until <= now,
      until: untilText,
      approver,
      reference,
    }))
}
