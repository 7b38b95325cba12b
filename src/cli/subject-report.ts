import { type Command, Option } from 'commander'
import { enterAudit } from './audited.ts'
import { checkedKeyOf, type KeyChoice } from './key-source.ts'
import { jsonOption, keyOptions, storeOption, withOptions } from './options.ts'
import { sendHeads } from './send-heads.ts'
import type { Terminal } from './terminal.ts'
import { identityOption, lastingPseudonyms, pseudonymsOf } from './whose.ts'

interface SubjectReportOptions extends KeyChoice {
  readonly identity?: readonly string[]
  readonly allPeriods?: true
  readonly json?: true
}

/** `offchannel subject-report`: all that is held of one person. */
export function addSubjectReportCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('subject-report')
    .summary('tell all that is held of one person')
    .description(
      'Tells in words all that the store holds of one person: what was seen, findings with their reasons and reviews, statements, evidence, holds. By pseudonym it needs nothing but the store; by --identity, which tells of every period of pseudonyms, the key.',
    )
    .argument('[client...]', 'as tables show it; several where one person has several')
    .addHelpText(
      'after',
      `
Examples:
  offchannel subject-report user-k3f0ga2c
  offchannel subject-report --identity alice@example.org --identity '10.0.0.5 at hq'`,
    )
  const allPeriods = new Option(
    '--all-periods',
    'of a client also under the pseudonyms of other periods; needs the key',
  )
  withOptions(command, identityOption(), allPeriods, storeOption(), ...keyOptions(), jsonOption())
  command.action(async (clients: string[], options: SubjectReportOptions) => {
    await reportCommand(clients, options, terminal)
    await sendHeads(options.store, terminal)
  })
}

async function reportCommand(
  clients: readonly string[],
  options: SubjectReportOptions,
  terminal: Terminal,
): Promise<void> {
  const { SubjectDesk } = await import('../store/held-about.ts')
  const desk = SubjectDesk.open(options.store)
  try {
    const needsKey = options.identity !== undefined || options.allPeriods
    const key = needsKey ? await checkedKeyOf(options, desk.keyCheck) : undefined
    if (key !== undefined) desk.joinUnder(key)
    const named = await pseudonymsOf(clients, options.identity, key, desk)
    const lasting = [
      ...clients.flatMap((client) => desk.lastingOf(client)),
      ...(await lastingPseudonyms(options.identity ?? [], key ?? new Uint8Array())),
    ]
    const whose = options.allPeriods && lasting.length > 0 ? desk.inAllPeriods(lasting) : named
    const held = whose.map((client) => desk.heldAbout(client))
    const details = { pseudonyms: held.length, byIdentity: options.identity !== undefined }
    await enterAudit(options.store, 'subject-report', details, terminal)
    if (options.json) {
      for (const one of held) terminal.json(one)
      return
    }
    const { heldText } = await import('../report/held-text.ts')
    for (const one of held) terminal.out(heldText(one, terminal.style.bind(terminal)))
  } finally {
    desk.close()
  }
}
