import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { plural } from '../base/text.ts'
import type { Micros } from '../base/time.ts'
import type { Policy } from '../model/policy.ts'
import { expiringLines, expiringNow, expiringOption } from './expiring.ts'
import { bundledSignaturesOption, jsonOption, signatureOptions, signaturesOption, withOptions } from './options.ts'
import { type ExplainOptions, explainOptions } from './policy-explain-options.ts'
import { loadSignatureSet, type SignatureChoice } from './signature-set.ts'
import type { Terminal } from './terminal.ts'

interface CheckOptions extends SignatureChoice {
  readonly expiringWithin: Micros
  readonly json?: true
}

/** Adds `offchannel policy init|check|explain|schema`. What reads policies and signatures is loaded when one of them runs. */
export function addPolicyCommand(program: Command, terminal: Terminal): void {
  const policy = program.command('policy').description('write and check the policy file')
  policy
    .command('init')
    .argument('[file]', 'where to write it; standard output without')
    .description('write a policy to start from, explained in its comments')
    .action((file?: string) => init(terminal, file))
  policy
    .command('check')
    .argument('<file>', 'the policy file')
    .addOption(signaturesOption())
    .addOption(bundledSignaturesOption())
    .addOption(expiringOption())
    .addOption(jsonOption())
    .description('show everything that is wrong with a policy file; exit status 2 where something is')
    .action((file: string, options: CheckOptions) => check(terminal, file, options))
  const explained = policy
    .command('explain')
    .argument('<file>', 'the policy file')
    .description('ask the policy about an app, a time and a place, without any data')
    .addHelpText('after', '\nExample:\n  offchannel policy explain policy.yaml --app signal --time 2026-05-12T14:05')
  withOptions(explained, ...explainOptions(), ...signatureOptions(), jsonOption())
  explained.action(async (file: string, options: ExplainOptions) => {
    const { explain } = await import('./policy-explain.ts')
    await explain(file, options, terminal)
  })
  policy
    .command('schema')
    .description('write the JSON Schema of the policy file, for editors')
    .action(async () => {
      const { policySchema } = await import('../judge/schema.ts')
      terminal.out(JSON.stringify(policySchema(), null, 2))
    })
}

async function init(terminal: Terminal, file: string | undefined): Promise<void> {
  const { POLICY_TEMPLATE } = await import('../judge/template.ts')
  if (file === undefined) {
    terminal.stdout.write(POLICY_TEMPLATE)
    return
  }
  try {
    writeFileSync(file, POLICY_TEMPLATE, { flag: 'wx' })
  } catch (thrown) {
    const exists = (thrown as NodeJS.ErrnoException).code === 'EEXIST'
    const problem = exists ? 'is there already and is not overwritten' : `cannot be written (${messageOf(thrown)})`
    throw new OffchannelError('usage', `${file}: ${problem}: name another file`, { cause: thrown })
  }
  terminal.note(`${file}: written; change it, then run \`offchannel policy check ${file}\``)
}

async function check(terminal: Terminal, file: string, options: CheckOptions): Promise<void> {
  const [{ checkApps, checkPolicy, readPolicyText }, { mistakeText }] = await Promise.all([
    import('../judge/load.ts'),
    import('../judge/mistakes.ts'),
  ])
  const apps = (await loadSignatureSet(options)).signatures.map(({ id }) => id)
  const { policy, mistakes } = checkPolicy(readPolicyText(file), file)
  const unknownApps = policy === undefined ? [] : checkApps(policy, apps)
  const inRegisters = policy === undefined ? [] : await registerMistakes(policy)
  if (mistakes.length + unknownApps.length + inRegisters.length > 0) terminal.exitStatus = 2
  const expiring = policy === undefined ? [] : await expiringNow(policy, options.expiringWithin)
  if (options.json) {
    const told = [...mistakes, ...[...unknownApps, ...inRegisters].map((message) => ({ message }))]
    terminal.json({ file, mistakes: told, ...(expiring.length > 0 && { exemptions: expiring }) })
    return
  }
  for (const mistake of mistakes) terminal.problem(mistakeText(file, mistake))
  for (const message of unknownApps) terminal.problem(`${file}: ${message}`)
  for (const message of inRegisters) terminal.problem(message)
  if (policy !== undefined && unknownApps.length + inRegisters.length === 0)
    terminal.out(`${file}: in order: ${summary(policy)}`)
  for (const line of expiringLines(expiring)) terminal.out(`${file}: ${line}`)
}

/** The first thing that is wrong with the registers that a policy names, by file and line. */
async function registerMistakes(policy: Policy): Promise<readonly string[]> {
  const { loadRegisters } = await import('./registers.ts')
  try {
    // What stands in them is the same under every key.
    await loadRegisters(policy, new Uint8Array(32))
    return []
  } catch (thrown) {
    if (!(thrown instanceof OffchannelError)) throw thrown
    return [thrown.message]
  }
}

function summary({ networks, registers, gateways, inputs, rules, exemptions, inForceText, timezone }: Policy): string {
  const parts = [
    plural(networks.length, 'network'),
    plural(gateways.length, 'gateway'),
    plural(inputs.length, 'input declaration'),
    plural(rules.length, 'rule'),
    ...(registers.length === 0 ? [] : [plural(registers.length, 'register')]),
    ...(exemptions.length === 0 ? [] : [plural(exemptions.length, 'exemption')]),
  ]
  return `${parts.join(', ')}; in force from ${inForceText} (${timezone})`
}
