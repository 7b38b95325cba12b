import { existsSync } from 'node:fs'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { readJob } from './job-config.ts'
import type { Terminal } from './terminal.ts'

/** Where job files lie that switch `inspect --all` off; `$OFFCHANNEL_CONFIG` names another. */
const JOB_FILES = ['/etc/offchannel/offchannel.yaml', 'offchannel.yaml']

/**
 * Says what `inspect --all` shows. Throws `usage` where a job file says `inspect-all: never`, and what is wrong with one
 * that cannot be read: it may say so.
 */
export async function allowAll(terminal: Terminal): Promise<void> {
  const named = terminal.environment.OFFCHANNEL_CONFIG ?? ''
  for (const file of named === '' ? JOB_FILES : [...JOB_FILES, named]) {
    if (file !== named && !existsSync(file)) continue
    const { job } = await readJob(file)
    if (job.inspectAll === 'never') {
      const words = 'says inspect-all: never; without --all what matches a signature is shown'
      throw new OffchannelError('usage', `${harmless(file)}: ${words}`)
    }
  }
  terminal.note("--all shows everybody's names, also of those whom no signature is about")
}
