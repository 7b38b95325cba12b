import type { Command } from 'commander'
import { addAddCommand } from './signatures/add.ts'
import { addBundleCommands } from './signatures/bundle.ts'
import { addCheckCommand } from './signatures/check.ts'
import { addDiffCommand } from './signatures/diff.ts'
import { addListCommand } from './signatures/list.ts'
import { addLookupCommand } from './signatures/lookup.ts'
import { addTestCommand } from './signatures/test.ts'
import { addWithdrawCommand } from './signatures/withdraw.ts'
import type { Terminal } from './terminal.ts'

/**
 * Adds `offchannel signatures …`, one file a command. What reads signatures is loaded when one of them runs.
 * @param now ISO time: what stale indicators, withdrawals, new files and bundles are dated by.
 */
export function addSignaturesCommand(program: Command, terminal: Terminal, now = new Date().toISOString()): void {
  const signatures = program
    .command('signatures')
    .description('show, query, check, change and hand on the signatures of apps')
    .addHelpText(
      'after',
      `
A signature says by what one app can be recognised: host names, and protocols by their bytes. offchannel comes with a
folder of them, a file an app; a folder of your own adds to it, or overrides it, wherever --signatures names it.
\`offchannel signatures help <command>\` explains a command.

Examples:
  offchannel signatures lookup web.whatsapp.com
  offchannel signatures add agency-chat own/ && offchannel signatures check own/
  offchannel signatures test office.pcap --signatures own/`,
    )
  const today = now.slice(0, 10)
  addListCommand(signatures, terminal, today)
  addLookupCommand(signatures, terminal)
  addCheckCommand(signatures, terminal, today)
  addTestCommand(signatures, terminal)
  addDiffCommand(signatures, terminal)
  addAddCommand(signatures, terminal, today)
  addWithdrawCommand(signatures, terminal, today)
  addBundleCommands(signatures, terminal, now)
  signatures
    .command('schema')
    .description('write the JSON Schema of signature files, for editors')
    .addHelpText('after', '\nExample:\n  offchannel signatures schema > signature.schema.json')
    .action(async () => {
      const { signatureJsonSchema } = await import('../classify/schema.ts')
      terminal.out(JSON.stringify(signatureJsonSchema(), null, 2))
    })
}
