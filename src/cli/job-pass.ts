import { type JobConfig, type JobOutputs, keyChoiceOf, outputsOf } from './job-config.ts'
import { type PassInputs, type PassOptions, withoutStore } from './pass.ts'
import { findJobFiles } from './run-inputs.ts'
import type { Outputs } from './run-outputs.ts'
import type { Terminal } from './terminal.ts'

/** What a job file comes to for passes over its inputs; all paths are absolute. */
export interface JobPass {
  readonly options: Pick<
    PassOptions,
    | 'store'
    | 'identities'
    | 'recipients'
    | 'rotate'
    | 'key'
    | 'keyCommand'
    | 'policy'
    | 'signatures'
    | 'bundledSignatures'
    | 'hash'
    | 'evidence'
  >
  readonly told: JobOutputs
  readonly outputs: Outputs
  /** Finds what there is to read now, and the group of each input. */
  find(terminal: Terminal, isWatched?: boolean): Promise<FoundInputs>
}

/** The inputs of a job as they lie there. */
export interface FoundInputs {
  readonly read: PassInputs
  readonly groupOf: (input: string) => string
}

/** Puts a job and its options together. */
export function jobPass(config: JobConfig): JobPass {
  const { job, file, at } = config
  const told = outputsOf(config)
  const outputs = {
    prometheus: job.prometheus === undefined ? undefined : at(job.prometheus),
    summary: job.summary === undefined ? undefined : at(job.summary),
  }
  const options = {
    ...keyChoiceOf(config),
    ...(job.identities !== undefined && { identities: job.identities }),
    recipients: job.recipients.map(at),
    ...(job.policy !== undefined && { policy: at(job.policy) }),
    signatures: job.signatures.map(at),
    bundledSignatures: true,
    ...(job.rotate !== undefined && { rotate: job.rotate }),
    hash: job.hash,
    evidence: job.evidence,
  }
  const grown = told.receivers.flatMap((output) => (output.kind === 'file' ? [output.path] : []))
  const own = [file, outputs.prometheus, outputs.summary, told.deadLetters, told.headsKey, ...grown].filter(
    (one) => one !== undefined,
  )
  return {
    ...{ options, told, outputs },
    find: async (terminal, isWatched) => {
      const { groupOf, readAs } = await findJobFiles(job, at('.'), terminal, isWatched)
      const nameOf = (input: string) => groupOf.get(input)!.name
      const read = {
        ...{ inputs: withoutStore([...groupOf.keys()], options, terminal, own), format: undefined },
        ...{ mapping: '', times: {}, readAs: (input: string) => readAs.get(groupOf.get(input)?.name ?? '') },
      }
      return { read, groupOf: nameOf }
    },
  }
}
