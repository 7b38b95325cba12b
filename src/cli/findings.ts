import { type Command, Option } from 'commander'
import { plural } from '../base/text.ts'
import type { Day } from '../base/time.ts'
import { SEVERITIES, type Severity } from '../model/finding.ts'
import { REVIEW_STATES, type ReviewState } from '../model/review.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { today } from './clock.ts'
import { jsonOption, storeOption, withOptions } from './options.ts'
import { parseDay } from './parse-day.ts'
import { reviewed, stateOf, statesText } from './reviewed.ts'
import type { Terminal } from './terminal.ts'

/** `gone`: reviewed, and no longer found. */
type StateChoice = ReviewState | 'all' | 'gone'

interface FindingsOptions {
  readonly store: string
  readonly all?: true
  readonly severity?: Severity
  readonly state?: StateChoice
  readonly app?: string
  readonly client?: string
  readonly from?: Day
  readonly until?: Day
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
    .addHelpText('after', '\nExample:\n  offchannel findings --severity high --from 2026-05-01 --json | jq -r .id')
  withOptions(findings, storeOption(), jsonOption())
  findings.action((options: FindingsOptions) => list(options, terminal))
}

async function list(options: FindingsOptions, terminal: Terminal): Promise<void> {
  const { Store } = await import('../store/store.ts')
  const store = Store.openReadOnly(options.store)
  try {
    if (options.state === 'gone') return listGone(store, options.json === true, terminal)
    const lowest = options.all ? 'none' : (options.severity ?? 'low')
    const chosen = store.findings({
      severities: SEVERITIES.slice(0, SEVERITIES.indexOf(lowest) + 1),
      apps: options.app === undefined ? undefined : [options.app],
      subject: options.client,
      from: options.from,
      until: options.until,
    })
    const findings = reviewed(store, chosen, today())
    const wanted: readonly ReviewState[] =
      options.state === undefined ? ['open', 'acknowledged'] : options.state === 'all' ? REVIEW_STATES : [options.state]
    const found = findings.filter((finding) => wanted.includes(stateOf(finding)))
    if (options.json) {
      for (const finding of found) terminal.json(finding)
      return
    }
    if (found.length > 0) {
      const { findingsTable } = await import('../report/findings-table.ts')
      terminal.out(findingsTable(found, terminal.width, (format, text) => terminal.style(format, text)))
    }
    const people = store.identities === 'clear' ? 'identities are clear' : 'clients are pseudonyms'
    terminal.out(`${found.length === 0 ? 'No findings' : plural(found.length, 'finding')} of these; ${people}.`)
    if (findings.length > 0) terminal.out(`By state: ${statesText(findings)}.`)
    const gone = store.goneReviewed().length
    if (gone > 0)
      terminal.out(
        `${plural(gone, 'reviewed finding is', 'reviewed findings are')} gone (\`--state gone\` lists them).`,
      )
  } finally {
    store.close()
  }
}

function listGone(store: StoreReader, json: boolean, terminal: Terminal): void {
  for (const id of store.goneReviewed()) {
    const reviews = store.reviews(id)
    if (json) terminal.json({ id, reviews })
    else terminal.out(`${id}  ${plural(reviews.length, 'review')} (\`offchannel show ${id} --history\`)`)
  }
}
