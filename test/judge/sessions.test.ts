import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { claimsOn } from '../../src/judge/leases.ts'
import { pairTunnels } from '../../src/judge/log-tunnels.ts'
import { Minutes } from '../../src/judge/minutes.ts'
import { type Session, TOLERANCE } from '../../src/judge/sessions.ts'
import type { StoredSessionMark } from '../../src/model/facts.ts'
import type { MarkEvent, MarkKind } from '../../src/model/mark.ts'
import { fc } from '../property.ts'
import { instant } from './cases.ts'

interface SessionCase {
  readonly title: string
  readonly tunnel?: boolean
  readonly told: readonly string[]
  readonly expect: readonly string[]
}

const DAY = 20_000
const read = parse(readFileSync(new URL('sessions.yaml', import.meta.url), 'utf8')) as {
  readonly tunnels: readonly SessionCase[]
  readonly leases: readonly SessionCase[]
}

const TIME = String.raw`(?:[+-]\d )?\d\d:\d\d(?::\d\d)?`
const TOLD = new RegExp(
  String.raw`^(${TIME}) (start|alive|end)(?: (?!from|in|since|until)(\S+))?(?: from (\S+))?(?: in (\S+))?` +
    `(?: since (${TIME}))?(?: until (${TIME}))?$`,
)

/** A record of the table. `=alice` is a user where others are devices. */
function mark(kind: MarkKind, text: string, position: number): StoredSessionMark {
  const parts = TOLD.exec(text)
  if (parts === null) throw new Error(`not a record: ${text}`)
  const [, at, event, who = '', outer = '', inner = '', since, until] = parts
  const isUser = kind === 'tunnel' || who.startsWith('=')
  return {
    reading: { id: 1, input: 'a.log', kind: 'log', format: 'made', source: 'file', settings: '' },
    kind,
    event: event as MarkEvent,
    time: instant(DAY, at!),
    since: since === undefined ? -1 : instant(DAY, since),
    until: until === undefined ? -1 : instant(DAY, until),
    outer: outer && `address-${outer}`,
    inner: kind === 'lease' ? 'address-desk' : inner && `address-${inner}`,
    user: isUser && who !== '' ? `user-${who.replace('=', '')}` : '',
    device: isUser ? '' : who && `device-${who}`,
    gateway: '',
    protocol: '',
    position,
  }
}

function name(identity: string): string {
  return identity.slice(identity.indexOf('-') + 1)
}

function clock(time: number): string {
  const seconds = Math.floor(time / 1e6) - DAY * 86_400
  const day = Math.floor(seconds / 86_400)
  const text = new Date(((seconds % 86_400) + 86_400) * 1000).toISOString().slice(11, 19)
  return day === 0 ? text : `${day > 0 ? '+' : ''}${day} ${text}`
}

function when({ from }: { from: number }, until: number, session: Session): string {
  return `${clock(from)} to ${clock(until)}${session.hasEnd && until === session.until ? '' : '?'}`
}

function tunnelText(session: Session): string {
  const { holder, outer, inners } = session
  const parts = [name(holder), outer && `from ${name(outer)}`, inners.length > 0 && `in ${inners.map(name).join(' ')}`]
  return `${parts.filter(Boolean).join(' ')}, ${when(session, session.until, session)}`
}

/** Each order of few, many of more. */
function inEveryOrder(marks: readonly StoredSessionMark[], check: (marks: readonly StoredSessionMark[]) => void): void {
  fc.assert(fc.property(fc.shuffledSubarray([...marks], { minLength: marks.length }), check), { numRuns: 40 })
}

describe('what logs tell of tunnels', () => {
  test.each(read.tunnels)('$title', ({ told, expect: expected }) => {
    const marks = told.map((text, i) => mark('tunnel', text, i + 1))
    inEveryOrder(marks, (shuffled) => {
      expect(pairTunnels(shuffled).map(tunnelText).sort()).toEqual(expected)
    })
  })
})

describe('who had an address', () => {
  test.each(read.leases)('$title', ({ told, expect: expected, tunnel }) => {
    const marks = told.map((text, i) => mark(tunnel ? 'tunnel' : 'lease', text, i + 1))
    inEveryOrder(marks, (shuffled) => {
      const claims = claimsOn('address-desk', shuffled, pairTunnels(shuffled))
      const texts = claims.map((claim) => `${name(claim.holder)}, ${when(claim, claim.until, claim.session)}`)
      expect(texts.sort()).toEqual(expected)
    })
  })
})

test('the first and the last record of a session are those that verdicts cite', () => {
  const marks = ['09:00 start alice from home', '09:30 alive alice from home', '10:00 end alice from home']
  const [session] = pairTunnels(marks.map((text, i) => mark('tunnel', text, i + 1)))
  expect([session!.first.position, session!.last.position]).toEqual([1, 3])
})

test('tolerances are those of the documentation', () => {
  const page = readFileSync(new URL('../../docs/verdicts.md', import.meta.url), 'utf8')
  expect(TOLERANCE).toEqual({ tunnel: 60 * 60e6, lease: 24 * 60 * 60e6 })
  expect(page).toContain('counts as up for an hour after its last')
  expect(page).toContain('holds for a day after its last sign')
})

test('a user with more open tunnels, and an address with more holders, than there can be cost no more than they do', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => ({
    ...mark('tunnel', '09:00 start alice from home', i),
    time: instant(DAY, '09:00') + i * 1000,
    outer: `address-${i}`,
  }))
  expect(pairTunnels(many)).toHaveLength(20_000)
  const leases = many.map((each, i) => ({
    ...mark('lease', `09:00 ${i % 2 === 0 ? 'alive' : 'start'} ${i % 2 === 0 ? '' : '='}who-${i}`, i),
    time: each.time,
  }))
  expect(claimsOn('address-desk', leases, [])).toHaveLength(20_000)
})

test('the minutes of intervals are those that they touch, asked for by any quarter-hour', () => {
  const interval = fc
    .tuple(fc.integer({ min: 0, max: 100 * 60 }), fc.integer({ min: 0, max: 40 * 60 }))
    .map(([from, length]) => ({ from: from * 1e6, until: (from + length) * 1e6 }))
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 6 }), (intervals) => {
      const minutes = new Minutes(intervals)
      for (let minute = 0; minute < 150; minute++) {
        const touched = intervals.some(({ from, until }) => from < (minute + 1) * 60e6 && until >= minute * 60e6)
        expect((minutes.mask(Math.floor(minute / 15)) & (1 << (minute % 15))) !== 0).toBe(touched)
      }
    }),
  )
})
