import type { Command } from 'commander'
import { harmless } from '../base/text.ts'
import { now } from './clock.ts'
import { jsonOption, storeOption, withOptions } from './options.ts'
import { authorOf, authorOption } from './reviewed.ts'
import type { Terminal } from './terminal.ts'

interface CorrectOptions {
  readonly store: string
  readonly statement: string
  readonly author?: string
  readonly json?: true
}

/** `offchannel correct`: a statement beside a finding. */
export function addCorrectCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('correct')
    .summary('put a statement beside a finding')
    .description(
      'Records what somebody says of a finding: a correction, or that they dispute it. It changes nothing of the finding, and stands beside it wherever that is shown or exported.',
    )
    .argument('<id>', 'the id of a finding, or its beginning')
    .requiredOption('--statement <text>', 'what is said of it')
    .addHelpText(
      'after',
      `
Example:
  offchannel correct f-3a91c0d2 --statement 'The laptop was on loan to another team that week' --author 'A. Example'`,
    )
  withOptions(command, authorOption(), storeOption(), jsonOption())
  command.action(async (id: string, options: CorrectOptions) => {
    const entry = { at: now(), author: authorOf(options, terminal), text: options.statement }
    const { StatementDesk } = await import('../store/statements.ts')
    const desk = StatementDesk.open(options.store)
    try {
      const made = desk.state(id, entry)
      if (options.json) terminal.json(made)
      else terminal.out(`${made.finding}: a statement of ${harmless(made.author)} stands beside it.`)
    } finally {
      desk.close()
    }
  })
}
