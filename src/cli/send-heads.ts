import { accessSync, constants, realpathSync } from 'node:fs'
import { messageOf } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { JobOutputs } from './job-config.ts'
import type { Terminal } from './terminal.ts'

/** The longest that a command goes on sending, when it has done what it is for: five seconds, in which no run gets the store. */
const LIMIT = 5_000_000

/**
 * Sends the head of the audit log that a command has just put into the outbox to the receivers of the job that the store is
 * of, with what waits before it. Where the job file is not to be read, its signing key is not this user's, or a run has the
 * store, the next run sends it: that is said. What fails here is no failure of the command.
 */
export async function sendHeads(store: string, terminal: Terminal): Promise<void> {
  const { Store } = await import('../store/store.ts')
  const later = (why: string) =>
    terminal.note(harmless(`${store}: that this was done is told to receivers by the next run: ${why}`))
  let jobs: readonly string[]
  try {
    const reader = Store.openReadOnly(store)
    jobs = [...new Set(reader.outputs().flatMap(({ job, waitingHeads }) => (waitingHeads > 0 ? [job] : [])))]
    reader.close()
  } catch {
    // The command that could not open the store has said so.
    return
  }
  for (const job of jobs) {
    try {
      const outputs = await outputsOfStore(job, store)
      if (outputs !== undefined) await sendAll(store, outputs, terminal)
      else later(`${job} is of another store`)
    } catch (thrown) {
      later(messageOf(thrown))
    }
  }
}

/** Of the job file, where it is one of this store: a copy of a store sends nothing. */
async function outputsOfStore(job: string, store: string): Promise<JobOutputs | undefined> {
  const { outputsOf, readJob } = await import('./job-config.ts')
  const config = await readJob(job)
  if (realpathSync(config.at(config.job.store)) !== realpathSync(store)) return undefined
  const outputs = outputsOf(config)
  // Whoever may sign is the job's own user, who may read its secrets and write its files as well.
  accessSync(outputs.headsKey, constants.R_OK)
  return outputs
}

async function sendAll(file: string, outputs: JobOutputs, terminal: Terminal): Promise<void> {
  const [{ OutboxDesk }, { deliverOutputs }] = await Promise.all([
    import('../store/outbox-desk.ts'),
    import('./deliver-outputs.ts'),
  ])
  const desk = OutboxDesk.open(file)
  try {
    await deliverOutputs(desk, outputs, { limit: LIMIT, always: false, isSecond: true, isAside: true }, terminal)
  } finally {
    desk.close()
  }
}
