import { bytesText, grouped, harmless, harmlessJson, plural } from '../base/text.ts'
import { formatDay } from '../base/time.ts'
import type { JudgementSummary } from '../judgement.ts'
import { SEVERITIES, type Severity } from '../model/finding.ts'
import type { Registers } from '../model/register.ts'
import { REVIEW_STATES } from '../model/review.ts'
import type { CoverageLine } from '../report/coverage-text.ts'
import type { RegisterShare } from '../report/registers-text.ts'
import type { StateCount } from '../store/finding-list.ts'
import type { StoreReader } from '../store/store-reader.ts'
import type { InputOutcome } from '../sweep/outcome.ts'
import { today } from './clock.ts'
import type { Terminal } from './terminal.ts'

/** What a run has to tell beside what the store holds. */
export interface Report {
  /** Of a sweep; none of a judgement. */
  readonly outcomes: readonly InputOutcome[]
  readonly judgement: JudgementSummary
  readonly registers: Registers
  readonly hash: boolean
}

/** Rows of a table on the screen; the others are counted. */
export const TABLE_LIMIT = 50

const MINDED: readonly Severity[] = SEVERITIES.filter((severity) => severity !== 'none')

/** Prints the findings that the policy minds, then what could not be read or seen; as one JSON object with `json`. */
export async function printReport(
  store: StoreReader,
  report: Report,
  json: boolean,
  terminal: Terminal,
): Promise<void> {
  const coverage = coverageLines(store)
  const setAside = Object.fromEntries([...report.judgement.setAside].sort(([a], [b]) => (a < b ? -1 : 1)))
  if (json) {
    const inputs = report.outcomes.map(({ summary, ended: _, ...outcome }) => ({
      ...outcome,
      damage: summary?.damage,
      ...(summary !== undefined && summary.changes.length > 0 && { formatChanges: summary.changes }),
    }))
    const judged = { ...report.judgement, setAside }
    const registers = await registerShares(store, report.registers)
    await printJson(store, { identities: store.identities, inputs }, { judged, registers, coverage }, terminal)
    return
  }
  const [{ findingsTable }, { coverageTable }, { flowsTable }] = await Promise.all([
    import('../report/findings-table.ts'),
    import('../report/coverage-text.ts'),
    import('../report/flows-text.ts'),
  ])
  const style = terminal.style.bind(terminal)
  const { open, acknowledged, closed, suppressed } = store.stateCounts({ severities: MINDED }, today())
  const minded = sumOf(open, acknowledged)
  const settled = sumOf(closed, suppressed).findings
  const page = { states: ['open', 'acknowledged'], limit: TABLE_LIMIT } as const
  const shown = [...store.findingPage({ severities: MINDED }, page, today())]
  if (shown.length > 0) terminal.out(findingsTable(shown, terminal.width, style))
  terminal.out(`${headline(store.severities().none, minded)}${identitiesText(store)}`)
  if (settled > 0) {
    const words = plural(settled, 'more is', 'more are')
    terminal.out(`${words} closed or suppressed (\`offchannel findings --state all\`).`)
  }
  if (minded.findings > shown.length) {
    const words = `${minded.findings - shown.length} more are not shown`
    terminal.out(`${words}: \`offchannel findings --limit ${minded.findings}\` lists all`)
  }
  if (Object.keys(setAside).length > 0) terminal.out(`Raised nothing: ${setAsideText(report.judgement)}.`)
  if (report.registers.list.length > 0) {
    const { registersText } = await import('../report/registers-text.ts')
    terminal.out(registersText(await registerShares(store, report.registers)))
  }
  const flows = flowsTable(coverage, terminal.width, style)
  if (flows !== '') terminal.out(flows)
  const gaps = coverageTable(coverage, terminal.width, style)
  terminal.out(gaps === '' ? 'Nothing was met that could not be read.' : gaps)
  const { firstDay, lastDay } = store.status()
  if (firstDay !== undefined && lastDay !== undefined) {
    terminal.out(
      `Facts from ${formatDay(firstDay)} to ${formatDay(lastDay)} (UTC), ${plural(store.readings().length, 'input')} in the store.`,
    )
  }
  if (report.outcomes.length > 0) terminal.out(outcomesText(report))
}

/** How much of each register was seen, over all days that the store has facts of. */
async function registerShares(store: StoreReader, { list }: Registers): Promise<readonly RegisterShare[]> {
  if (list.length === 0) return []
  const { shareOf } = await import('../report/registers-text.ts')
  const { seen, found } = store.seenSubjects(0, Number.MAX_SAFE_INTEGER)
  return list.map((register) => shareOf(register, seen, found))
}

/** One object on one line, its findings one after the other: a store may hold more than a string can. */
async function printJson(store: StoreReader, before: object, after: object, terminal: Terminal): Promise<void> {
  await terminal.pour(`${harmlessJson(before).slice(0, -1)},"findings":[`)
  let comma = ''
  for (const finding of store.findingPage({}, { states: REVIEW_STATES }, today())) {
    await terminal.pour(comma + harmlessJson(finding))
    comma = ','
  }
  terminal.out(`],${harmlessJson(after).slice(1)}`)
}

function sumOf(one: StateCount, other: StateCount): StateCount {
  return { findings: one.findings + other.findings, bypasses: one.bypasses + other.bypasses }
}

function headline(rest: number, { findings, bypasses }: StateCount): string {
  const more =
    rest > 0 ? ` ${plural(rest, 'more', 'more')} permitted and of no concern (\`offchannel findings --all\`).` : ''
  if (findings === 0) return `No findings.${more}`
  return `${plural(findings, 'finding')}, ${plural(bypasses, 'of which bypasses', 'of which bypass')} the VPN.${more}`
}

function identitiesText(store: StoreReader): string {
  return store.identities === 'clear'
    ? ' Clients are shown as they are: this store keeps identities clear.'
    : ' Clients are pseudonyms.'
}

const SET_ASIDE_WORDS: Readonly<Record<string, string>> = {
  visitor: "visitors' sightings",
  unmanaged: 'sightings of users and devices that a register calls unmanaged',
  'unknown-indicator': 'sightings of indicators that the signatures no longer have',
  withdrawn: 'sightings of indicators that were withdrawn',
  'government-vpn': 'sightings of the government VPN itself',
  expired: 'sightings of indicators that have expired',
  marketing: "visits to an app's public site",
  shared: 'sightings of hosts that apps share with others',
  ambiguous: 'sightings that could be something else',
  'supporting-alone': 'sightings that need a second one of another kind',
}

function setAsideText({ setAside }: JudgementSummary): string {
  return [...setAside]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${grouped(count)} ${SET_ASIDE_WORDS[reason] ?? reason}`)
    .join(', ')
}

/** Coverage of all readings that count, summed up by reason. */
export function coverageLines(store: StoreReader): CoverageLine[] {
  const sums = new Map<string, { count: number; inputs: number }>()
  for (const { reason, count } of store.coverage()) {
    const sum = sums.get(reason) ?? { count: 0, inputs: 0 }
    sum.count += count
    sum.inputs++
    sums.set(reason, sum)
  }
  return [...sums].map(([reason, sum]) => ({ reason, ...sum })).sort((a, b) => (a.reason < b.reason ? -1 : 1))
}

function outcomesText({ outcomes, hash }: Report): string {
  const read = outcomes.filter(({ status }) => READ.includes(status))
  const bytes = read.reduce((sum, one) => sum + one.bytes, 0)
  const of = (unit: InputOutcome['unit']) =>
    read.filter((one) => one.unit === unit).reduce((sum, one) => sum + (one.summary?.records ?? 0), 0)
  const parts = [`Read ${plural(read.length, 'input')}: ${bytesText(bytes)}`]
  if (of('packets') > 0) parts.push(plural(of('packets'), 'packet'))
  if (of('records') > 0) parts.push(plural(of('records'), 'log record'))
  const others = (['grown', 'replaced', 'known', 'changed', 'empty', 'stopped', 'failed'] as const)
    .map((status) => ({ status, count: outcomes.filter((one) => one.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${OUTCOME_WORDS[status]}`)
  const hashes = hash ? [] : ['without SHA-256 (--no-hash)']
  return `${[parts.join(', '), ...others, ...hashes].map(harmless).join('; ')}.`
}

const READ: readonly InputOutcome['status'][] = ['read', 'grown', 'replaced']

const OUTCOME_WORDS = {
  grown: 'grown since it was read',
  replaced: 'read again in place of an earlier reading',
  known: 'known already',
  changed: 'known, read with other settings (--again)',
  empty: 'empty',
  stopped: 'not read: the sweep was ended',
  failed: 'could not be read',
} as const
