import path from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import type { Rotation } from '../base/period.ts'
import type { Micros } from '../base/time.ts'
import { parseDuration } from '../jobs/duration.ts'
import type { Job } from '../jobs/job-file.ts'
import { listenAddress } from '../jobs/listen-address.ts'
import type { JobConfig } from './job-config.ts'
import { logAs } from './json-log.ts'
import {
  formatFileOption,
  formatOption,
  keyOptions,
  policyOption,
  rotateOption,
  signaturesOption,
  storeOption,
  timezoneOption,
  withOptions,
  yearOption,
} from './options.ts'
import type { Terminal } from './terminal.ts'

/** What `offchannel watch` is asked for. */
export interface WatchOptions {
  readonly config: string
  readonly poll: Micros
  readonly metrics?: string
  readonly metricsExposed?: true
  readonly logFormat: 'text' | 'json'
  readonly policy?: string
  readonly store: string
  readonly key?: string
  readonly keyCommand?: readonly string[]
  readonly signatures?: readonly string[]
  readonly format?: string
  readonly formatFile?: string
  readonly timezone: string
  readonly year?: string
  readonly rotate?: Rotation
}

/** `offchannel watch`: the passes of `run`, for ever. */
export function addWatchCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('watch')
    .summary('read and judge what a job file names as it comes, until it is stopped')
    .description(
      'Reads the inputs that a job file names, or that are given here, into the store as they grow, and judges what is new once a minute. Logs are read on about every second; a capture, or a packed file, when it is complete. The store is held only while something is read. docs/jobs.md describes it.',
    )
    .argument('[input...]', 'files, folders and globs, or - alone for standard input, in place of a job file')
    .addHelpText(
      'after',
      `
Examples:
  offchannel watch --config /etc/offchannel/offchannel.yaml --metrics 127.0.0.1:9464
  offchannel watch /var/log/squid /srv/ring --policy policy.yaml --store watch.db
  tail -F access.log | offchannel watch - --format squid-native

SIGTERM and SIGINT end it once what is half done is whole, a second one at once; SIGHUP makes it read its job file,
policy and signatures anew. Exit status: 0 stopped; 2 a mistake, or a store that cannot be written.`,
    )
  withOptions(
    command,
    new Option('--config <file>', 'job file').default('offchannel.yaml'),
    new Option('--poll <time>', 'the longest between two looks where the system tells of no change')
      .argParser(durationOf)
      .default(5_000_000, '5s'),
    new Option('--metrics <address>', 'serve metrics there, as 127.0.0.1:9464'),
    new Option('--metrics-exposed', 'also at an address that others can ask'),
    new Option('--log-format <form>', 'of what standard error says').choices(['text', 'json']).default('text'),
    policyOption(),
    storeOption(),
    ...keyOptions(),
    rotateOption(),
    signaturesOption(),
    formatOption(),
    formatFileOption(),
    timezoneOption(),
    yearOption(),
  )
  command.action(async (inputs: string[], options: WatchOptions) => {
    await logAs(terminal, options.logFormat)
    refuseMixed(command, inputs)
    const { watch } = await import('./watch-start.ts')
    await watch(inputs, options, terminal)
  })
}

/** The inputs of the command line as a job: of one group, without outputs. */
export function jobOf(inputs: readonly string[], options: WatchOptions): JobConfig {
  const { format, formatFile, timezone, year, policy, key, keyCommand, signatures = [] } = options
  const group = { name: 'inputs', format, formatFile, timezone, year: year === undefined ? undefined : Number(year) }
  const job: Job = {
    inputs: [{ ...group, paths: inputs, every: undefined }],
    ...{
      policy,
      signatures,
      key,
      keyCommand,
      store: options.store,
      identities: undefined,
      recipients: [],
      hash: true,
      evidence: true,
      retention: {},
    },
    ...{ inspectAll: 'allowed', headsKey: undefined, headsEvery: 0, rotate: options.rotate },
    ...{ prometheus: undefined, summary: undefined, receivers: [], deadLetters: undefined, metrics: undefined },
  }
  return { job, file: '', at: (written) => path.resolve(written) }
}

/** Where metrics are served: as the option says, else as the job file does. Throws `usage`. */
export function metricsOf({ metrics, metricsExposed }: WatchOptions, job: Job): Job['metrics'] {
  if (metrics === undefined) return job.metrics
  const address = listenAddress(metrics, metricsExposed === true)
  if (typeof address === 'string') throw new OffchannelError('usage', `--metrics ${address}`)
  return address
}

const OF_INPUTS = ['policy', 'store', 'key', 'keyCommand', 'signatures', 'format', 'formatFile', 'timezone', 'year']

/** What a job file says is not said on the command line as well. */
function refuseMixed(command: Command, inputs: readonly string[]): void {
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli'
  if (inputs.length > 0) {
    if (isGiven('config'))
      throw new OffchannelError('usage', '--config: a job file names its inputs: leave out one of the two')
    if (inputs.includes('-') && inputs.length > 1)
      throw new OffchannelError('usage', 'standard input is watched alone: leave out the other inputs')
    return
  }
  const extra = OF_INPUTS.find(isGiven)
  if (extra === undefined) return
  const flag = command.options.find((option) => option.attributeName() === extra)?.long
  throw new OffchannelError('usage', `${flag}: with a job file it is said there; name inputs, or leave it out`)
}

function durationOf(text: string): Micros {
  const duration = parseDuration(text)
  if (duration === undefined) throw new InvalidArgumentError('write a time such as 5s or 1m.')
  return duration
}
