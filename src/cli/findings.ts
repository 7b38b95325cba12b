import { type Command, InvalidArgumentError, Option } from 'commander'
import { grouped, harmlessJson, plural } from '../base/text.ts'
import type { Day } from '../base/time.ts'
import { SEVERITIES, type Severity } from '../model/finding.ts'
import { REVIEW_STATES, type ReviewState } from '../model/review.ts'
import type { FindingQuery } from '../store/findings.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { today } from './clock.ts'
import type { KeyChoice } from './key-source.ts'
import { jsonOption, keyOptions, storeOption, withOptions } from './options.ts'
import { parseDay } from './parse-day.ts'
import { TABLE_LIMIT } from './report.ts'
import { statesText } from './reviewed.ts'
import type { Terminal } from './terminal.ts'

/** `gone`: reviewed, and no longer found. */
type StateChoice = ReviewState | 'all' | 'gone'

interface FindingsOptions extends KeyChoice {
  readonly all?: true
  readonly severity?: Severity
  readonly state?: StateChoice
  readonly app?: string
  readonly client?: string
  readonly from?: Day
  readonly until?: Day
  readonly limit?: number
  readonly policy?: string
  readonly json?: true
}

/** `offchannel findings`: what the store has found. */
export function addFindingsCommand(program: Command, terminal: Terminal): void {
  const findings = program
    .command('findings')
    .summary('list the findings in the store')
    .description('Lists findings that are open or acknowledged, the worst first. With --json one object a line.')
    .option('--all', 'also what is permitted and of no concern')
    .addOption(
      new Option('--severity <severity>', 'as severe as this, or more').choices(
        SEVERITIES.filter((severity) => severity !== 'none'),
      ),
    )
    .addOption(
      new Option('--state <state>', 'those that are so, all, or those that were reviewed and are gone').choices([
        ...REVIEW_STATES,
        'all',
        'gone',
      ]),
    )
    .option('--app <id>', 'of one app')
    .option('--client <name>', 'of one client, as tables show it')
    .option('--from <day>', 'from this day on (YYYY-MM-DD, UTC)', parseDay)
    .option('--until <day>', 'up to this day', parseDay)
    .option('--limit <number>', `how many to list (default: ${TABLE_LIMIT}, with --json all)`, parseLimit)
    .addHelpText('after', '\nExample:\n  offchannel findings --severity high --from 2026-05-01 --json | jq -r .id')
  const registers = new Option('--policy <file>', 'tell how many of those in the registers of this policy were seen')
  withOptions(findings, storeOption(), registers, ...keyOptions(), jsonOption())
  findings.action((options: FindingsOptions) => list(options, terminal))
}

async function list(options: FindingsOptions, terminal: Terminal): Promise<void> {
  const { Store } = await import('../store/store.ts')
  const store = Store.openReadOnly(options.store)
  try {
    if (options.state === 'gone') return listGone(store, options.json === true, terminal)
    const lowest = options.all ? 'none' : (options.severity ?? 'low')
    const query: FindingQuery = {
      severities: SEVERITIES.slice(0, SEVERITIES.indexOf(lowest) + 1),
      apps: options.app === undefined ? undefined : [options.app],
      subject: options.client,
      from: options.from,
      until: options.until,
    }
    const states: readonly ReviewState[] =
      options.state === undefined ? ['open', 'acknowledged'] : options.state === 'all' ? REVIEW_STATES : [options.state]
    if (options.json) {
      const page = { states, limit: options.limit }
      for (const finding of store.findingPage(query, page, today())) await terminal.pour(`${harmlessJson(finding)}\n`)
      return
    }
    const limit = options.limit ?? TABLE_LIMIT
    const shown = [...store.findingPage(query, { states, limit }, today())]
    if (shown.length > 0) {
      const { findingsTable } = await import('../report/findings-table.ts')
      terminal.out(findingsTable(shown, terminal.width, (format, text) => terminal.style(format, text)))
    }
    const counts = store.stateCounts(query, today())
    const found = states.reduce((sum, state) => sum + counts[state].findings, 0)
    const people = store.identities === 'clear' ? 'identities are clear' : 'clients are pseudonyms'
    terminal.out(`${found === 0 ? 'No findings' : plural(found, 'finding')} of these; ${people}.`)
    if (found > shown.length)
      terminal.out(
        `${grouped(found - shown.length)} more are not shown: --limit ${found}, --json or \`offchannel export\``,
      )
    if (REVIEW_STATES.some((state) => counts[state].findings > 0)) terminal.out(`By state: ${statesText(counts)}.`)
    if (options.policy !== undefined) await tellShares(store, options.policy, options, terminal)
    const gone = store.goneReviewed().length
    if (gone > 0)
      terminal.out(
        `${plural(gone, 'reviewed finding is', 'reviewed findings are')} gone (\`--state gone\` lists them).`,
      )
  } finally {
    store.close()
  }
}

/** Of those in the registers of a policy, how many were seen and found on the days that are asked for. */
async function tellShares(
  store: StoreReader,
  file: string,
  { store: storeFile, key, from, until }: FindingsOptions,
  terminal: Terminal,
): Promise<void> {
  const [{ parsePolicy, readPolicyText }, { policyFor }, { registersText, shareOf }] = await Promise.all([
    import('../judge/load.ts'),
    import('./judge-dry-run.ts'),
    import('../report/registers-text.ts'),
  ])
  const policy = parsePolicy(readPolicyText(file), file)
  if (policy.registers.length === 0) {
    terminal.out('The policy names no register, so that no share can be told.')
    return
  }
  const { registers } = await policyFor(store, { store: storeFile, ...(key !== undefined && { key }) }, policy)
  const { seen, found } = store.seenSubjects(from ?? 0, until ?? Number.MAX_SAFE_INTEGER)
  terminal.out(registersText(registers.list.map((register) => shareOf(register, seen, found))))
}

function listGone(store: StoreReader, json: boolean, terminal: Terminal): void {
  for (const id of store.goneReviewed()) {
    const reviews = store.reviews(id)
    const successors = store.successors(id)
    const now = successors.length === 0 ? '' : `; what it was about is in ${successors.join(', ')}`
    if (json) terminal.json({ id, reviews, ...(successors.length > 0 && { successors }) })
    else terminal.out(`${id}  ${plural(reviews.length, 'review')} (\`offchannel show ${id} --history\`)${now}`)
  }
}

function parseLimit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('write a number such as 100.')
  return Number(text)
}
