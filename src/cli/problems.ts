import { harmless, plural } from '../base/text.ts'
import type { InputSummary } from '../pipeline.ts'
import type { Terminal } from './terminal.ts'

/** Says on standard error what of an input was not read in full, a line each. */
export function tellProblems(input: string, { damage, bad }: InputSummary, terminal: Terminal): void {
  const name = harmless(input)
  if (damage !== undefined) {
    const why = damage.detail === undefined ? damage.reason : `${damage.reason}: ${harmless(damage.detail)}`
    terminal.problem(`${name}: broken at byte ${damage.offset} (${why}); what came before it counts`)
  }
  for (const [reason, { count, lines }] of bad) {
    const where = `${lines.join(', ')}${count > lines.length ? ', …' : ''}`
    terminal.problem(`${name}: ${plural(count, 'record')} not read: ${reason} (line ${where})`)
  }
}
