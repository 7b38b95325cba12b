import { setTimeout as pause } from 'node:timers/promises'
import { InvalidArgumentError, Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { formatMinute, type Micros } from '../base/time.ts'
import { durationText, parseDuration } from '../jobs/duration.ts'
import { now } from './clock.ts'
import { openStore, type StoreChoice } from './open-store.ts'
import type { Terminal } from './terminal.ts'

/** Milliseconds between two tries; a try itself waits a second. */
const PAUSE = 1000

export const waitOption = () =>
  new Option('--wait <time>', 'how long to wait for another run that has the store, as 90s or 10m').argParser(
    (text: string): Micros => {
      const wait = parseDuration(text)
      if (wait === undefined) throw new InvalidArgumentError('write a time such as 90s, 10m or 1h.')
      return wait
    },
  )

/**
 * Opens a store for writing and makes one where there is none; waits as long as this for another run that has it. Throws
 * as `openStore` does, and says which run it is where the store tells.
 */
export async function openStoreWaiting(choice: StoreChoice, wait: Micros, terminal: Terminal) {
  const until = now() + wait
  for (let first = true; ; first = false) {
    try {
      return await openStore(choice, true)
    } catch (thrown) {
      const { RunLock } = await import('../store/run-lock.ts')
      const isTaken = thrown instanceof OffchannelError && thrown.code === 'store_unusable'
      if (!isTaken || !RunLock.isHeld(choice.store)) throw thrown
      const taken = `${harmless(choice.store)}: another process is writing to it${await holderOf(choice.store)}`
      if (now() >= until) {
        const waited = wait > 0 ? `, still after ${durationText(wait)}` : ''
        const words = `${taken}${waited}: run this again when that has ended, or give --wait 10m`
        throw new OffchannelError('store_unusable', words, { cause: thrown })
      }
      if (first) terminal.note(`${taken}: waiting for up to ${durationText(wait)}`)
      await pause(Math.min(PAUSE, Math.max(0, (until - now()) / 1000)))
    }
  }
}

/** Who has the store, in brackets, as its last run that has not ended says; '' where that tells nothing. */
async function holderOf(file: string): Promise<string> {
  const { Store } = await import('../store/store.ts')
  try {
    const store = Store.openReadOnly(file)
    try {
      const latest = store.lastRuns()[0]
      if (latest === undefined || latest.ended !== undefined) return ''
      const what = latest.job === '' ? 'a sweep' : `a run of ${harmless(latest.job)}`
      return ` (process ${latest.pid}, ${what} since ${formatMinute(latest.started)} UTC)`
    } finally {
      store.close()
    }
  } catch {
    // One that is being made, or brought up to date, has nothing to tell yet.
    return ''
  }
}
