import { expect, test } from 'vitest'
import type { Notice } from '../../src/model/notice.ts'
import { deliver, type Queue, WAITING_LIMIT } from '../../src/notify/deliver.ts'
import { type Receiver, Refused } from '../../src/notify/receiver.ts'
import { notice } from './made.ts'

const FOR_EVER = Number.MAX_SAFE_INTEGER

/** A queue of so many, and what happened to them, with pauses as the clock was told to make them. */
function made(count: number) {
  const notices = Array.from({ length: count }, (_, n) => notice(n))
  const log: string[] = []
  const number = ({ key }: Notice) => Number(key.split('.').at(-1))
  let refusals = 0
  let time = 0
  const queue: Queue = {
    waiting: () => notices.length,
    next: (limit) => notices.slice(0, limit),
    delivered: (some) => {
      refusals = 0
      notices.splice(0, some.length)
    },
    refused: () => ++refusals,
    bury: (some, why) => {
      refusals = 0
      log.push(`buried ${some.map(number).join(' ')}: ${why}`)
      notices.splice(0, some.length)
    },
  }
  const clock = {
    now: () => time,
    pause: async (seconds: number) => {
      log.push(`pause ${seconds}`)
      time += seconds * 1e6
    },
  }
  const receiver = (batch: number, answer: (some: readonly number[]) => string | Error | undefined): Receiver => ({
    batch,
    send: async (some) => {
      const numbers = some.map(number)
      log.push(`send ${numbers.join(' ')}`)
      time += 1e6
      const said = answer(numbers)
      if (said instanceof Error) throw said
      return said
    },
    close: () => {},
  })
  return { queue, clock, receiver, log, notices }
}

test('messages go in their order, in packs, until none waits', async () => {
  const { queue, clock, receiver, log } = made(5)
  const delivery = await deliver(
    queue,
    receiver(2, () => undefined),
    clock,
    FOR_EVER,
  )
  expect(delivery).toEqual({ delivered: 5, buried: 0, error: '', remarks: [] })
  expect(log).toEqual(['send 0 1', 'send 2 3', 'send 4'])
})

test('a receiver that is away is asked again with longer pauses, then left; nothing is lost', async () => {
  const { queue, clock, receiver, log, notices } = made(3)
  const delivery = await deliver(
    queue,
    receiver(1, () => new Error('connection refused')),
    clock,
    FOR_EVER,
  )
  expect(delivery).toEqual({ delivered: 0, buried: 0, error: 'connection refused', remarks: [] })
  expect(log).toEqual(['send 0', 'pause 1', 'send 0', 'pause 2', 'send 0', 'pause 4', 'send 0'])
  expect(notices).toHaveLength(3)
})

test('a receiver that comes back in time gets everything, and the message that failed once more', async () => {
  const { queue, clock, receiver, log } = made(3)
  let failures = 0
  const flaky = receiver(1, ([n]) => (n === 1 && failures++ < 2 ? new Error('reset') : undefined))
  expect(await deliver(queue, flaky, clock, FOR_EVER)).toMatchObject({ delivered: 3, error: '' })
  expect(log).toEqual(['send 0', 'send 1', 'pause 1', 'send 1', 'pause 2', 'send 1', 'send 2'])
})

test('a message that is refused five times is buried, and the next ones go on', async () => {
  const { queue, clock, receiver, log } = made(3)
  const picky = receiver(1, ([n]) => (n === 1 ? new Refused('answered 422') : undefined))
  // The patience of one run ends before the fifth.
  expect(await deliver(queue, picky, clock, FOR_EVER)).toMatchObject({ delivered: 1, buried: 0, error: 'answered 422' })
  expect(await deliver(queue, picky, clock, FOR_EVER)).toEqual({ delivered: 1, buried: 1, error: '', remarks: [] })
  expect(log.filter((line) => line === 'send 1')).toHaveLength(5)
  expect(log).toContain('buried 1: refused 5 times: answered 422')
})

test('a receiver that fails in between does not make a message count as refused', async () => {
  const { queue, clock, receiver, log } = made(1)
  const away = receiver(1, () => new Error('answered 503'))
  for (let run = 0; run < 10; run++) await deliver(queue, away, clock, FOR_EVER)
  expect(log.filter((line) => line.startsWith('buried'))).toEqual([])
})

test('the oldest of more than ten thousand are buried where the receiver fails, and only there', async () => {
  const full = made(WAITING_LIMIT + 700)
  await deliver(
    full.queue,
    full.receiver(1, () => new Error('away')),
    full.clock,
    FOR_EVER,
  )
  expect(full.notices).toHaveLength(WAITING_LIMIT)
  expect(full.notices[0]!.key).toMatch(/\.700$/)
  expect(full.log.filter((line) => line.startsWith('buried'))).toHaveLength(2)

  const taken = made(WAITING_LIMIT + 700)
  const delivery = await deliver(
    taken.queue,
    taken.receiver(100, () => undefined),
    taken.clock,
    FOR_EVER,
  )
  expect(delivery).toMatchObject({ delivered: WAITING_LIMIT + 700, buried: 0 })
})

test('when the time is up the rest waits, and that is no failure', async () => {
  const { queue, clock, receiver, notices } = made(10)
  const delivery = await deliver(
    queue,
    receiver(1, () => undefined),
    clock,
    4e6,
  )
  expect(delivery).toEqual({ delivered: 4, buried: 0, error: '', remarks: [] })
  expect(notices).toHaveLength(6)
})

test('what cannot be buried goes on waiting', async () => {
  const { queue, clock, receiver, notices } = made(1)
  const broken = {
    ...queue,
    refused: () => 5,
    bury: () => {
      throw new Error('disk full')
    },
  }
  await expect(
    deliver(
      broken,
      receiver(1, () => new Refused('no')),
      clock,
      FOR_EVER,
    ),
  ).rejects.toThrow('disk full')
  expect(notices).toHaveLength(1)
})

test('a store that fails is not taken for a receiver that does', async () => {
  const { queue, clock, receiver, log } = made(1)
  const broken = {
    ...queue,
    delivered: () => {
      throw new Error('disk full')
    },
  }
  await expect(
    deliver(
      broken,
      receiver(1, () => undefined),
      clock,
      FOR_EVER,
    ),
  ).rejects.toThrow('disk full')
  expect(log).toEqual(['send 0'])
})
