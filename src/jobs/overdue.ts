import { harmless } from '../base/text.ts'
import { formatMinute, type Micros } from '../base/time.ts'
import type { InputGroup } from '../model/run.ts'
import { durationText } from './duration.ts'

/** Since when a group has owed something new; undefined where it does not, or nothing is expected of it. */
export function overdueSince({ every, since, lastRead }: InputGroup, now: Micros): Micros | undefined {
  if (every === undefined) return undefined
  const due = (lastRead ?? since) + every
  return due < now ? due : undefined
}

/** A line that says which group is overdue, since when, and what came last; undefined where it is not. */
export function overdueText(group: InputGroup, now: Micros): string | undefined {
  const due = overdueSince(group, now)
  if (due === undefined || group.every === undefined) return undefined
  const came =
    group.lastRead === undefined
      ? `nothing was ever read of it, expected since ${formatMinute(group.since)}`
      : `something new was last read at ${formatMinute(group.lastRead)}`
  const every = durationText(group.every)
  return `input ${harmless(JSON.stringify(group.name))} is overdue since ${formatMinute(due)} UTC: expected every ${every}, ${came}`
}
