import { type Command, InvalidArgumentError } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { periodOf } from '../base/period.ts'
import { type Day, dayOf, formatDay } from '../base/time.ts'
import type { Suppression } from '../model/review.ts'
import type { SuppressionScope } from '../store/review-desk.ts'
import { now, today } from './clock.ts'
import { jsonOption, storeOption, withOptions } from './options.ts'
import { parseDay } from './parse-day.ts'
import { authorOf, authorOption } from './reviewed.ts'
import type { Terminal } from './terminal.ts'

interface SuppressOptions {
  readonly store: string
  readonly app?: string
  readonly client?: string
  readonly until: Day
  readonly reason: string
  readonly author?: string
  readonly json?: true
}

/** `offchannel suppress`: findings out of sight until a day. */
export function addSuppressCommand(program: Command, terminal: Terminal): void {
  const group = program
    .command('suppress')
    .summary('keep findings out of sight until a day')
    .description(
      'Keeps findings out of the list and of --fail-on until a day: single ones, or those of an app, or of an app and a client, also those that come until then. Those that are worse than the worst it covers today are shown. It ends by itself.',
    )
    .usage('[add] [id...] [options] | list | lift <number>')
    .addHelpText(
      'after',
      `
Options of add: --until <day> and --reason <text>, always; --app <id> and --client <name> where no ids are given.

Examples:
  offchannel suppress --app whatsapp --client address-k3f0ga2c --until 2026-06-30 --reason 'Phone is being replaced'
  offchannel suppress f-3a91c0d2 --until 2026-06-30 --reason 'Waiting for the answer of HR'
  offchannel suppress list
  offchannel suppress lift 3 --reason 'Phone was replaced'`,
    )

  const add = group
    .command('add', { isDefault: true })
    .summary('suppress findings; the word may be left out')
    .description('Suppresses findings until a day.')
    .argument('[id...]', 'ids of findings, or their beginnings')
    .option('--app <id>', 'those of this app')
    .option('--client <name>', 'with --app: those of this client only, as tables show it')
    .requiredOption('--until <day>', 'the last day (YYYY-MM-DD, UTC), at most a year from now', parseDay)
    .requiredOption('--reason <text>', 'why')
  withOptions(add, authorOption(), storeOption(), jsonOption())
  add.action((ids: string[], options: SuppressOptions) => addSuppression(ids, options, terminal))

  const list = group
    .command('list')
    .summary('list suppressions')
    .description('Lists the suppressions that hold, with what each covers.')
    .option('--all', 'also those that have ended or were lifted')
  withOptions(list, storeOption(), jsonOption())
  list.action(async (options: { store: string; all?: true; json?: true }) => {
    const { Store } = await import('../store/store.ts')
    const store = Store.openReadOnly(options.store)
    try {
      const found = store.suppressions(options.all ? 0 : today()).filter(({ lifted }) => options.all || !lifted)
      await print(found, options.json === true, terminal)
      if (found.length === 0 && !options.json) terminal.out('Nothing is suppressed.')
    } finally {
      store.close()
    }
  })

  const lift = group
    .command('lift')
    .summary('end a suppression before its day')
    .description('Ends a suppression: what it covered is shown again.')
    .argument('<number>', 'as `suppress list` shows it', parseNumber)
    .requiredOption('--reason <text>', 'why')
  withOptions(lift, authorOption(), storeOption(), jsonOption())
  lift.action(async (seq: number, options: SuppressOptions) => {
    const entry = { at: now(), author: authorOf(options, terminal), text: options.reason }
    const { ReviewDesk } = await import('../store/review-desk.ts')
    const desk = ReviewDesk.open(options.store)
    try {
      await print([desk.lift(seq, entry)], options.json === true, terminal)
    } finally {
      desk.close()
    }
  })
}

async function addSuppression(ids: readonly string[], options: SuppressOptions, terminal: Terminal): Promise<void> {
  const scope = scopeOf(ids, options)
  const entry = { at: now(), author: authorOf(options, terminal), text: options.reason }
  const { ReviewDesk } = await import('../store/review-desk.ts')
  const desk = ReviewDesk.open(options.store)
  try {
    await print(desk.suppress(scope, options.until, entry), options.json === true, terminal)
    const next = dayOf(periodOf(entry.at, desk.rotation).until)
    if (options.client !== undefined && next <= options.until) {
      terminal.note(
        `From ${formatDay(next)} on everybody has another pseudonym: what is found then is not suppressed by this.`,
      )
    }
  } finally {
    desk.close()
  }
}

function scopeOf(ids: readonly string[], { app, client }: SuppressOptions): SuppressionScope {
  if (ids.length > 0 && (app !== undefined || client !== undefined))
    throw new OffchannelError('usage', 'give ids of findings, or --app with or without --client, not both')
  if (ids.length > 0) return { findings: ids }
  if (app !== undefined) return { app, client }
  throw new OffchannelError('usage', 'say what is to be suppressed: ids of findings, or --app with or without --client')
}

async function print(found: readonly Suppression[], json: boolean, terminal: Terminal): Promise<void> {
  const { suppressionText } = await import('../report/review-text.ts')
  for (const one of found) {
    if (json) terminal.json(one)
    else terminal.out(suppressionText(one, (format, text) => terminal.style(format, text)))
  }
}

function parseNumber(text: string): number {
  const seq = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (seq === 0) throw new InvalidArgumentError('it is a number, as `offchannel suppress list` shows it.')
  return seq
}
