import { type Command, InvalidArgumentError, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import type { Day } from '../base/time.ts'
import { SEVERITIES, type Severity } from '../model/finding.ts'
import { jsonOption, storeOption, withOptions } from './options.ts'
import type { Terminal } from './terminal.ts'

interface FindingsOptions {
  readonly store: string
  readonly all?: true
  readonly severity?: Severity
  readonly app?: string
  readonly client?: string
  readonly from?: Day
  readonly until?: Day
  readonly json?: true
}

/** `offchannel findings` and `offchannel show`: what the store has found. */
export function addFindingsCommands(program: Command, terminal: Terminal): void {
  const findings = program
    .command('findings')
    .summary('list the findings in the store')
    .description('Lists findings, the worst first. With --json one object a line.')
    .option('--all', 'also what is permitted and of no concern')
    .addOption(
      new Option('--severity <severity>', 'as severe as this, or more').choices(
        SEVERITIES.filter((severity) => severity !== 'none'),
      ),
    )
    .option('--app <id>', 'of one app')
    .option('--client <name>', 'of one client, as tables show it')
    .option('--from <day>', 'from this day on (YYYY-MM-DD, UTC)', parseDay)
    .option('--until <day>', 'up to this day', parseDay)
    .addHelpText('after', '\nExample:\n  offchannel findings --severity high --from 2026-05-01 --json | jq -r .id')
  withOptions(findings, storeOption(), jsonOption())
  findings.action((options: FindingsOptions) => list(options, terminal))

  const show = program
    .command('show')
    .summary('tell one finding with its reasons and evidence')
    .description(
      'Tells what was seen, each judged quality with the rule and the reason, and the frames or lines behind it.',
    )
    .argument('<id>', 'the id of a finding, or its beginning')
    .addHelpText('after', '\nExample:\n  offchannel show f-3a91c0d2')
  withOptions(show, storeOption(), jsonOption())
  show.action((id: string, options: { store: string; json?: true }) => showFinding(id, options, terminal))
}

async function list(options: FindingsOptions, terminal: Terminal): Promise<void> {
  const { Store } = await import('../store/store.ts')
  const store = Store.openReadOnly(options.store)
  try {
    const lowest = options.all ? 'none' : (options.severity ?? 'low')
    const found = store.findings({
      severities: SEVERITIES.slice(0, SEVERITIES.indexOf(lowest) + 1),
      apps: options.app === undefined ? undefined : [options.app],
      subject: options.client,
      from: options.from,
      until: options.until,
    })
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
  } finally {
    store.close()
  }
}

async function showFinding(id: string, options: { store: string; json?: true }, terminal: Terminal): Promise<void> {
  const [{ Store }, { findingText }] = await Promise.all([
    import('../store/store.ts'),
    import('../report/finding-text.ts'),
  ])
  const store = Store.openReadOnly(options.store)
  try {
    const finding = store.finding(id)
    if (finding === undefined) {
      throw new OffchannelError(
        'usage',
        `${harmless(id)}: no such finding in ${options.store}: \`offchannel findings --all\` lists them`,
      )
    }
    if (options.json) {
      terminal.json(finding)
      return
    }
    terminal.out(findingText(finding, (format, text) => terminal.style(format, text)))
    if (store.identities === 'clear') terminal.out('identities are clear in this store')
  } finally {
    store.close()
  }
}

function parseDay(text: string): Day {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time)) throw new InvalidArgumentError('a day is written YYYY-MM-DD.')
  return time / 86_400_000
}
