import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from '../base/errors.ts'
import { grouped, harmless, harmlessJson, plural } from '../base/text.ts'
import { formatMicros, type Micros } from '../base/time.ts'
import type { AuditHead, SignedHead } from '../model/audit.ts'
import { findingIn, type Notice } from '../model/notice.ts'
import type { Output } from '../model/output.ts'
import type { Delivery, Queue } from '../notify/deliver.ts'
import type { QueueState } from '../store/outbox-queue.ts'
import type { Store } from '../store/store.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { now } from './clock.ts'
import { makeHeadsKey, readHeadsKey } from './heads-key.ts'
import type { JobOutputs } from './job-config.ts'
import { noticesOf } from './notices.ts'
import { readSecret } from './secret.ts'
import type { Terminal } from './terminal.ts'
import { programVersion } from './version.ts'

/** How a delivery is made. */
export interface DeliverOptions {
  /** The longest that it may go on. */
  readonly limit: Micros
  /** Also try receivers that failed a short while ago, and send a digest whose time has not come. */
  readonly always: boolean
  /** Of those that are not tried nothing is said: it was. */
  readonly isSecond?: true
  /** One digest in each of such times, where the job file says nothing else; absent: each time. */
  readonly digest?: Micros
  /** Asked between attempts: true ends the delivery, and what is left goes the next time. */
  readonly stopped?: () => boolean
  /** What fails is no failure of the command: it is only noted. */
  readonly isAside?: true
}

/** A store that messages are sent from: nobody else sends meanwhile. */
export type Sending = StoreReader & Pick<Store, 'outbox'>

/** Microseconds before the next run tries a receiver that failed, doubled with every failure, and the longest. */
const FIRST_RETRY = 60_000_000
const LONGEST_RETRY = 3_600_000_000

/** Makes the receivers of a job those that what is judged from now on is kept for. A store of clear identities has none.
 * Throws `key_unusable` where heads of the audit log could not be signed. */
export function registerOutputs(store: Store, outputs: JobOutputs, terminal: Terminal): void {
  const { job, receivers } = outputs
  const mayTell = store.identities !== 'clear'
  if (mayTell && receivers.some(({ heads }) => heads)) {
    makeHeadsKey(outputs, terminal)
    readHeadsKey(outputs.headsKey)
  }
  store.outbox.register(job, mayTell ? receivers : [], now())
  if (mayTell || receivers.length === 0) return
  terminal.problem(
    `${harmless(store.file)}: keeps identities clear, and receivers get pseudonyms only: nothing is sent`,
  )
}

/**
 * Delivers what waits to all receivers of a job side by side; each has its own fate. What failed is a problem on the
 * terminal, and stays in the store for the next time.
 */
export async function deliverOutputs(
  store: Sending,
  outputs: JobOutputs,
  options: DeliverOptions,
  terminal: Terminal,
): Promise<void> {
  if (outputs.receivers.length === 0 || store.identities === 'clear') return
  const until = now() + options.limit
  store.outbox.reconsider(now())
  await Promise.all(outputs.receivers.map((output) => deliverOne(store, outputs, output, until, options, terminal)))
}

async function deliverOne(
  store: Sending,
  outputs: JobOutputs,
  output: Output,
  until: Micros,
  { always, isSecond, isAside, digest, stopped = () => false }: DeliverOptions,
  terminal: Terminal,
): Promise<void> {
  const { job, deadLetters } = outputs
  const problem = (line: string) => (isAside ? terminal.note(line) : terminal.problem(line))
  const state = store.outbox.state(job, output.name)
  if (state === undefined || store.outbox.waiting(state.id) === 0) return
  const every = output.kind === 'mail' ? (output.every ?? digest) : undefined
  if (!always && every !== undefined && isSameTime(state.lastDelivery, now(), every)) return
  const name = `output ${output.name}`
  if (!always && state.retryAt !== null && now() < state.retryAt) {
    if (isSecond) return
    const waiting = plural(store.outbox.waiting(state.id), 'message')
    return problem(`${name}: ${waiting} wait; it failed before and is tried again at ${formatMicros(state.retryAt)}`)
  }
  const delivery = await attempt(store, state, output, outputs, { until, stopped }, terminal)
  const { delivered, buried, remarks } = delivery
  for (const remark of remarks) problem(harmless(`${name}: ${remark}`))
  if (delivered > 0) terminal.note(`${name}: ${plural(delivered, 'message')} delivered`)
  if (buried > 0) problem(`${name}: ${plural(buried, 'message')} given up, see ${harmless(deadLetters)}`)
  const waiting = store.outbox.waiting(state.id)
  terminal.event('output', { output: output.name, delivered, buried, waiting, error: delivery.error })
  if (waiting === 0) return
  if (delivery.error === '') terminal.note(`${name}: ${plural(waiting, 'message')} left for the next time`)
  else problem(harmless(`${name}: ${delivery.error}; ${grouped(waiting)} waiting`))
}

/** Whether both lie in one of the times of this length that are counted from the epoch: in one hour, or one day, of UTC. */
function isSameTime(before: Micros | null, time: Micros, length: Micros): boolean {
  return before !== null && Math.floor(before / length) === Math.floor(time / length)
}

/** Enters in the store how it failed where it did. */
async function attempt(
  store: Sending,
  state: QueueState,
  output: Output,
  { deadLetters, headsKey }: JobOutputs,
  { until, stopped }: { readonly until: Micros; readonly stopped: () => boolean },
  terminal: Terminal,
): Promise<Delivery> {
  const [{ deliver }, { openReceiver }, { noticeLines }, { appendLines }, { noticeJson }, { signHead }] =
    await Promise.all([
      import('../notify/deliver.ts'),
      import('../notify/index.ts'),
      import('../report/notice-lines.ts'),
      import('../notify/append-lines.ts'),
      import('../notify/notice-json.ts'),
      import('../audit/heads.ts'),
    ])
  const version = programVersion()
  let { refusals, failures } = state
  let key: KeyObject | undefined
  const sign = (head: AuditHead): SignedHead => {
    key ??= readHeadsKey(headsKey)
    return signHead(head, key)
  }
  const queue = queueOf(store, state.id, sign, {
    delivered: () => {
      refusals = 0
      failures = 0
    },
    refused: () => {
      refusals++
      store.outbox.failed(state.id, { ...state, refusals, failures, error: 'refused' })
      return refusals
    },
    bury: (notices, why) => {
      const letters = notices.map((notice) => {
        const told = { ...noticeJson(notice), whole: findingIn(notice) }
        return `${harmlessJson({ output: output.name, given_up: formatMicros(now()), why, ...told })}\n`
      })
      appendLines(deadLetters, letters.join(''))
      refusals = 0
    },
  })
  let delivery: Delivery
  try {
    const receiver = openReceiver(output, {
      ...{ version, hostname: hostname(), now },
      read: (file) => readFileSync(file, 'utf8'),
      secret: () => readSecret(output, terminal.environment),
      forms: {
        ecs: (notice) => noticeLines.ecs(notice, version),
        ocsf: (notice) => noticeLines.ocsf(notice, version),
      },
    })
    try {
      // Whoever is to end has no time left.
      const clock = { now: () => (stopped() ? until : now()), pause: (seconds: number) => pause(seconds * 1000) }
      delivery = await deliver(queue, receiver, clock, until)
    } finally {
      receiver.close()
    }
  } catch (thrown) {
    // Its own settings, or the file of dead letters: the others go on.
    delivery = { delivered: 0, buried: 0, error: messageOf(thrown), remarks: [] }
  }
  if (delivery.error !== '') {
    failures++
    const retryAt = now() + Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1))
    store.outbox.failed(state.id, { refusals, failures, retryAt, error: delivery.error })
  }
  return delivery
}

/** The queue of one receiver in the store; `also` is done before the store forgets what it was about. */
function queueOf(
  store: Sending,
  id: number,
  sign: (head: AuditHead) => SignedHead,
  also: {
    delivered(): void
    refused(): number
    bury(notices: readonly Notice[], why: string): void
  },
): Queue {
  const numberOf = (notice: Notice | undefined) => Number(notice?.key.split('.').at(-1))
  return {
    waiting: () => store.outbox.waiting(id),
    next: (limit) => noticesOf(store, store.outbox.next(id, limit), sign),
    delivered: (notices) => {
      also.delivered()
      store.outbox.delivered(id, numberOf(notices.at(-1)), notices.length, now())
    },
    refused: also.refused,
    bury: (notices, why) => {
      also.bury(notices, why)
      store.outbox.buried(id, numberOf(notices.at(-1)), notices.length)
    },
  }
}
