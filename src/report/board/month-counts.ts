import type { CountedRow, ExemptRow, MonthCounts, StoreCounts } from '../../model/board.ts'
import type { Exemption, Policy } from '../../model/policy.ts'

/** What registers say of a month. */
export interface RegisterCounts {
  /** How many there are in each directorate; empty where none is told. */
  readonly groups: ReadonlyMap<string, number>
  readonly seen: MonthCounts['registers']
}

/** What the store counted, beside what the policy and the registers say of it. */
export function monthCounts(counts: StoreCounts, policy: Policy, { groups, seen }: RegisterCounts): MonthCounts {
  return {
    ...counts,
    groups: groups.size === 0 ? counts.groups : withSizes(counts.groups, groups),
    exemptions: counts.exemptions.map((row) => ({ ...row, within: within(row, policy) })),
    registers: seen,
  }
}

/** A row for each directorate of the registers, also where nobody was seen. */
function withSizes(rows: readonly CountedRow[], sizes: ReadonlyMap<string, number>): CountedRow[] {
  const none = [...sizes.keys()].filter((key) => !rows.some((row) => row.key === key))
  const all = [...rows, ...none.map((key) => ({ key, value: 0, people: 0 }))]
  return all.map((row) => {
    const size = sizes.get(row.key)
    return size === undefined ? row : { ...row, size }
  })
}

/** What is for several apps, networks or directorates is within none of their rows. */
function within({ key }: CountedRow, policy: Policy): ExemptRow['within'] {
  const exemption = policy.exemptions.find(({ name }) => name === key)
  if (exemption === undefined) return []
  const only = (table: ExemptRow['within'][number]['table'], keys: readonly string[]) =>
    keys.length === 1 ? [{ table, key: keys[0]! }] : []
  return [
    ...only('apps', exemption.apps),
    ...only('networks', exemption.networks),
    ...only('groups', directoratesOf(exemption, policy)),
  ]
}

function directoratesOf({ groups }: Exemption, policy: Policy): string[] {
  return policy.groups.filter(({ name }) => groups.includes(name)).flatMap(({ directorates }) => directorates)
}
