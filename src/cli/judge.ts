import { type Command, Option } from 'commander'
import type { Micros } from '../base/time.ts'
import type { Severity } from '../model/finding.ts'
import { expiringLines, expiringNow, expiringOption } from './expiring.ts'
import { failOnOption, failWhereAsked } from './fail-on.ts'
import type { KeyChoice } from './key-source.ts'
import { openStore } from './open-store.ts'
import {
  jsonOption,
  keyOptions,
  loadRules,
  policyOption,
  signatureOptions,
  storeOption,
  withOptions,
} from './options.ts'
import { printReport } from './report.ts'
import type { SignatureChoice } from './signature-set.ts'
import type { Terminal } from './terminal.ts'
import { underKey } from './under-key.ts'
import { waitOption } from './wait-for-store.ts'

interface JudgeOptions extends SignatureChoice, KeyChoice {
  readonly policy?: string
  readonly dryRun?: true
  readonly expiringWithin: Micros
  readonly failOn?: Severity
  readonly wait?: Micros
  readonly json?: true
}

/** `offchannel judge`: findings again from stored facts, under another policy or other signatures. */
export function addJudgeCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('judge')
    .summary('judge the stored facts again, under another policy')
    .description(
      'Judges what the store holds by this policy and these signatures, without reading an input again. A new indicator, network address or exclusion sees the past only by `sweep --again`: what matched nothing was never kept.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  offchannel judge --policy stricter.yaml --dry-run\n  offchannel judge --policy stricter.yaml',
    )
  withOptions(
    command,
    policyOption(),
    storeOption(),
    ...keyOptions(),
    ...signatureOptions(),
    new Option('--dry-run', 'show which findings would appear, vanish or change, and write nothing'),
    expiringOption(),
    failOnOption().conflicts('dryRun'),
    waitOption(),
    jsonOption(),
  )
  command.action(async (options: JudgeOptions) => {
    const { judgeStore } = await import('../judgement.ts')
    const { signatures, policy } = await loadRules(options, terminal)
    for (const line of expiringLines(await expiringNow(policy, options.expiringWithin))) terminal.note(line)
    if (options.dryRun) {
      const { dryRun, printDryRun } = await import('./judge-dry-run.ts')
      printDryRun(await dryRun(options, policy, signatures), options.json === true, terminal)
      return
    }
    const { store, key } = await openStore(options, false, terminal, options.wait)
    try {
      const judged = await underKey(policy, key)
      store.recover()
      const judgement = judgeStore(store, judged.policy, signatures, judged.registers)
      await printReport(
        store,
        { outcomes: [], judgement, registers: judged.registers, hash: true },
        options.json === true,
        terminal,
      )
      failWhereAsked(store, options.failOn, terminal)
    } finally {
      store.close()
    }
  })
}
