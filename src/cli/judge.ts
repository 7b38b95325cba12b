import type { Command } from 'commander'
import { openStore } from './open-store.ts'
import {
  bundledSignaturesOption,
  jsonOption,
  keyOption,
  loadRules,
  policyOption,
  signaturesOption,
  storeOption,
  withOptions,
} from './options.ts'
import { printReport } from './report.ts'
import type { SignatureChoice } from './signature-set.ts'
import type { Terminal } from './terminal.ts'

interface JudgeOptions extends SignatureChoice {
  readonly policy?: string
  readonly store: string
  readonly key?: string
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
    .addHelpText('after', '\nExample:\n  offchannel judge --policy stricter.yaml')
  withOptions(
    command,
    policyOption(),
    storeOption(),
    keyOption(),
    signaturesOption(),
    bundledSignaturesOption(),
    jsonOption(),
  )
  command.action(async (options: JudgeOptions) => {
    const { judgeStore } = await import('../judgement.ts')
    const { signatures, policy } = await loadRules(options, terminal)
    const { store } = await openStore(options, false)
    try {
      store.recover()
      const judgement = judgeStore(store, policy, signatures)
      await printReport(store, { outcomes: [], judgement, hash: true }, options.json === true, terminal)
    } finally {
      store.close()
    }
  })
}
