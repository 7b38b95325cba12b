import type { Command } from 'commander'
import { bytesText, grouped, harmless, plural } from '../base/text.ts'
import { MICROS_PER_SECOND } from '../base/time.ts'
import { durationText } from '../jobs/duration.ts'
import { overdueText } from '../jobs/overdue.ts'
import type { InputStatus, RunStatus, Status } from '../jobs/status.ts'
import { SEVERITIES } from '../model/finding.ts'
import type { Cell } from '../report/table.ts'
import { now } from './clock.ts'
import { jsonOption, storeOption, withOptions } from './options.ts'
import { OUTPUT_COLUMNS, outputRow } from './output-table.ts'
import type { Terminal } from './terminal.ts'

/** `offchannel status`: how a store and its jobs are; also while a run writes to it. */
export function addStatusCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('status')
    .summary('say how a store and its scheduled runs are')
    .description(
      'Says what the last runs did, how long ago something new of each group of inputs was read, what could not be seen, and what the store holds. It only looks, also while a run writes. A group that is overdue is a problem: exit status 2.',
    )
  withOptions(command, storeOption(), jsonOption())
  command.action(async ({ store: file, json }: { readonly store: string; readonly json?: true }) => {
    const [{ Store }, { RunLock }, { statusOf }] = await Promise.all([
      import('../store/store.ts'),
      import('../store/run-lock.ts'),
      import('./job-status.ts'),
    ])
    const store = Store.openReadOnly(file)
    try {
      const time = now()
      const status = statusOf(
        store,
        isBusy(() => RunLock.isHeld(file)),
        time,
      )
      if (json) terminal.json(status)
      else await printStatus(status, terminal)
      for (const group of store.inputGroups()) {
        const line = overdueText(group, time)
        if (line !== undefined) terminal.problem(line)
      }
      for (const { name, waiting, error } of status.outputs) {
        if (error !== undefined) terminal.problem(harmless(`output ${name}: ${error}; ${grouped(waiting)} waiting`))
      }
    } finally {
      store.close()
    }
  })
}

async function printStatus(
  { store, findings, runs, inputs, purge, outputs, gaps }: Status,
  terminal: Terminal,
): Promise<void> {
  const [{ renderTable }, { coverageTable }] = await Promise.all([
    import('../report/table.ts'),
    import('../report/coverage-text.ts'),
  ])
  const style = terminal.style.bind(terminal)
  for (const run of runs) for (const line of runLines(run)) terminal.out(line)
  if (runs.length === 0) terminal.out('No run yet.')
  if (inputs.length > 0) {
    const several = new Set(inputs.map(({ job }) => job)).size > 1
    const rows = inputs.map((input) => inputRow(input, several))
    terminal.out(renderTable(['input', 'last read (UTC)', 'ago', 'expected', ''], rows, terminal.width, style))
  }
  if (outputs.length > 0) terminal.out(renderTable(OUTPUT_COLUMNS, outputs.map(outputRow), terminal.width, style))
  const counts = SEVERITIES.map((severity) => `${grouped(findings[severity])} ${severity}`)
  terminal.out(`Findings: ${counts.join(', ')}.`)
  const waiting = store.dirty > 0 ? `; ${plural(store.dirty, 'subject-day')} to be judged` : ''
  const days = store.firstDay === undefined ? '' : `, of ${store.firstDay} to ${store.lastDay}`
  terminal.out(
    `Store: ${harmless(store.file)}, ${bytesText(store.bytes)}, schema ${store.schema}, ${plural(store.readings, 'input')}, ${plural(store.sightings, 'sighting')} of ${plural(store.subjects, 'subject')}${days}${waiting}.`,
  )
  if (purge !== undefined) {
    const taken = Object.entries(purge.taken).map(([what, count]) => `${grouped(count)} ${what}`)
    const words = taken.length === 0 ? 'nothing' : taken.join(', ')
    terminal.out(`Last purge: ${minute(purge.time)} UTC (${harmless(purge.reason)}): ${words}.`)
  }
  if (store.busy) terminal.out('A run is writing to it now.')
  const text = coverageTable(gaps, terminal.width, style)
  terminal.out(text === '' ? 'Nothing was met that could not be read.' : text)
}

function runLines(run: RunStatus): string[] {
  const what = run.job === '' ? 'sweep' : `run of ${harmless(run.job)}`
  const when = `Last ${what}: ${minute(run.started)} UTC`
  if (run.state === 'running') return [`${when}, still running.`]
  if (run.state === 'broken-off') return [`${when}, broken off; the next run reads again what it left.`]
  const problems = run.problems > 0 ? `, ${plural(run.problems, 'problem')}` : ''
  const read = `${run.read} of ${plural(run.inputs, 'input')} new, ${bytesText(run.bytes)}, ${plural(run.records, 'record')}`
  const lines = [`${when} to ${minute(run.ended ?? '')}, exit status ${run.status}: ${read}${problems}.`]
  lines.push(...run.told.map((line) => `  ${harmless(line)}`))
  if (run.problems > run.told.length) lines.push(`  and ${grouped(run.problems - run.told.length)} more`)
  return lines
}

function inputRow({ job, name, lastRead, lag, every, overdueSince }: InputStatus, several: boolean): Cell[] {
  return [
    several ? [name, { text: job, style: 'dim' }] : [name],
    [lastRead === undefined ? 'never' : minute(lastRead)],
    [durationText(lag * MICROS_PER_SECOND)],
    [every === undefined ? '' : `every ${durationText(every * MICROS_PER_SECOND)}`],
    [overdueSince === undefined ? '' : 'overdue'],
  ]
}

/** `2026-11-21 18:52` of a time as the status writes it. */
function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ')
}

/** Whoever may only read the store cannot ask for its lock, and is not told. */
function isBusy(isHeld: () => boolean): boolean {
  try {
    return isHeld()
  } catch {
    return false
  }
}
