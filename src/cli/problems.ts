import { harmless, plural } from '../base/text.ts'
import type { InputSummary } from '../input.ts'
import type { Terminal } from './terminal.ts'

/** Says on standard error what of an input was not read in full, a line each. */
export function tellProblems(input: string, summary: InputSummary, terminal: Terminal): void {
  const { damage, bad, changes, records } = summary
  const name = harmless(input)
  if (damage !== undefined) {
    const why = damage.detail === undefined ? damage.reason : `${damage.reason}: ${harmless(damage.detail)}`
    terminal.problem(`${name}: broken at byte ${damage.offset} (${why}); what came before it counts`)
  }
  for (const { line, format } of changes) {
    const what = format === undefined ? 'no record is read' : `records are of another format (${format})`
    terminal.problem(`${name}: from line ${line} on ${what}: part the file by format`)
  }
  const lost = [...bad.values()].reduce((sum, { count }) => sum + count, 0)
  if (lost > records && changes.length === 0) {
    const shown = '`offchannel formats try` shows how its lines are read'
    terminal.problem(`${name}: most of it is not read: it may be of another format or a variant of it: ${shown}`)
  }
  for (const [reason, { count, lines }] of bad) {
    const where = `${lines.join(', ')}${count > lines.length ? ', …' : ''}`
    terminal.problem(`${name}: ${plural(count, 'record')} not read: ${reason} (line ${where})`)
  }
}
