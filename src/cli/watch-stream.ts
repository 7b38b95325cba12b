import { STANDARD_INPUT } from '../read/source.ts'
import type { FoundInputs } from './job-pass.ts'
import type { WatchControl } from './watch-control.ts'
import type { WatchedJob } from './watched-job.ts'

/** Milliseconds: how often it is asked whether findings are to be brought up to date, and the store for. */
const ASK_EVERY = 1000

/**
 * Reads standard input to its end, or until it is closed; the store is held meanwhile. Findings are brought up to date as
 * it goes on, from the quarter-hours of its time that have ended.
 */
export async function watchStream(
  watched: WatchedJob,
  found: FoundInputs,
  control: WatchControl,
  alive: () => void,
): Promise<void> {
  const { groupOf } = found
  const read = { ...found.read, inputs: [STANDARD_INPUT] }
  const reading = () =>
    watched.open(async (means) => {
      let judging: Promise<void> | undefined
      const timer = setInterval(() => {
        alive()
        if (judging !== undefined || !watched.isDue) return
        judging = watched.bringUpToDate(read, means).finally(() => {
          judging = undefined
        })
        judging.catch(control.fail)
      }, ASK_EVERY)
      try {
        return await watched.readWith(means, read, groupOf)
      } finally {
        clearInterval(timer)
        await judging
      }
    })
  while ((await reading()) === undefined && !control.stopping) await control.rest(ASK_EVERY)
  await watched.end(read)
}
