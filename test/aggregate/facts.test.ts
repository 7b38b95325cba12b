import { beforeEach, describe, expect, test } from 'vitest'
import { Facts, type Party } from '../../src/aggregate/facts.ts'
import { MICROS_PER_MINUTE, MICROS_PER_SECOND, quarterOf } from '../../src/base/time.ts'
import type { SessionMark } from '../../src/model/batch.ts'
import { type Means, Observation } from '../../src/model/observation.ts'
import type { Client, Sighting } from '../../src/model/sighting.ts'
import type { Match } from '../../src/model/signature.ts'
import { made } from '../classify/made.ts'
import { fc } from '../property.ts'

/** A midnight, so that minutes can be told by their number. */
const DAY = Date.UTC(2026, 4, 12) * 1000
const QUARTER = quarterOf(DAY)

const signature = made('whatsapp', 'exact g.whatsapp.net', 'suffix whatsapp.net')
const match: Match = { signature, indicator: signature.indicators[0]! }
const other: Match = { signature, indicator: signature.indicators[1]! }
const alice: Client = { kind: 'address', tag: 'a'.repeat(32), clear: undefined }
const bob: Client = { kind: 'address', tag: 'b'.repeat(32), clear: undefined }
const party: Party = { client: alice, user: undefined, network: 'office' }

let facts: Facts
beforeEach(() => {
  facts = new Facts()
})

/** An observation from `start` to `end`, in minutes after midnight. */
function seen(start: number, end = start, fields: Partial<Observation> = {}): Observation {
  const observation = new Observation()
  observation.time = DAY + Math.round(start * MICROS_PER_MINUTE)
  observation.end = DAY + Math.round(end * MICROS_PER_MINUTE)
  return Object.assign(observation, fields)
}

/** Minutes after midnight in which sightings say that something happened. */
function minutes(sightings: readonly Sighting[]): number[] {
  return sightings.flatMap(({ quarter, mask }) =>
    Array.from({ length: 15 }, (_, i) => i)
      .filter((i) => (mask & (1 << i)) !== 0)
      .map((i) => (quarter - QUARTER) * 15 + i),
  )
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

describe('a sighting', () => {
  test('of a name that DNS told for a flow whose bytes tell its protocol is by the address, unlike one that they name', () => {
    facts.sighting(seen(1, 1, { means: 'payload', protocol: 'xmpp', name: '' }), match, party)
    facts.sighting(seen(16, 16, { means: 'payload', protocol: 'xmpp', name: 'g.whatsapp.net' }), match, party)
    const means = facts.take().sightings.map((sighting) => sighting.means)
    expect(means).toEqual(['address', 'payload'])
  })

  test('over the end of a period of pseudonyms is of both, all its minutes once, and the later ones without their place', () => {
    const next = { from: QUARTER, party: { ...party, client: bob } }
    facts.sighting(seen(-20, 17, { position: 12, bytesUp: 5 }), match, party, next)
    facts.sighting(seen(16, 16, { position: 14 }), match, { ...party, client: bob })
    facts.sighting(seen(-10 * 1440, 3, { position: 15 }), match, party, next)
    const { sightings } = facts.take(100)
    const of = (client: Client) => sightings.filter((one) => one.client === client)
    expect(minutes(of(alice).filter(({ quarter }) => quarter >= QUARTER - 2))).toEqual(range(-20, -1))
    expect(minutes(of(bob))).toEqual([...range(0, 14), ...range(15, 17)])
    expect(of(bob).map(({ firstAt, lastAt, count, bytesUp }) => [firstAt, lastAt, count, bytesUp])).toEqual([
      [0, 0, 0, -1],
      [0, 0, 1, -1],
    ])
    expect(of(alice).map(({ firstAt }) => firstAt)).toEqual([112, 112, 115])
  })

  test('is what one client did with one indicator in one quarter-hour', () => {
    facts.sighting(seen(7.5, 7.5, { position: 12, means: 'tls-sni', bytesUp: 10 }), match, party)
    expect(facts.size).toBe(1)
    expect(facts.take()).toEqual({
      sightings: [
        {
          ...party,
          app: 'whatsapp',
          indicator: 'whatsapp exact g.whatsapp.net',
          means: 'tls-sni',
          action: '',
          quarter: QUARTER,
          mask: 1 << 7,
          count: 1,
          bytesUp: 10,
          bytesDown: -1,
          first: DAY + 7.5 * MICROS_PER_MINUTE,
          last: DAY + 7.5 * MICROS_PER_MINUTE,
          firstAt: 12,
          lastAt: 12,
        },
      ],
      marks: [],
      sessions: [],
      answers: [],
      coverage: [],
    })
    expect(facts.size).toBe(0)
    expect(facts.take().sightings).toEqual([])
  })

  test('takes in what happens again: its minutes, its number, its bytes, the first and the last', () => {
    facts.sighting(seen(5, 5, { position: 3, bytesUp: 100 }), match, party)
    facts.sighting(seen(2, 2, { position: 4, bytesUp: 7, bytesDown: 1 }), match, party)
    facts.sighting(seen(14, 14, { position: 5 }), match, party)
    facts.sighting(seen(5, 5, { position: 6, bytesDown: 0 }), match, party)
    const [sighting, ...none] = facts.take().sightings
    expect(none).toEqual([])
    expect(minutes([sighting!])).toEqual([2, 5, 14])
    expect(sighting).toMatchObject({ count: 4, bytesUp: 107, bytesDown: 1 })
    expect(sighting).toMatchObject({ first: DAY + 2 * MICROS_PER_MINUTE, firstAt: 4 })
    expect(sighting).toMatchObject({ last: DAY + 14 * MICROS_PER_MINUTE, lastAt: 5 })
  })

  test.each<[string, (observation: Observation) => void, Match, Party]>([
    ['quarter-hour', (observation) => Object.assign(observation, { time: DAY - 1, end: DAY - 1 }), match, party],
    ['means', (observation) => Object.assign(observation, { means: 'tls-sni' satisfies Means }), match, party],
    ['action', (observation) => Object.assign(observation, { action: 'blocked' }), match, party],
    ['indicator', () => {}, other, party],
    ['client', () => {}, match, { ...party, client: bob }],
    ['user', () => {}, match, { ...party, user: { kind: 'user', tag: 'c'.repeat(32), clear: undefined } }],
    ['network', () => {}, match, { ...party, network: 'guests' }],
  ])('of another %s is another', (_, change, what, who) => {
    const observation = seen(1)
    facts.sighting(observation, match, party)
    change(observation)
    facts.sighting(observation, what, who)
    expect(facts.take().sightings).toHaveLength(2)
  })
})

describe('an observation that lasts', () => {
  test.each<[string, number, number, number[]]>([
    ['within a minute', 3.1, 3.9, [3]],
    ['within a quarter-hour', 3.9, 9.1, range(3, 9)],
    ['to the last microsecond of one', 0, 15 - 1e-7, range(0, 14)],
    ['over a quarter-hour', 14.5, 15.5, [14, 15]],
    ['over several', 7, 52, range(7, 52)],
    ['over midnight', -20, 20, range(-20, 20)],
    ['to the first instant of a quarter-hour', 10, 15, range(10, 15)],
  ])('%s is active in every minute that it touches', (_, start, end, expected) => {
    facts.sighting(seen(start, end, { bytesUp: 1000, bytesDown: 5 }), match, party)
    const { sightings } = facts.take()
    expect(minutes(sightings)).toEqual(expected)
    expect(sightings.map(({ count }) => count)).toEqual(sightings.map((_one, i) => (i === 0 ? 1 : 0)))
    expect(sightings.map(({ bytesUp }) => bytesUp)).toEqual(sightings.map((_one, i) => (i === 0 ? 1000 : -1)))
    for (const { first, last, quarter } of sightings) {
      expect(quarterOf(first)).toBe(quarter)
      expect(quarterOf(last)).toBe(quarter)
    }
    expect(sightings[0]!.first).toBe(seen(start).time)
    expect(sightings.at(-1)!.last).toBe(seen(end).time)
  })

  test('marks the minutes from its beginning to its end and no other, whenever that is', () => {
    const minute = fc.double({ min: -3000, max: 3000, noNaN: true })
    fc.assert(
      fc.property(minute, fc.double({ min: 0, max: 3000, noNaN: true }), (start, length) => {
        const facts = new Facts()
        const observation = seen(start, start + length)
        facts.sighting(observation, match, party)
        const first = Math.floor((observation.time - DAY) / MICROS_PER_MINUTE)
        const last = Math.floor((observation.end - DAY) / MICROS_PER_MINUTE)
        expect(minutes(facts.take().sightings)).toEqual(range(first, last))
      }),
      { numRuns: 200 },
    )
  })

  test('over seven days at most: a longer one counts at its beginning and its end, and is counted', () => {
    const week = 7 * 24 * 60
    facts.sighting(seen(0, week), match, party)
    expect(facts.take().sightings).toHaveLength(7 * 96 + 1)
    facts.sighting(seen(0, week + 1), match, party)
    const { sightings, coverage } = facts.take()
    expect(minutes(sightings)).toEqual([0, week + 1])
    expect(coverage).toEqual([{ reason: 'duration_too_long', count: 1 }])
  })

  test('less than no time counts where it begins', () => {
    facts.sighting(seen(20, 3), match, party)
    const { sightings } = facts.take()
    expect(minutes(sightings)).toEqual([20])
    expect(sightings[0]).toMatchObject({ first: seen(20).time, last: seen(20).time })
  })
})

test('facts are the same in whichever order observations come, positions aside', () => {
  const observation = fc.tuple(fc.nat(60), fc.nat(40), fc.constantFrom<Means>('dns-query', 'tls-sni'), fc.nat(9))
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 12 }), (list) => {
      const aggregate = (all: typeof list) => {
        const facts = new Facts()
        for (const [start, length, means, bytesUp] of all) {
          facts.sighting(seen(start, start + length, { means, bytesUp }), match, party)
        }
        const { sightings } = facts.take()
        return [...sightings].sort((a, b) => a.quarter - b.quarter || (a.means < b.means ? -1 : 1))
      }
      expect(aggregate(list.toReversed())).toEqual(aggregate(list))
    }),
    { numRuns: 200 },
  )
})

describe('an answer', () => {
  /** A DNS answer of these IPv4 addresses, by their last word. */
  function told(minute: number, timeToLive: number, ...addresses: readonly number[]): Observation {
    const observation = seen(minute, minute, { means: 'dns-answer', timeToLive, answerCount: addresses.length })
    for (const [i, address] of addresses.entries()) observation.answerAddresses.set([0, 0, 0xffff, address], 4 * i)
    return observation
  }

  test('is an address that a client was told for a name, until it is no longer good', () => {
    facts.answers(told(1, 60, 0xc6336407, 0xc6336408), match, alice)
    const answer = { client: alice, app: 'whatsapp', indicator: 'whatsapp exact g.whatsapp.net', start: seen(1).time }
    const until = seen(1).time + 60 * MICROS_PER_SECOND
    expect(facts.size).toBe(2)
    expect(facts.take().answers).toEqual([
      { ...answer, address: '198.51.100.7', until },
      { ...answer, address: '198.51.100.8', until },
    ])
  })

  test('told again in a quarter-hour is one from the first until the last expires', () => {
    facts.answers(told(2, 60, 1), match, alice)
    facts.answers(told(3, 300, 1), match, alice)
    facts.answers(told(1, 10, 1), match, alice)
    facts.answers(told(16, 10, 1), match, alice)
    facts.answers(told(1, 10, 1), match, bob)
    facts.answers(told(1, 10, 1), other, bob)
    const seconds = (time: number) => (time - DAY) / MICROS_PER_SECOND
    expect(facts.take().answers.map(({ start, until }) => [seconds(start), seconds(until)])).toEqual([
      [60, 480],
      [960, 970],
      [60, 70],
      [60, 70],
    ])
  })

  test('without a lifetime is good when it was told', () => {
    facts.answers(told(1, -1, 1), match, alice)
    expect(facts.take().answers).toMatchObject([{ start: seen(1).time, until: seen(1).time }])
  })
})

test('a mark holds the minutes in which packets went between a client and a gateway', () => {
  for (const [minute, frame] of [
    [3, 1],
    [3, 2],
    [14, 5],
    [15, 6],
  ] as const) {
    facts.mark(alice, 'vpn-1', DAY + minute * MICROS_PER_MINUTE, frame)
  }
  facts.mark(bob, 'vpn-1', DAY, 7)
  facts.mark(bob, 'vpn-2', DAY, 8)
  expect(facts.size).toBe(4)
  expect(facts.take().marks).toEqual([
    { client: alice, gateway: 'vpn-1', quarter: QUARTER, mask: (1 << 3) | (1 << 14), count: 3, firstAt: 1 },
    { client: alice, gateway: 'vpn-1', quarter: QUARTER + 1, mask: 1, count: 1, firstAt: 6 },
    { client: bob, gateway: 'vpn-1', quarter: QUARTER, mask: 1, count: 1, firstAt: 7 },
    { client: bob, gateway: 'vpn-2', quarter: QUARTER, mask: 1, count: 1, firstAt: 8 },
  ])
})

test('a session mark that is said again is one, on the first of its lines', () => {
  const said: SessionMark = {
    kind: 'lease',
    event: 'start',
    time: DAY,
    since: -1,
    until: DAY + MICROS_PER_MINUTE,
    outer: undefined,
    inner: alice,
    user: undefined,
    device: undefined,
    gateway: 'dhcp1',
    protocol: 'dhcp',
    position: 7,
  }
  for (const position of [7, 3, 9]) facts.session({ ...said, position })
  facts.session({ ...said, event: 'end', position: 8 })
  facts.session({ ...said, inner: bob, position: 8 })
  facts.session({ ...said, gateway: 'dhcp2', position: 8 })
  expect(facts.size).toBe(4)
  expect(facts.take().sessions.map(({ position }) => position)).toEqual([3, 8, 8, 8])
  expect(facts.size).toBe(0)
})

test('coverage adds up, and says nothing of what was not met', () => {
  facts.coverage('packets', 10)
  facts.coverage('not_ip', 0)
  facts.coverage('packets', 5)
  expect(facts.size).toBe(0)
  expect(facts.take().coverage).toEqual([{ reason: 'packets', count: 15 }])
})
