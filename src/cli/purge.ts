import { type Command, InvalidArgumentError, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { plural } from '../base/text.ts'
import { type Day, formatDay, MICROS_PER_DAY, type Micros } from '../base/time.ts'
import { parseDuration } from '../jobs/duration.ts'
import { type PurgeLine, RETENTION_CLASSES, type Retention, type RetentionClass } from '../model/retention.ts'
import type { Store } from '../store/store.ts'
import { today } from './clock.ts'
import { confirmed, yesOption } from './confirmed.ts'
import type { KeyChoice } from './key-source.ts'
import { compactBehind, tellLeftBehind } from './left-behind.ts'
import { openStore } from './open-store.ts'
import { jsonOption, keyOptions, storeOption, withOptions } from './options.ts'
import { authorOf, authorOption } from './reviewed.ts'
import { sendHeads } from './send-heads.ts'
import type { Terminal } from './terminal.ts'
import { waitOption } from './wait-for-store.ts'

interface PurgeOptions extends KeyChoice {
  readonly olderThan?: Micros
  readonly class?: readonly RetentionClass[]
  readonly compact?: true
  readonly reason: string
  readonly author?: string
  readonly wait?: Micros
  readonly yes?: true
  readonly json?: true
}

/** What goes where no class is named: the audit log only goes by name. */
const ALL_BUT_AUDIT = RETENTION_CLASSES.filter((of) => of !== 'audit')

/** `offchannel purge`: what is older than it may be kept. */
export function addPurgeCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('purge')
    .summary('take out what is older than it may be kept')
    .description(
      'Shows what is older, by class, and takes it out of the store: facts, evidence, findings, reviews (of findings that are gone), runs; the audit log only where it is named. What a hold keeps stays. Needs the key of the store.',
    )
    .option('--older-than <time>', 'than so many days, as 400d', parseDays)
    .addOption(
      new Option('--class <name>', 'only this; may be repeated')
        .choices(RETENTION_CLASSES)
        .argParser<readonly RetentionClass[]>(parseClass),
    )
    .option('--compact', 'only write the file anew, so that nothing is left in it of what was taken out earlier')
    .option('--reason <text>', 'why, for the audit log: name nobody in it', 'retention')
    .addHelpText(
      'after',
      `
Examples:
  offchannel purge --older-than 400d
  offchannel purge --older-than 400d --class facts --class findings --author 'A. Example' --yes

docs/privacy.md tells what each class is, and what stays.`,
    )
  withOptions(command, authorOption(), yesOption(), storeOption(), ...keyOptions(), waitOption(), jsonOption())
  command.action(async (options: PurgeOptions) => {
    await purgeCommand(options, terminal)
    await sendHeads(options.store, terminal)
  })
}

async function purgeCommand(options: PurgeOptions, terminal: Terminal): Promise<void> {
  const { olderThan } = options
  if ((olderThan === undefined) === (options.compact === undefined)) {
    throw new OffchannelError('usage', 'say what is to go: --older-than 400d, or --compact alone')
  }
  const author = options.yes || options.compact ? authorOf(options, terminal) : undefined
  const { store } = await openStore(
    { ...options, ...(author !== undefined && { author }) },
    false,
    terminal,
    options.wait,
  )
  try {
    if (olderThan === undefined) {
      store.audit('compact', {})
      tellLeftBehind(store.compact(), options.store, terminal)
      return
    }
    const border = today() - Math.floor(olderThan / MICROS_PER_DAY)
    const retention: Retention = Object.fromEntries((options.class ?? ALL_BUT_AUDIT).map((of) => [of, border]))
    const { planPurge, purge } = await import('../store/retention.ts')
    const plan = planPurge(store, retention)
    const json = options.json === true
    if (!json) tellPlan(plan, border, terminal)
    const some = plan.some(({ count }) => count > 0)
    const done = some && (await confirmed(options.yes === true, terminal))
    if (done) {
      if (author === undefined) authorOf(options, terminal)
      purge(store, retention, options.reason)
      compactBehind(store, options.store, terminal)
      if (!json) terminal.out('Taken out.')
    }
    if (json) terminal.json({ before: formatDay(border), done, lines: plan.map(linesOf) })
  } finally {
    store.close()
  }
}

/**
 * Purges what a job file says is kept for so long; says what went. A file of which nothing is too old is not touched.
 */
export async function keepRetention(
  store: Store,
  kept: Readonly<Partial<Record<RetentionClass, Micros>>>,
  terminal: Terminal,
): Promise<void> {
  const entries = Object.entries(kept).map(([of, time]) => [of, today() - Math.floor(time / MICROS_PER_DAY)])
  if (entries.length === 0) return
  const { planPurge, purge } = await import('../store/retention.ts')
  const retention = Object.fromEntries(entries) as Retention
  const going = planPurge(store, retention).filter(({ count }) => count > 0)
  if (going.length === 0 && !store.owesCompacting) return
  if (going.length > 0) purge(store, retention, 'retention of the job file')
  compactBehind(store, store.file, terminal)
  if (going.length === 0) return
  const words = going.map(({ count, what }) => plural(count, what.replace(/s$/, ''), what)).join(', ')
  terminal.note(`Purged, as older than the job file keeps it: ${words}.`)
}

function tellPlan(plan: readonly PurgeLine[], border: Day, terminal: Terminal): void {
  terminal.out(`Older than ${formatDay(border)} (UTC):`)
  for (const { of, what, count, firstDay, lastDay, held } of plan) {
    const days =
      firstDay === undefined || lastDay === undefined ? '' : `, ${formatDay(firstDay)} to ${formatDay(lastDay)}`
    const kept = held > 0 ? `; ${held} more are held and stay` : ''
    terminal.out(`  ${of.padEnd(9)} ${String(count).padStart(9)} ${what}${days}${kept}`)
  }
  if (plan.every(({ count }) => count === 0)) terminal.out('Nothing is to go.')
}

function linesOf({ firstDay, lastDay, ...line }: PurgeLine): object {
  return {
    ...line,
    ...(firstDay !== undefined && { first: formatDay(firstDay) }),
    ...(lastDay !== undefined && { last: formatDay(lastDay) }),
  }
}

function parseDays(text: string): Micros {
  const time = parseDuration(text)
  if (time === undefined || time < MICROS_PER_DAY)
    throw new InvalidArgumentError('write a number of days such as 400d.')
  return time
}

function parseClass(text: string, before: readonly RetentionClass[] = []): readonly RetentionClass[] {
  const of = RETENTION_CLASSES.find((one) => one === text)
  if (of === undefined) throw new InvalidArgumentError(`there are ${RETENTION_CLASSES.join(', ')}.`)
  return [...before, of]
}
