import { InvalidArgumentError, Option } from 'commander'
import { harmless } from '../base/text.ts'
import { MICROS_PER_DAY, type Micros } from '../base/time.ts'
import type { Expiring } from '../judge/expiring.ts'
import type { Policy } from '../model/policy.ts'
import { now } from './clock.ts'

/** How far ahead commands look for exemptions that end. */
export const expiringOption = () =>
  new Option('--expiring-within <days>', 'name exemptions that end within so many days, as 30d')
    .default(30 * MICROS_PER_DAY, '30d')
    .argParser(parseDays)

/** The policy's exemptions that have ended by now or end soon, as data for `--json`. */
export async function expiringNow(policy: Policy, within: Micros): Promise<readonly Expiring[]> {
  if (policy.exemptions.length === 0) return []
  const { expiringExemptions } = await import('../judge/expiring.ts')
  return expiringExemptions(policy, now(), within)
}

/** `exemption "trial" has ended (2026-03-31); …`, a line each. */
export function expiringLines(expiring: readonly Expiring[]): readonly string[] {
  return expiring.map(({ name, ended, until, approver, reference }) =>
    harmless(`exemption "${name}" ${ended ? 'has ended' : 'ends soon'} (${until}); ${approver}, ${reference}`),
  )
}

function parseDays(text: string): Micros {
  const days = /^(\d{1,4})d?$/.exec(text)?.[1]
  if (days === undefined) throw new InvalidArgumentError('write a number of days, as 30d.')
  return Number(days) * MICROS_PER_DAY
}
