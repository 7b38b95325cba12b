import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { plural } from '../base/text.ts'
import { checkApps, checkPolicy, readPolicyText } from '../judge/load.ts'
import { mistakeText } from '../judge/mistakes.ts'
import { policySchema } from '../judge/schema.ts'
import { POLICY_TEMPLATE } from '../judge/template.ts'
import type { Policy } from '../model/policy.ts'
import type { Terminal } from './terminal.ts'

/** Gives the ids of all apps with a signature: the ones that come with offchannel, and those of a folder of one's own. */
export type AppIdLoader = (folder?: string) => readonly string[]

/** Adds `offchannel policy init|check|schema`. */
export function addPolicyCommand(program: Command, terminal: Terminal, loadAppIds: AppIdLoader): void {
  const policy = program.command('policy').description('write and check the policy file')
  policy
    .command('init')
    .argument('[file]', 'where to write it; standard output without')
    .description('write a policy to start from, explained in its comments')
    .action((file?: string) => init(terminal, file))
  policy
    .command('check')
    .argument('<file>', 'the policy file')
    .option('--signatures <folder>', 'know the apps of these signature files, too')
    .option('--json', 'one JSON object')
    .description('show everything that is wrong with a policy file; exit status 2 where something is')
    .action((file: string, options: { signatures?: string; json?: boolean }) =>
      check(terminal, file, loadAppIds(options.signatures), options.json === true),
    )
  policy
    .command('schema')
    .description('write the JSON Schema of the policy file, for editors')
    .action(() => terminal.out(JSON.stringify(policySchema(), null, 2)))
}

function init(terminal: Terminal, file: string | undefined): void {
  if (file === undefined) {
    terminal.stdout.write(POLICY_TEMPLATE)
    return
  }
  try {
    writeFileSync(file, POLICY_TEMPLATE, { flag: 'wx' })
  } catch (thrown) {
    const message =
      (thrown as NodeJS.ErrnoException).code === 'EEXIST'
        ? `${file}: is there already and is not overwritten: name another file`
        : `${file}: cannot be written (${messageOf(thrown)}): name another file`
    throw new OffchannelError('usage', message, { cause: thrown })
  }
  terminal.note(`${file}: written; change it, then run \`offchannel policy check ${file}\``)
}

function check(terminal: Terminal, file: string, appIds: readonly string[], json: boolean): void {
  const { policy, mistakes } = checkPolicy(readPolicyText(file), file)
  const unknownApps = policy === undefined ? [] : checkApps(policy, appIds)
  const wrong = mistakes.length + unknownApps.length
  if (json) {
    const all = [...mistakes, ...unknownApps.map((message) => ({ message }))]
    terminal.out(JSON.stringify({ file, mistakes: all }))
    if (wrong > 0) terminal.exitStatus = 2
    return
  }
  for (const mistake of mistakes) terminal.problem(mistakeText(file, mistake))
  for (const message of unknownApps) terminal.problem(`${file}: ${message}`)
  if (policy !== undefined && wrong === 0) terminal.out(`${file}: in order: ${summary(policy)}`)
}

function summary({ networks, gateways, inputs, rules, inForceText, timezone }: Policy): string {
  const parts = [
    plural(networks.length, 'network'),
    plural(gateways.length, 'gateway'),
    plural(inputs.length, 'input declaration'),
    plural(rules.length, 'rule'),
  ]
  return `${parts.join(', ')}; in force from ${inForceText} (${timezone})`
}
