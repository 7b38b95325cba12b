import { type Command, Option } from 'commander'
import type { Micros } from '../base/time.ts'
import type { Severity } from '../model/finding.ts'
import { now } from './clock.ts'
import { failOnOption } from './fail-on.ts'
import { logAs } from './json-log.ts'
import { jsonOption, withOptions } from './options.ts'
import type { PassOptions } from './pass.ts'
import type { Terminal } from './terminal.ts'
import { waitOption } from './wait-for-store.ts'

interface RunOptions {
  readonly config: string
  readonly dryRun?: true
  readonly again?: true
  readonly failOn?: Severity
  readonly wait?: Micros
  readonly logFormat: 'text' | 'json'
  readonly json?: true
}

/** The longest that a pass goes on delivering to receivers that take what they are sent: five minutes. */
const DELIVERY_LIMIT = 300_000_000

/** How long it goes on sending the head of its own end. */
const HEAD_LIMIT = 30_000_000

/** `offchannel run`: one pass over what a job file names. */
export function addRunCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('run')
    .summary('read and judge what a job file names, once')
    .description(
      'Reads the inputs that a job file names into its store, judges, and prints the findings, as `sweep` does: for cron, a systemd timer or the Task Scheduler. A group of inputs of which nothing new came for longer than the file expects is a problem.',
    )
    .addHelpText(
      'after',
      `
Examples:
  offchannel run --config /etc/offchannel/offchannel.yaml --quiet --wait 10m
  offchannel run --config offchannel.yaml --dry-run        what it would read

docs/jobs.md describes the file. Exit status: 0 clean; 1 findings at or above --fail-on; 2 a problem.`,
    )
  withOptions(
    command,
    new Option('--config <file>', 'job file').default('offchannel.yaml'),
    new Option('--dry-run', 'say what it would read, and write nothing'),
    new Option('--again', 'read known contents again where signatures, networks or exclusions have changed'),
    failOnOption(),
    waitOption(),
    new Option('--log-format <form>', 'of what standard error says').choices(['text', 'json']).default('text'),
    jsonOption(),
  )
  command.action((options: RunOptions) => runCommand(options, terminal))
}

async function runCommand(options: RunOptions, terminal: Terminal): Promise<void> {
  await logAs(terminal, options.logFormat)
  const [{ readJob }, { jobPass }, { makePass }] = await Promise.all([
    import('./job-config.ts'),
    import('./job-pass.ts'),
    import('./pass.ts'),
  ])
  const config = await readJob(options.config)
  const { job, file } = config
  const pass = jobPass(config)
  const passOptions: PassOptions = { ...options, ...pass.options }
  const { read, groupOf } = await pass.find(terminal)
  if (options.dryRun) {
    const { planPass } = await import('./run-dry-run.ts')
    await planPass(read, passOptions, groupOf, terminal)
    return
  }
  const [{ writeOutputs }, { deliverOutputs, registerOutputs }, { keepRetention }] = await Promise.all([
    import('./run-outputs.ts'),
    import('./deliver-outputs.ts'),
    import('./purge.ts'),
  ])
  await makePass(read, passOptions, terminal, {
    ...{ file, groups: job.inputs, groupOf },
    begun: (store) => registerOutputs(store, pass.told, terminal),
    judged: async (store) => {
      await deliverOutputs(store, pass.told, { limit: DELIVERY_LIMIT, always: false }, terminal)
      await keepRetention(store, job.retention, terminal)
    },
    ended: async (store) => {
      try {
        store.outbox.publishHead(now(), 0)
        await deliverOutputs(store, pass.told, { limit: HEAD_LIMIT, always: false, isSecond: true }, terminal)
      } finally {
        writeOutputs(store, file, pass.outputs, terminal)
      }
    },
  })
}
