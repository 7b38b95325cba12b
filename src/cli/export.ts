import { type Command, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { grouped, harmless, plural } from '../base/text.ts'
import { type Day, formatDay } from '../base/time.ts'
import { SEVERITIES, type Severity } from '../model/finding.ts'
import type { ReviewedFinding } from '../model/review.ts'
import {
  type ExportContext,
  type FindingsFormat,
  type NamesFormat,
  TLPS,
  type Tlp,
} from '../report/exports/export-format.ts'
import { exportFormats } from '../report/exports/index.ts'
import type { FindingQuery } from '../store/findings.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { enterAudit } from './audited.ts'
import { today } from './clock.ts'
import { type Destination, writePieces } from './export-file.ts'
import { loadRules, policyOption, signatureOptions, storeOption, withOptions } from './options.ts'
import { parseDay } from './parse-day.ts'
import { reviewed } from './reviewed.ts'
import { sendHeads } from './send-heads.ts'
import type { SignatureChoice } from './signature-set.ts'
import type { Terminal } from './terminal.ts'

interface FindingsOptions extends Destination {
  readonly store: string
  readonly all?: true
  readonly severity?: Severity
  readonly app?: string
  readonly from?: Day
  readonly until?: Day
  readonly tlp?: Tlp
}

interface NamesOptions extends Destination, SignatureChoice {
  readonly policy: string
  readonly on?: Day
}

/** Findings whose reviews are asked for together. */
const BATCH = 500

/** `offchannel export`: a command for each format of the registry. */
export function addExportCommand(program: Command, terminal: Terminal): void {
  const group = program
    .command('export')
    .summary('write findings, or the names of prohibited apps, for other programs')
    .description(
      'Writes findings for spreadsheets and analysts, or the names of the apps that a policy prohibits for those who block or watch them. docs/exports.md shows each format.',
    )
    .addHelpText(
      'after',
      `
Examples:
  offchannel export csv --from 2026-05-01 --output may.csv
  offchannel export ndjson --app whatsapp | jq -r .client
  offchannel export rpz --policy policy.yaml --output rpz.zone --force`,
    )
  const version = program.version() ?? ''
  for (const format of exportFormats) {
    const command = group.command(format.name).description(`write ${format.title}`)
    const output = new Option('--output <file>', 'file to write, whole or not at all (default: standard output)')
    if (format.binary) command.requiredOption('--output <file>', 'file to write, whole or not at all')
    else command.addOption(output)
    command.option('--force', 'replace the file if there is one')
    if (format.of === 'findings') addFindingsFormat(command, format, version, terminal)
    else addNamesFormat(command, format, version, terminal)
    command.addHelpText('after', `\nFormat: ${format.documentation}`)
  }
}

function addFindingsFormat(command: Command, format: FindingsFormat, version: string, terminal: Terminal): void {
  command
    .option('--all', 'also what is permitted and of no concern')
    .addOption(
      new Option('--severity <severity>', 'as severe as this, or more').choices(
        SEVERITIES.filter((severity) => severity !== 'none'),
      ),
    )
    .option('--app <id>', 'of one app')
    .option('--from <day>', 'from this day on (YYYY-MM-DD, UTC)', parseDay)
    .option('--until <day>', 'up to this day', parseDay)
  if (format.marked) {
    command.addOption(new Option('--tlp <colour>', 'who may see it (Traffic Light Protocol)').choices(TLPS))
  }
  withOptions(command, storeOption())
  command.action(async (options: FindingsOptions) => {
    await exportFindings(format, options, version, terminal)
    await sendHeads(options.store, terminal)
  })
}

function addNamesFormat(command: Command, format: NamesFormat, version: string, terminal: Terminal): void {
  command.addOption(policyOption().makeOptionMandatory())
  command.option('--on <day>', 'as the policy is in force on this day (YYYY-MM-DD; default: today)', parseDay)
  withOptions(command, ...signatureOptions())
  command.action((options: NamesOptions) => exportNames(format, options, version, terminal))
}

async function exportFindings(
  format: FindingsFormat,
  options: FindingsOptions,
  version: string,
  terminal: Terminal,
): Promise<void> {
  const { Store } = await import('../store/store.ts')
  const store = Store.openReadOnly(options.store)
  try {
    const lowest = options.all ? 'none' : (options.severity ?? 'low')
    const query: FindingQuery = {
      severities: SEVERITIES.slice(0, SEVERITIES.indexOf(lowest) + 1),
      apps: options.app === undefined ? undefined : [options.app],
      from: options.from,
      until: options.until,
    }
    const days = { from: options.from, until: options.until }
    const asked = { format: format.name, severity: lowest, app: options.app ?? '', ...daysTold(days) }
    await enterAudit(options.store, 'export', asked, terminal)
    const counter = { count: 0 }
    const context: ExportContext = { version, tlp: options.tlp }
    await writePieces(format.write(counted(reviewedFindings(store, query), counter), context), options, terminal)
    const people = store.identities === 'clear' ? 'identities are clear' : 'clients are pseudonyms'
    terminal.note(`${plural(counter.count, 'finding')} exported; ${people}.`)
  } finally {
    store.close()
  }
}

/** Days of a query as the audit log tells them. */
function daysTold({ from, until }: Pick<FindingQuery, 'from' | 'until'>): Record<string, string> {
  return {
    ...(from !== undefined && { from: formatDay(from) }),
    ...(until !== undefined && { until: formatDay(until) }),
  }
}

/** Findings one by one, with how each stands today. */
function* reviewedFindings(store: StoreReader, query: FindingQuery): Generator<ReviewedFinding, void, undefined> {
  const day = today()
  let batch = []
  for (const finding of store.eachFinding(query)) {
    if (batch.push(finding) < BATCH) continue
    yield* reviewed(store, batch, day)
    batch = []
  }
  yield* reviewed(store, batch, day)
}

function* counted<T>(values: Iterable<T>, counter: { count: number }): Generator<T, void, undefined> {
  for (const value of values) {
    counter.count++
    yield value
  }
}

async function exportNames(
  format: NamesFormat,
  options: NamesOptions,
  version: string,
  terminal: Terminal,
): Promise<void> {
  const { signatures, policy } = await loadRules(options, terminal)
  const { blockList } = await import('../judge/block-list.ts')
  const list = blockList(policy, signatures, options.on ?? today())
  if (list.names.length === 0) {
    throw new OffchannelError(
      'usage',
      `${harmless(options.policy)}: prohibits nobody anything by name on this day: \`offchannel policy explain\` tells why`,
    )
  }
  await writePieces(format.write(list, { version, tlp: undefined }), options, terminal)
  const apps = new Set(list.names.map(({ app }) => app)).size
  terminal.note(`${plural(list.names.length, 'name')} of ${plural(apps, 'prohibited app')}.`)
  if (list.shared.length > 0) {
    const some = list.shared.slice(0, 5).join(', ')
    terminal.note(`Left out, as apps have them that are not prohibited: ${grouped(list.shared.length)} (${some}).`)
  }
  if (list.partly.length > 0) terminal.note(`Left out, as prohibited for some only: ${list.partly.join(', ')}.`)
}
