import type { Command } from 'commander'
import { plural } from '../base/text.ts'
import type { Micros } from '../base/time.ts'
import type { Erasure } from '../store/erasure.ts'
import { now, today } from './clock.ts'
import { confirmed, yesOption } from './confirmed.ts'
import type { KeyChoice } from './key-source.ts'
import { compactBehind } from './left-behind.ts'
import { openStore } from './open-store.ts'
import { jsonOption, keyOptions, storeOption, withOptions } from './options.ts'
import { authorOf, authorOption } from './reviewed.ts'
import { sendHeads } from './send-heads.ts'
import type { Terminal } from './terminal.ts'
import { waitOption } from './wait-for-store.ts'
import { identityOption, lastingPseudonyms, pseudonymsOf, refuseNaming } from './whose.ts'

interface EraseOptions extends KeyChoice {
  readonly identity?: readonly string[]
  readonly reason: string
  readonly author?: string
  readonly wait?: Micros
  readonly yes?: true
  readonly json?: true
}

/** `offchannel erase`: all that is held of one person. */
export function addEraseCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('erase')
    .summary('take one person out of the store')
    .description(
      'Shows what is held of one person, and takes it out: facts, findings, reviews, evidence, messages and the pseudonym itself. Counts of findings by day and app stay, without whose they were. What inputs say of the person up to today is not taken in again. Needs the key of the store.',
    )
    .argument('[client...]', 'as tables show it; several where one person has several')
    .requiredOption('--reason <text>', 'why, for the audit log: name nobody in it')
    .addHelpText(
      'after',
      `
Examples:
  offchannel erase user-k3f0ga2c --reason 'Request 2026/17'
  offchannel erase --identity alice@example.org --identity '10.0.0.5 at hq' --reason 'Request 2026/17' --yes`,
    )
  withOptions(
    command,
    identityOption(),
    authorOption(),
    yesOption(),
    storeOption(),
    ...keyOptions(),
    waitOption(),
    jsonOption(),
  )
  command.action(async (clients: string[], options: EraseOptions) => {
    await eraseCommand(clients, options, terminal)
    await sendHeads(options.store, terminal)
  })
}

async function eraseCommand(clients: readonly string[], options: EraseOptions, terminal: Terminal): Promise<void> {
  refuseNaming(options.reason, [...clients, ...(options.identity ?? [])])
  const author = authorOf(options, terminal)
  const { store, key } = await openStore({ ...options, author }, false, terminal, options.wait)
  try {
    const { erase, planErasure } = await import('../store/erasure.ts')
    const named = await pseudonymsOf(clients, options.identity, key, store)
    const lasting = [
      ...clients.flatMap((client) => store.lastingOf(client)),
      ...(await lastingPseudonyms(options.identity ?? [], key)),
    ]
    const whose = [...new Set([...named, ...store.inAllPeriods(lasting)])]
    const keptOut = store.rotation === 'none' ? [] : store.inAllPeriods(lasting, today())
    const plan = planErasure(store, whose, now())
    const json = options.json === true
    if (!json) for (const line of lines(plan)) terminal.out(line)
    const done = await confirmed(options.yes === true, terminal)
    if (done) {
      erase(store, whose, now(), options.reason, keptOut)
      compactBehind(store, options.store, terminal)
      if (!json)
        terminal.out('Erased. What rested on it in part is judged again by the next run or `offchannel judge`.')
    }
    if (json) terminal.json({ done, ...plan })
  } finally {
    store.close()
  }
}

function lines({ pseudonyms, sightings, otherFacts, findings, texts, evidence, messages }: Erasure): string[] {
  return [
    `To be erased, of ${plural(pseudonyms, 'pseudonym')}:`,
    `  ${plural(sightings, 'sighting')}`,
    `  ${plural(otherFacts, 'other fact')} (leases, tunnels, answers of DNS)`,
    `  ${plural(findings, 'finding')}, which stay as counts`,
    `  ${plural(texts, 'review, statement or suppression', 'reviews, statements and suppressions')}`,
    `  ${plural(evidence, 'frame or line', 'frames and lines')} of evidence`,
    `  ${plural(messages, 'message')} that wait for receivers`,
  ]
}
