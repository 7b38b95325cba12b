import type { Day, Micros } from '../../base/time.ts'
import type { Policy } from '../../model/policy.ts'
import { longDay, named } from './words.ts'

/** Something that the policy says begins or ends on a day. */
export interface PolicyDate {
  readonly day: Day
  readonly what: string
}

/** What of the policy began or ended on these days, both included, by day; the same thing once. */
export function policyDates(policy: Policy, from: Day, until: Day): PolicyDate[] {
  const dates = new Map<string, PolicyDate>()
  const add = (time: Micros, what: string) => {
    const day = dayInZone(time, policy)
    if (day >= from && day <= until) dates.set(`${day} ${what}`, { day, what })
  }
  add(policy.inForce, 'The rule comes into force')
  for (const { name, version, from: begins, until: ends, fromText, untilText } of policy.rules) {
    if (version !== '' && begins !== policy.inForce) add(begins, `The policy changes: ${named(version)}`)
    else if (fromText !== '') add(begins, `The rule "${named(name)}" begins to count`)
    if (untilText !== '') add(ends - 1, `Last day of the rule "${named(name)}"`)
  }
  for (const { name, from: begins, until: ends } of policy.exemptions) {
    add(begins, `The exemption "${named(name)}" begins`)
    add(ends - 1, `Last day of the exemption "${named(name)}"`)
  }
  return [...dates.values()].sort((a, b) => a.day - b.day || (a.what < b.what ? -1 : 1))
}

/** The day on which a time falls in the zone of the policy. */
export function dayInZone(time: Micros, { timezone }: Pick<Policy, 'timezone'>): Day {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })
  const parts = new Map(format.formatToParts(Math.floor(time / 1000)).map(({ type, value }) => [type, Number(value)]))
  return Date.UTC(parts.get('year')!, parts.get('month')! - 1, parts.get('day')!) / 86_400_000
}

/** `1 November 2026: The rule comes into force` */
export function dateText({ day, what }: PolicyDate): string {
  return `${longDay(day)}: ${what}`
}
