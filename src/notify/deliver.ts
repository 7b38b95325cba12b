import { messageOf } from '../base/errors.ts'
import { MICROS_PER_SECOND, type Micros } from '../base/time.ts'
import type { Notice } from '../model/notice.ts'
import { type Receiver, Refused } from './receiver.ts'

/** Times that a receiver may refuse a message before it is given up. */
export const REFUSALS_LIMIT = 5

/** Messages that wait for one receiver; the oldest of more are given up after an attempt that failed. */
export const WAITING_LIMIT = 10_000

/** Seconds before the second attempt, doubled before each further one, and for how long one run goes on with it. */
const FIRST_PAUSE = 1
const PATIENCE = 15 * MICROS_PER_SECOND

/** What waits for one receiver. */
export interface Queue {
  waiting(): number
  /** The oldest. */
  next(limit: number): readonly Notice[]
  delivered(notices: readonly Notice[]): void
  /** Counts that the receiver refused the oldest; gives how often it has. */
  refused(): number
  /** Keeps these in the file of dead letters instead; throws where that cannot be written, and they go on waiting. */
  bury(notices: readonly Notice[], why: string): void
}

export interface Clock {
  now(): Micros
  pause(seconds: number): Promise<void>
}

/** What became of what waited. */
export interface Delivery {
  readonly delivered: number
  readonly buried: number
  /** Why there is more that waits; '' where nothing failed. */
  readonly error: string
  /** What else went wrong, in words. */
  readonly remarks: readonly string[]
}

/**
 * Delivers what waits in its order, until nothing does, the time is up, or the receiver has failed for a quarter of a
 * minute. A message is sent again until the receiver has it: at least once, and twice where the process is killed
 * between. A receiver that is away or broken loses nothing; a message that it refuses is given up after
 * `REFUSALS_LIMIT` times, and the oldest where more than `WAITING_LIMIT` wait.
 */
export async function deliver(queue: Queue, receiver: Receiver, clock: Clock, until: Micros): Promise<Delivery> {
  let [delivered, buried, seconds, error] = [0, 0, FIRST_PAUSE, '']
  const remarks: string[] = []
  let since = clock.now()
  for (;;) {
    const notices = queue.next(receiver.batch)
    if (notices.length === 0) return { delivered, buried, error: '', remarks }
    if (clock.now() >= until) break
    const answer = await attempt(receiver, notices)
    if (!(answer instanceof Error)) {
      if (answer !== undefined) remarks.push(answer)
      queue.delivered(notices)
      delivered += notices.length
      ;[seconds, since, error] = [FIRST_PAUSE, clock.now(), '']
      continue
    }
    error = messageOf(answer)
    if (answer instanceof Refused && queue.refused() >= REFUSALS_LIMIT) {
      queue.bury(notices, `refused ${REFUSALS_LIMIT} times: ${error}`)
      buried += notices.length
      ;[seconds, since, error] = [FIRST_PAUSE, clock.now(), '']
      continue
    }
    if (clock.now() + seconds * MICROS_PER_SECOND > Math.min(since + PATIENCE, until)) break
    await clock.pause(seconds)
    seconds *= 2
  }
  if (error !== '') {
    for (let over = queue.waiting() - WAITING_LIMIT; over > 0; over = queue.waiting() - WAITING_LIMIT) {
      const oldest = queue.next(Math.min(over, 500))
      queue.bury(oldest, `more than ${WAITING_LIMIT} waited: ${error}`)
      buried += oldest.length
    }
  }
  return { delivered, buried, error, remarks }
}

/** What the receiver said, or what went wrong. What goes wrong in the queue is not the receiver's. */
async function attempt(receiver: Receiver, notices: readonly Notice[]): Promise<string | undefined | Error> {
  try {
    return await receiver.send(notices)
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(messageOf(thrown))
  }
}
