import { grouped, harmless, plural } from '../base/text.ts'
import type { Register } from '../model/register.ts'

/** How much of a register was seen at all, so that a share can be told of those that could have been found. */
export interface RegisterShare {
  readonly register: string
  readonly holds: Register['holds']
  readonly scope: Register['scope']
  /** Devices or users in it. */
  readonly entries: number
  /** Rows that name nobody. */
  readonly nameless: number
  /** Of the entries those that anything kept names: a match, or a lease or tunnel in a log. */
  readonly seen: number
  /** Of these the ones with a finding, also one of no concern. */
  readonly found: number
}

/** What was seen of a register; an entry counts once, under whichever of its names. */
export function shareOf(
  { name, holds, scope, entries, nameless }: Register,
  seen: ReadonlySet<string>,
  found: ReadonlySet<string>,
): RegisterShare {
  const count = (among: ReadonlySet<string>) => entries.filter((names) => names.some((one) => among.has(one))).length
  return { register: name, holds, scope, entries: entries.length, nameless, seen: count(seen), found: count(found) }
}

/** A line for each register, and what "seen" means. */
export function registersText(shares: readonly RegisterShare[]): string {
  const lines = shares.map(({ register, holds, entries, nameless, seen, found }) => {
    const rest = nameless > 0 ? `; ${plural(nameless, 'row names', 'rows name')} nobody` : ''
    const counts = `${grouped(seen)} of ${grouped(entries)} ${holds} were seen, ${grouped(found)} with a finding`
    return `Register "${harmless(register)}": ${counts}${rest}.`
  })
  return [...lines, 'Seen is who a match, or a lease or tunnel in a log, names: nothing else is kept of anybody.'].join(
    '\n',
  )
}
