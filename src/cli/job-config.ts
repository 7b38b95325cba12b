import { readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { messageOf, OffchannelError } from '../base/errors.ts'
import type { Micros } from '../base/time.ts'
import type { Job } from '../jobs/job-file.ts'
import type { Output, SecretSource } from '../model/output.ts'
import type { KeyChoice } from './key-source.ts'

/** A job file that was read. */
export interface JobConfig {
  readonly job: Job
  /** Its path: absolute, without links. */
  readonly file: string
  /** The path that is meant by what is written in it. */
  at(written: string): string
}

/** What a job tells receivers, its paths absolute. */
export interface JobOutputs {
  /** Path of the job file. */
  readonly job: string
  readonly receivers: readonly Output[]
  readonly deadLetters: string
  /** The Ed25519 key that heads of the audit log are signed with. */
  readonly headsKey: string
  /** Whether the key is one beside the store, which is made where there is none. */
  readonly makesHeadsKey: boolean
  /** How often `watch` sends a head. */
  readonly headsEvery: Micros
}

/** Far above any job file. */
const FILE_SIZE_LIMIT = 1 << 20

/** Reads a job file: UTF-8, at most 1 MiB. Throws `job_invalid` where it is not, or holds mistakes. */
export async function readJob(config: string): Promise<JobConfig> {
  const [{ parseJob }, { formats }, { isZone }] = await Promise.all([
    import('../jobs/job-file.ts'),
    import('../read/detect.ts'),
    import('../read/log/mapping/zones.ts'),
  ])
  const job = parseJob(readJobText(config), config, { formats: formats.map(({ name }) => name), isZone })
  const file = realpathSync(config)
  return { job, file, at: (written) => path.resolve(path.dirname(file), written) }
}

/** Where a job file says that the key of its store is to be had from. */
export function keyChoiceOf({ job, at }: JobConfig): KeyChoice {
  const [program = '', ...args] = job.keyCommand ?? []
  return {
    store: at(job.store),
    ...(job.key !== undefined && { key: at(job.key) }),
    // One without a folder is looked for where programs lie.
    ...(job.keyCommand !== undefined && { keyCommand: [/[/\\]/.test(program) ? at(program) : program, ...args] }),
  }
}

/** The receivers of a job file. */
export function outputsOf({ job, file, at }: JobConfig): JobOutputs {
  const deadLetters = job.deadLetters ?? `${job.store}.dead-letters.ndjson`
  return {
    ...{ job: file, receivers: job.receivers.map((output) => placed(output, at)), deadLetters: at(deadLetters) },
    headsKey: at(job.headsKey ?? `${job.store}.heads.pem`),
    makesHeadsKey: job.headsKey === undefined,
    headsEvery: job.headsEvery,
  }
}

function placed(output: Output, at: (written: string) => string): Output {
  const place = (written: string | undefined) => (written === undefined ? undefined : at(written))
  if (output.kind === 'file') return { ...output, path: at(output.path) }
  const ca = place(output.ca)
  if (output.kind === 'webhook') return { ...output, ca, secret: secretAt(output.secret, at) }
  if (output.kind === 'syslog') {
    return { ...output, ca, certificate: place(output.certificate), key: place(output.key) }
  }
  return { ...output, ca, login: output.login && { ...output.login, secret: secretAt(output.login.secret, at) } }
}

function secretAt(secret: SecretSource, at: (written: string) => string): SecretSource {
  return 'file' in secret ? { file: at(secret.file) } : secret
}

function readJobText(file: string): string {
  try {
    if (statSync(file).size > FILE_SIZE_LIMIT) throw new Error('it is larger than 1 MiB')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (thrown) {
    const message = `${file}: cannot be read (${messageOf(thrown)}): name a job file with --config`
    throw new OffchannelError('job_invalid', message, { cause: thrown })
  }
}
