import { expect, test } from 'vitest'
import { CLOSED, QUIET, ringOf, type WatchedFile, WatchedFiles } from '../../src/jobs/watched-files.ts'

const SECOND = 1e6
const T = 1_800_000_000 * SECOND

const log = (path: string, size: number): WatchedFile => {
  return { path, stat: `${path} ${size}`, size, modified: T, isLive: () => true }
}
const capture = (path: string, size: number, modified: number): WatchedFile => {
  return { path, stat: `${path} ${size} ${modified}`, size, modified, isLive: () => false }
}
const names = (files: readonly WatchedFile[]) => files.map(({ path }) => path)
const done = ({ stat, size }: WatchedFile, looked: number, more: { whole?: boolean; took?: number } = {}) => {
  return { stat, size, whole: false, took: 0, looked, ...more }
}

test('a log is to be read whenever it has changed, and only then', () => {
  const files = new WatchedFiles()
  expect(names(files.look([log('a', 10), log('b', 10)], T))).toEqual(['a', 'b'])
  files.read('a', done(log('a', 10), T), T)
  files.read('b', done(log('b', 10), T), T)
  expect(files.look([log('a', 10), log('b', 10)], T + SECOND)).toEqual([])
  expect(names(files.look([log('a', 11), log('b', 10)], T + 2 * SECOND))).toEqual(['a'])
})

test('what waits is counted from the last look that was read, and is nothing once it is read', () => {
  const files = new WatchedFiles()
  files.look([log('a', 10)], T)
  expect(files.waiting(log('a', 12))).toEqual({ bytes: 12, since: T })
  files.read('a', done(log('a', 10), T), T + SECOND)
  expect(files.waiting(log('a', 10))).toBeUndefined()
  files.look([log('a', 10)], T + 9 * SECOND)
  expect(files.waiting(log('a', 25))).toEqual({ bytes: 15, since: T + 9 * SECOND })
  files.look([log('a', 25)], T + 10 * SECOND)
  expect(files.waiting(log('a', 30))).toEqual({ bytes: 20, since: T + 10 * SECOND })
  expect(files.waiting(log('a', 3))).toMatchObject({ bytes: 3 })
  expect(files.waiting(log('unknown', 3))).toBeUndefined()
})

test('a capture waits for a newer one of its ring, or until it has not changed for half a minute', () => {
  const files = new WatchedFiles()
  const first = capture('ring_00001_20261122100000.pcapng', 500, T)
  expect(files.look([first], T + SECOND)).toEqual([])
  const second = capture('ring_00002_20261122100005.pcapng', 100, T + SECOND)
  expect(files.look([first, second], T + SECOND)).toEqual([])
  expect(names(files.look([first, second], T + CLOSED))).toEqual([first.path])
  files.read(first.path, done(first, T + CLOSED), T + CLOSED)
  const grown = capture(second.path, 200, T + 20 * SECOND)
  expect(files.look([first, grown], T + 20 * SECOND)).toEqual([])
  expect(files.look([first, grown], T + 20 * SECOND + QUIET - 1)).toEqual([])
  expect(names(files.look([first, grown], T + 20 * SECOND + QUIET))).toEqual([second.path])
})

test('a newer file of another ring says nothing', () => {
  const files = new WatchedFiles()
  const east = capture('east1.pcap', 500, T)
  expect(files.look([east, capture('west2.pcap', 500, T + 9 * SECOND)], T + 10 * SECOND)).toEqual([])
})

test.each([
  ['dumpcap -b', 'in/ring_00001_20261122100000.pcapng', 'in/ring_00002_20261122101500.pcapng'],
  ['tcpdump -C', 'ring.pcap', 'ring.pcap1'],
  ['tcpdump -C -W', 'ring.pcap08', 'ring.pcap09'],
  ['tcpdump -G', 'trace-2026-11-22_10:00:00.pcap', 'trace-2026-11-22_10:15:00.pcap'],
])('files of a ring of %s are told by their names', (_, one, other) => {
  expect(ringOf(one)).toBe(ringOf(other))
  expect(ringOf(one)).not.toBe(ringOf(one.replace(/in|r|t/, 'x')))
})

test('what had to be read again as a whole waits a minute, or ten times as long as reading took', () => {
  const files = new WatchedFiles()
  files.look([log('a', 10)], T)
  files.read('a', done(log('a', 10), T, { whole: true, took: SECOND }), T)
  expect(files.look([log('a', 11)], T + 59 * SECOND)).toEqual([])
  expect(names(files.look([log('a', 12)], T + 60 * SECOND))).toEqual(['a'])
  files.read('a', done(log('a', 12), T, { whole: true, took: 30 * SECOND }), T + 60 * SECOND)
  expect(files.look([log('a', 13)], T + 359 * SECOND)).toEqual([])
  expect(names(files.look([log('a', 13)], T + 360 * SECOND))).toEqual(['a'])
})

test('what was renamed before it was read is forgotten, and what has its name since is read at once', () => {
  const files = new WatchedFiles()
  files.look([log('a', 10)], T)
  files.forget('a')
  expect(files.waiting(log('a', 10))).toBeUndefined()
  expect(names(files.look([log('a', 3)], T + SECOND))).toEqual(['a'])
})

test('what could not be read is tried again after a minute, and what is gone is forgotten', () => {
  const files = new WatchedFiles()
  files.look([log('a', 10)], T)
  files.read('a', { ...done(log('a', 10), T), stat: undefined }, T)
  expect(files.look([log('a', 10)], T + SECOND)).toEqual([])
  expect(names(files.look([log('a', 10)], T + 60 * SECOND))).toEqual(['a'])
  files.look([], T + 61 * SECOND)
  expect(files.waiting(log('a', 10))).toBeUndefined()
})
