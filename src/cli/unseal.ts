import { type Command, Option } from 'commander'
import { jsonOption, storeOption, withOptions } from './options.ts'
import { authorOption } from './reviewed.ts'
import type { OpeningOptions } from './sealing.ts'
import { sendHeads } from './send-heads.ts'
import type { Terminal } from './terminal.ts'

/** `offchannel unseal`: who a client is, in a store that seals identities. */
export function addUnsealCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('unseal')
    .summary('tell who a client is, in a store that seals identities')
    .description(
      'Opens the sealed identity of one client with the age key of a recipient, and enters that in the audit log first: where no entry can be written, nothing is shown. Where two must agree, the first hands on a file that tells nobody anything, and the other continues from it.',
    )
    .argument('[client]', 'as tables show it')
    .addHelpText(
      'after',
      `
Examples:
  offchannel unseal user-k3f0ga2c --reason 'Inquiry 12/2026' --identity-file age-key.txt
Where two must agree, first whose recipients were named last:
  offchannel unseal user-k3f0ga2c --reason 'Inquiry 12/2026' --identity-file b.txt --step1-out step.json
  offchannel unseal --continue step.json --reason 'Inquiry 12/2026' --identity-file a.txt`,
    )
  withOptions(
    command,
    new Option('--reason <text>', 'why, for the audit log: name nobody in it').makeOptionMandatory(),
    new Option('--identity-file <file>', "a recipient's age key, as age-keygen writes it; may be repeated")
      .argParser<readonly string[]>((file, before = []) => [...before, file])
      .makeOptionMandatory(),
    authorOption(),
    new Option('--step1-out <file>', 'what to write for the other, where two must agree'),
    new Option('--continue <file>', 'what the first wrote, instead of a client'),
    storeOption(),
    jsonOption(),
  )
  command.action(async (client: string | undefined, options: OpeningOptions) => {
    const { unsealClient } = await import('./unseal-client.ts')
    await unsealClient(client, options, terminal)
    await sendHeads(options.store, terminal)
  })
}
