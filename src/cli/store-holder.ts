import { harmless } from '../base/text.ts'
import { formatMinute } from '../base/time.ts'
import { isAlive } from './is-alive.ts'

/** Who has the store, in brackets, as its last run that has not ended says; '' where that tells nothing. */
export async function holderOf(file: string): Promise<string> {
  const { Store } = await import('../store/store.ts')
  try {
    const store = Store.openReadOnly(file)
    try {
      const latest = store.lastRuns()[0]
      // A run that was killed has no end either: then another process has the store, which has not said who it is.
      if (latest === undefined || latest.ended !== undefined || !isAlive(latest.pid)) return ''
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
