import { grouped } from '../base/text.ts'
import type { CoverageLine } from './coverage-text.ts'
import type { Style } from './style.ts'
import { type Cell, renderTable } from './table.ts'

const ALL = 'flows'

/** What can become of a flow, as a reader is told: those with a name, those of a known kind, then the unknown. */
const OUTCOMES: Readonly<Record<string, string>> = {
  flows_named: 'named: by DNS, a server name, a certificate or a host',
  flows_cover_name: 'named only by a cover: Encrypted Client Hello',
  flows_call: 'calls, by their form',
  flows_tunnel: 'tunnels: what goes on inside cannot be seen',
  flows_encrypted_dns: 'encrypted DNS: what was asked cannot be seen',
  flows_by_address: "known by the server's address: looked up before, or an app's own network",
  flows_without_names: 'of a known protocol that names nothing',
  flows_local: 'between neighbours, or to all of them',
  flows_hello_without_name: 'TLS, QUIC or HTTP that names no server',
  flows_hello_incomplete: 'greeting damaged, or a part of it missing',
  flows_quic_not_opened: 'QUIC greeting that cannot be opened',
  flows_picked_up: 'begun before the capture did',
  flows_one_direction: 'seen in one direction only',
  flows_without_data: 'no data went over them',
  flows_not_recognised: 'whole, and of no known form',
}

/** Whether a reason of coverage is told by `flowsTable`. */
export function isFlowOutcome(reason: string): boolean {
  return reason === ALL || Object.hasOwn(OUTCOMES, reason)
}

/** How many flows there were, and what became of how many; those of which there were none are left out. */
export function flowOutcomes(lines: readonly CoverageLine[]): {
  readonly all: number
  readonly rows: readonly { readonly count: number; readonly words: string }[]
} {
  const counts = new Map(lines.map(({ reason, count }) => [reason, count]))
  const rows = Object.entries(OUTCOMES).map(([reason, words]) => ({ count: counts.get(reason) ?? 0, words }))
  return { all: counts.get(ALL) ?? 0, rows: rows.filter(({ count }) => count > 0) }
}

/** How many flows (connections, exchanges of datagrams) could be named, and why the others could not; '' for none. */
export function flowsTable(lines: readonly CoverageLine[], width: number, style: Style): string {
  const outcomes = flowOutcomes(lines)
  const { all } = outcomes
  if (all === 0) return ''
  const rows = outcomes.rows.map(({ count, words }): Cell[] => [[grouped(count)], [share(count, all)], [words]])
  rows.push([[grouped(all)], ['100 %'], ['flows in all']])
  return renderTable(['Flows', 'Share', 'What became of them'], rows, width, style, { wrap: 2 })
}

/** In whole percents, of which neither end is reached by rounding. */
export function share(count: number, all: number): string {
  const percent = (100 * count) / all
  if (count === all) return '100 %'
  if (percent < 1) return '< 1 %'
  return percent > 99 ? '> 99 %' : `${Math.round(percent)} %`
}
