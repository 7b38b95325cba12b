import { type Command, InvalidArgumentError, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { type Day, formatDay, formatMinute } from '../base/time.ts'
import { type Hold, NO_END } from '../model/retention.ts'
import type { HoldDesk } from '../store/holds.ts'
import { now } from './clock.ts'
import { checkedKeyOf, type KeyChoice } from './key-source.ts'
import { jsonOption, keyOptions, storeOption, withOptions } from './options.ts'
import { parseDay } from './parse-day.ts'
import { authorOf, authorOption } from './reviewed.ts'
import type { Terminal } from './terminal.ts'
import { identityOption, lastingPseudonyms, refuseNaming } from './whose.ts'

interface HoldOptions extends KeyChoice {
  readonly app?: string
  readonly client?: string
  readonly identity?: readonly string[]
  readonly from?: Day
  readonly until?: Day
  readonly reason: string
  readonly author?: string
  readonly json?: true
}

/** `offchannel hold`: what must be kept for a court or an inquiry. */
export function addHoldCommand(program: Command, terminal: Terminal): void {
  const group = program
    .command('hold')
    .summary('keep something from being purged or erased')
    .description(
      'A legal hold: what it is about is neither purged nor erased until it is lifted. It is about everything, or narrowed by app, client and days.',
    )
    .addHelpText(
      'after',
      `
Examples:
  offchannel hold add --client user-k3f0ga2c --from 2026-03-01 --until 2026-05-31 --reason 'Inquiry 12/2026'
  offchannel hold list
  offchannel hold lift 1 --reason 'Inquiry closed'`,
    )
  const add = group
    .command('add')
    .summary('make a hold')
    .description('Keeps what is about this app, this client and these days; what is left out narrows nothing.')
    .option('--app <id>', 'of this app')
    .addOption(new Option('--client <name>', 'of this client, as tables show it').conflicts('identity'))
    .addOption(identityOption())
    .option('--from <day>', 'from this day on (YYYY-MM-DD, UTC)', parseDay)
    .option('--until <day>', 'up to this day', parseDay)
    .requiredOption('--reason <text>', 'why')
  withOptions(add, authorOption(), storeOption(), ...keyOptions(), jsonOption())
  add.action(async (options: HoldOptions) => {
    refuseNaming(options.reason, options.identity ?? [])
    const entry = { at: now(), author: authorOf(options, terminal), text: options.reason }
    const { HoldDesk } = await import('../store/holds.ts')
    const desk = HoldDesk.open(options.store)
    try {
      const clients =
        options.identity === undefined ? [options.client] : await latestOf(options.identity, options, desk)
      const made = clients.map((client) => desk.add({ ...options, client }, entry))
      tell(made, options.json === true, terminal)
    } finally {
      desk.close()
    }
  })
  const list = group.command('list').summary('list holds').description('Lists the holds that are in force.')
  list.option('--all', 'also those that were lifted')
  withOptions(list, storeOption(), jsonOption())
  list.action(async (options: { store: string; all?: true; json?: true }) => {
    const { SubjectDesk } = await import('../store/held-about.ts')
    const desk = SubjectDesk.open(options.store)
    try {
      const holds = desk.holds().filter(({ lifted }) => options.all || lifted === undefined)
      tell(holds, options.json === true, terminal)
      if (holds.length === 0 && !options.json) terminal.out('Nothing is held.')
    } finally {
      desk.close()
    }
  })
  const lift = group
    .command('lift')
    .summary('end a hold')
    .description('Ends a hold: what it kept can be purged and erased again.')
    .argument('<number>', 'as `hold list` shows it', parseNumber)
    .requiredOption('--reason <text>', 'why')
  withOptions(lift, authorOption(), storeOption(), jsonOption())
  lift.action(async (seq: number, options: HoldOptions) => {
    const entry = { at: now(), author: authorOf(options, terminal), text: options.reason }
    const { HoldDesk } = await import('../store/holds.ts')
    const desk = HoldDesk.open(options.store)
    try {
      tell([desk.lift(seq, entry)], options.json === true, terminal)
    } finally {
      desk.close()
    }
  })
}

/** One pseudonym of each of these that is known, the latest: a hold is of a person, whatever they are called in other periods. */
async function latestOf(identities: readonly string[], choice: KeyChoice, desk: HoldDesk): Promise<string[]> {
  const key = await checkedKeyOf(choice, desk.keyCheck)
  desk.joinUnder(key)
  const found = await Promise.all(
    identities.map(async (identity) => {
      const lasting = await lastingPseudonyms([identity], key)
      return lasting.flatMap((one) => desk.inAllPeriods([one]).at(-1) ?? [])
    }),
  )
  if (found.flat().length > 0) return found.flat()
  throw new OffchannelError('usage', 'nothing is held of them: nobody by these identities is in the store')
}

function tell(holds: readonly Hold[], json: boolean, terminal: Terminal): void {
  for (const hold of holds) {
    if (json) terminal.json(hold)
    else for (const line of holdLines(hold)) terminal.out(line)
  }
}

function holdLines({ seq, at, author, reason, app, client, firstDay, lastDay, lifted }: Hold): string[] {
  const days = [
    firstDay > 0 ? ` from ${formatDay(firstDay)}` : '',
    lastDay < NO_END ? ` until ${formatDay(lastDay)}` : '',
  ].join('')
  const what = `${app === '' ? 'every app' : harmless(app)}, ${client === '' ? 'everybody' : harmless(client)}`
  return [
    `${seq}  ${what}${days}`,
    `   ${formatMinute(at)} UTC  ${harmless(author)} holds it: ${harmless(reason)}`,
    ...(lifted === undefined
      ? []
      : [`   ${formatMinute(lifted.at)} UTC  ${harmless(lifted.author)} lifted it: ${harmless(lifted.reason)}`]),
  ]
}

function parseNumber(text: string): number {
  const seq = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (seq === 0) throw new InvalidArgumentError('it is a number, as `offchannel hold list` shows it.')
  return seq
}
