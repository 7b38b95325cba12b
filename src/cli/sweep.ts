import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Command, Option } from 'commander'
import { harmless, plural } from '../base/text.ts'
import type { JudgementSummary } from '../judgement.ts'
import { SEVERITIES, type Severity } from '../model/finding.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import type { InputOutcome } from '../sweep/sweep.ts'
import { keyFileOf } from './key.ts'
import { openStore } from './open-store.ts'
import {
  bundledSignaturesOption,
  formatFileOption,
  formatOption,
  jsonOption,
  keyOption,
  loadRules,
  logReading,
  policyOption,
  signaturesOption,
  storeOption,
  timezoneOption,
  withOptions,
  yearOption,
} from './options.ts'
import { tellProblems } from './problems.ts'
import { startProgress } from './progress.ts'
import { printReport, type Report } from './report.ts'
import type { SignatureChoice } from './signature-set.ts'
import type { Terminal } from './terminal.ts'

interface SweepCommandOptions extends SignatureChoice {
  readonly policy?: string
  readonly store: string
  readonly key?: string
  readonly identities?: 'pseudonym' | 'clear'
  readonly format?: string
  readonly formatFile?: string
  readonly timezone: string
  readonly year?: string
  readonly again?: true
  readonly hash: boolean
  readonly failOn?: Severity
  readonly json?: true
}

/** `offchannel sweep`: inputs into the store, findings on the screen. */
export function addSweepCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('sweep')
    .summary('read inputs into the store, judge them, and print the findings')
    .description(
      'Reads captures and logs into the store, judges what matches a signature by the policy, and prints the findings. Each content is read once: what the store knows already, under whatever name or compression, changes nothing.',
    )
    .argument('<input...>', 'files, folders, globs, or - for standard input')
    .addHelpText(
      'after',
      `
Captures (pcap, pcapng) and logs are recognised by their content, and unpacked where they are gzip or Zstandard.
Without --policy consumer apps count as prohibited, and how traffic was routed stays unknown.

Examples:
  offchannel sweep captures/ logs/ --policy policy.yaml
  offchannel sweep 'archive/**/*.pcap.gz' --policy policy.yaml --store 2026.db
  tcpdump -i eth0 -w - | offchannel sweep - --policy policy.yaml
  offchannel sweep captures/ --again         after the signatures or networks changed`,
    )
  withOptions(
    command,
    policyOption(),
    storeOption(),
    keyOption(),
    new Option(
      '--identities <kind>',
      'what a new store keeps of people: pseudonyms, or their addresses and names as well',
    ).choices(['pseudonym', 'clear']),
    signaturesOption(),
    bundledSignaturesOption(),
    formatOption(),
    formatFileOption(),
    timezoneOption(),
    yearOption(),
    new Option('--again', 'read known contents again where signatures, networks or exclusions have changed'),
    new Option('--no-hash', 'leave out the SHA-256 of every input: contents are told apart by length and a sample'),
    new Option('--fail-on <severity>', 'end with status 1 where the store has a finding as severe').choices(
      SEVERITIES.filter((severity) => severity !== 'none'),
    ),
    jsonOption(),
  )
  command.action((inputs: string[], options: SweepCommandOptions) => sweepCommand(inputs, options, terminal))
}

async function sweepCommand(args: readonly string[], options: SweepCommandOptions, terminal: Terminal): Promise<void> {
  const [{ findInputs }, { sweep }, { judgeStore }, { placesOf }] = await Promise.all([
    import('../read/inputs.ts'),
    import('../sweep/sweep.ts'),
    import('../judgement.ts'),
    import('../judge/places.ts'),
  ])
  const inputs = withoutStore(await findInputs(args), options, terminal)
  const { format, mapping, times } = await logReading(options)
  const { signatures, policy } = await loadRules(options, terminal)
  const { store, key } = await openStore(options, true)
  try {
    const { discarded, interrupted } = store.recover()
    for (const input of discarded)
      terminal.note(`${harmless(input)}: an earlier run broke off in it; it is to be read again`)
    for (const input of interrupted)
      terminal.note(`${harmless(input)}: an earlier run broke off in it; what it had stays`)
    const interrupts = watchInterrupts(terminal)
    const progress = await startProgress(terminal, sizesOf(inputs))
    const places = placesOf(policy)
    const outcomes = await sweep(inputs, {
      store,
      signatures,
      policy,
      key,
      siteOf: (input) => places.input(input)?.site ?? '',
      standardInput: terminal.stdin,
      format,
      mapping,
      times,
      again: options.again === true,
      hash: options.hash,
      progress: progress.update,
      stopped: interrupts.stopped,
    })
    progress.stop()
    interrupts.release()
    tellOutcomes(outcomes, terminal)
    const judgement = judgeStore(store, policy, signatures)
    const report = reportOf(outcomes, judgement, options.hash)
    await printReport(store, report, options.json === true, terminal)
    if (options.failOn !== undefined && terminal.exitStatus === 0) {
      const severities = SEVERITIES.slice(0, SEVERITIES.indexOf(options.failOn) + 1)
      if (store.findings({ severities, limit: 1 }).length > 0) terminal.exitStatus = 1
    }
  } finally {
    store.close()
  }
}

/**
 * The files of the store may lie among the inputs: they are none, and opening them would drop SQLite's locks on them.
 */
function withoutStore(found: readonly string[], { store, key }: SweepCommandOptions, terminal: Terminal): string[] {
  const own = [store, `${store}-wal`, `${store}-shm`, `${store}.lock`, key ?? keyFileOf(store)].map(realPath)
  const inputs = found.filter((input) => input === STANDARD_INPUT || !own.includes(realPath(input)))
  if (inputs.length < found.length)
    terminal.note(`${plural(found.length - inputs.length, 'file')} of the store itself left out`)
  return inputs
}

/** Of a file that is not there, or not any more, the path that it would have. */
function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return path.resolve(file)
  }
}

function sizesOf(inputs: readonly string[]): Map<string, number> {
  return new Map(inputs.map((input) => [input, statSync(input, { throwIfNoEntry: false })?.size ?? 0]))
}

/** The first interrupt ends the sweep between two windows, the second ends the process. */
function watchInterrupts(terminal: Terminal): { stopped(): boolean; release(): void } {
  let stopped = false
  const listener = () => {
    if (stopped) process.exit(130)
    stopped = true
    terminal.note('ending: what is half read is left for the next sweep (again to end at once)')
  }
  process.on('SIGINT', listener)
  return { stopped: () => stopped, release: () => process.off('SIGINT', listener) }
}

/** Says on standard error what was not read in full, a line each. */
function tellOutcomes(outcomes: readonly InputOutcome[], terminal: Terminal): void {
  for (const { input, status, detail, summary } of outcomes) {
    const name = harmless(input)
    if (status === 'failed') terminal.problem(`${name}: ${harmless(detail ?? 'not read')}`)
    if (status === 'stopped') terminal.problem(`${name}: not read: the sweep was ended before`)
    if (status === 'changed') {
      terminal.note(
        `${name}: known as ${harmless(detail ?? '')}, read with other settings: --again reads it with these`,
      )
    }
    if (summary !== undefined) tellProblems(input, summary, terminal)
  }
}

function reportOf(outcomes: readonly InputOutcome[], judgement: JudgementSummary, hash: boolean): Report {
  return { outcomes, judgement, hash }
}
