import type { Command } from 'commander'
import { OffchannelError } from '../../base/errors.ts'
import { grouped, harmless, plural } from '../../base/text.ts'
import { type Indicator, indicatorKey, type Match, type Signature } from '../../model/signature.ts'
import { eachInput } from '../each-input.ts'
import {
  formatFileOption,
  formatOption,
  jsonOption,
  type LogReadingOptions,
  signatureOptions,
  timezoneOption,
  withOptions,
  yearOption,
} from '../options.ts'
import { loadSignatureSet, type SignatureChoice } from '../signature-set.ts'
import type { Terminal } from '../terminal.ts'
import { table } from './table.ts'

interface TestOptions extends SignatureChoice, LogReadingOptions {
  readonly app?: readonly string[]
  readonly json?: true
}

/** `offchannel signatures test`: which indicators inputs meet, without a store. */
export function addTestCommand(parent: Command, terminal: Terminal): void {
  const command = parent
    .command('test')
    .argument('<input...>', 'captures and logs: files, folders, globs, or - for standard input')
    .description('read inputs and show which indicators of which apps matched, how often and by what means')
    .option<readonly string[]>('--app <id>', 'this app only; may be repeated', (id, before = []) => [...before, id])
    .addHelpText(
      'after',
      `
Nothing is stored, and nothing is judged: what is counted are observations, as \`offchannel inspect\` prints them.
Indicators of the apps shown that never matched are named behind them. An app of which nothing matched is shown where
--app names it.

Examples:
  offchannel signatures test office.pcap
  offchannel signatures test captures/ dns.log --app example-chat --signatures own/
  offchannel signatures test proxy.log --json | jq '.never'`,
    )
  withOptions(command, ...signatureOptions(), formatOption(), formatFileOption())
  withOptions(command, timezoneOption(), yearOption(), jsonOption())
  command.action((inputs: string[], options: TestOptions) => testSignatures(inputs, options, terminal))
}

/** Observations by means. */
type Counts = Map<string, number>

async function testSignatures(args: readonly string[], options: TestOptions, terminal: Terminal): Promise<void> {
  const [{ findInputs }, { Classifier }] = await Promise.all([
    import('../../read/inputs.ts'),
    import('../../classify/classifier.ts'),
  ])
  const set = await loadSignatureSet(options)
  const asked = askedFor(set.signatures, options.app)
  const classifier = new Classifier(set)
  const counts = new Map<string, Counts>()
  const count = ({ signature, indicator }: Match, means: string) => {
    const key = indicatorKey(signature.id, indicator)
    const ofIndicator = counts.get(key) ?? new Map<string, number>()
    ofIndicator.set(means, (ofIndicator.get(means) ?? 0) + 1)
    counts.set(key, ofIndicator)
  }
  let observations = 0
  let matched = 0
  await eachInput(await findInputs(args), options, terminal, (observation) => {
    observations++
    const matches = classifier.match(observation)
    if (matches.length > 0) matched++
    for (const match of matches) count(match, observation.means)
  })
  const countsOf = ({ id }: Signature, indicator: Indicator) => counts.get(indicatorKey(id, indicator))
  for (const signature of asked) {
    const { indicators } = signature
    if (options.app === undefined && indicators.every((one) => countsOf(signature, one) === undefined)) continue
    if (options.json) terminal.json(recordOf(signature, (one) => countsOf(signature, one)))
    else await show(signature, (one) => countsOf(signature, one), terminal)
  }
  terminal.note(`${plural(observations, 'observation')}, ${grouped(matched)} of which matched a signature`)
}

function askedFor(signatures: readonly Signature[], ids: readonly string[] | undefined): readonly Signature[] {
  const known = new Set(signatures.map(({ id }) => id))
  for (const id of ids ?? []) {
    if (known.has(id)) continue
    throw new OffchannelError('usage', harmless(`--app ${id}: no app has that id: \`offchannel signatures list\``))
  }
  return ids === undefined ? signatures : signatures.filter(({ id }) => ids.includes(id))
}

type CountsOf = (indicator: Indicator) => Counts | undefined

function recordOf({ id, name, indicators }: Signature, countsOf: CountsOf): object {
  const matched = indicators.flatMap((indicator) => {
    const means = countsOf(indicator)
    if (means === undefined) return []
    const { type, value, role, strength } = indicator
    return [{ type, value, role, strength, count: total(means), means: Object.fromEntries([...means].sort()) }]
  })
  const never = indicators.filter((one) => countsOf(one) === undefined).map(({ type, value }) => `${type} ${value}`)
  return { app: id, name, matched, never }
}

async function show(signature: Signature, countsOf: CountsOf, terminal: Terminal): Promise<void> {
  const seen = signature.indicators.filter((one) => countsOf(one) !== undefined)
  const never = signature.indicators.filter((one) => countsOf(one) === undefined)
  const of = `${seen.length} of ${plural(signature.indicators.length, 'indicator')} matched`
  terminal.out(terminal.style('bold', `${signature.name} (${signature.id}): ${of}`))
  if (seen.length > 0) {
    const rows = seen
      .map((indicator) => ({ indicator, means: countsOf(indicator)! }))
      .sort((a, b) => total(b.means) - total(a.means))
      .map(({ indicator, means }) => [
        grouped(total(means)),
        `${indicator.type} ${indicator.value}`,
        indicator.role,
        indicator.strength,
        [...means]
          .sort()
          .map(([name, count]) => `${name} ${grouped(count)}`)
          .join(', '),
      ])
    terminal.out(await table(terminal, ['Count', 'Indicator', 'Role', 'Strength', 'Means'], rows))
  }
  for (const { type, value, withdrawn } of never) {
    terminal.out(`  never: ${type} ${value}${withdrawn === undefined ? '' : ' (withdrawn)'}`)
  }
}

function total(means: Counts): number {
  return [...means.values()].reduce((sum, count) => sum + count, 0)
}
