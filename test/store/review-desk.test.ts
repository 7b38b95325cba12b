import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { OffchannelError } from '../../src/base/errors.ts'
import type { Finding } from '../../src/model/finding.ts'
import { AUTHOR_LIMIT, TEXT_LIMIT } from '../../src/store/recording.ts'
import { ReviewDesk, SUPPRESSION_LIMIT } from '../../src/store/review-desk.ts'
import { RunLock } from '../../src/store/run-lock.ts'
import { Store } from '../../src/store/store.ts'
import {
  batch,
  client,
  content,
  DAY,
  finding,
  NOW,
  OPTIONS,
  reading,
  sighting,
  temporaryFolder,
  temporaryStore,
  verdict,
} from './made.ts'

const SUBJECT = `address-${client('10.0.0.5').tag}`
const TODAY = DAY + 1
const [WHATSAPP, SIGNAL] = [
  finding(SUBJECT, 'whatsapp', { id: 'f-1111111111111111', verdicts: [verdict({ severity: 'medium' })] }),
  finding(SUBJECT, 'signal', { id: 'f-2222222222222222', verdicts: [verdict({ severity: 'low' })] }),
] as const
const WORSE = { ...WHATSAPP, verdicts: [verdict({ severity: 'high', bypass: true })] }
const entry = (text = 'made', author = 'alice', at = NOW) => ({ at, author, text })
let store: Store
let desk: ReviewDesk

beforeEach(() => {
  store = temporaryStore()
  store.begin(reading()).complete(content('a'), batch({ sightings: [sighting(0)] }))
  judge(WHATSAPP, SIGNAL)
  desk = ReviewDesk.open(store.file)
  onTestFinished(() => desk.close())
})

function judge(...findings: readonly Finding[]): void {
  store.judging('p1', () => store.replaceFindings(DAY, SUBJECT, findings))
}

const states = (today = TODAY) =>
  store
    .findings()
    .map((one) => `${one.app} ${store.standing(one, today).value}`)
    .toSorted()

/** The message that it is refused with, as wrong usage. */
function refusal(attempt: () => unknown): string {
  try {
    attempt()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(OffchannelError)
    expect((thrown as OffchannelError).code).toBe('usage')
    return (thrown as OffchannelError).message
  }
  throw new Error('was not refused')
}

test('what is done to a finding is kept with who, when, why, and what the finding was', () => {
  desk.review(['f-1', 'f-1111'], 'acknowledge', entry(''))
  desk.review(['f-1'], 'note', entry(' a note\n', ' bob '))
  judge(WORSE)
  const [done] = desk.review(['f-1'], 'close', entry('dealt with', 'carol', NOW + 7))
  expect(done!.standing).toMatchObject({ value: 'closed', rule: 'closed' })
  const common = {
    finding: WHATSAPP.id,
    holder: '',
    at: NOW,
    revision: 1,
    gravity: { severity: 'medium', bypass: false },
  }
  expect(store.reviews(WHATSAPP.id)).toEqual([
    { ...common, seq: 1, author: 'alice', action: 'acknowledge', text: '' },
    { ...common, seq: 2, author: 'bob', action: 'note', text: 'a note' },
    {
      ...common,
      seq: 3,
      at: NOW + 7,
      author: 'carol',
      action: 'close',
      text: 'dealt with',
      revision: 2,
      gravity: { severity: 'high', bypass: true },
    },
  ])
  expect(store.reviews(SIGNAL.id)).toEqual([])
})

test('several findings are recorded together, or none', () => {
  expect(refusal(() => desk.review(['f-1', 'f-3'], 'close', entry()))).toContain('f-3: no such finding')
  desk.review(['f-2'], 'close', entry())
  expect(refusal(() => desk.review(['f-1', 'f-2'], 'close', entry()))).toContain(`${SIGNAL.id} is closed already`)
  expect(states()).toEqual(['signal closed', 'whatsapp open'])
})

test('what would say nothing, or undo without saying so, is refused', () => {
  expect(refusal(() => desk.review(['f-1'], 'reopen', entry()))).toContain('there is nothing to reopen')
  desk.review(['f-1'], 'close', entry())
  expect(refusal(() => desk.review(['f-1'], 'acknowledge', entry()))).toContain('is closed: reopen it first')
  desk.review(['f-1'], 'reopen', entry())
  expect(refusal(() => desk.review(['f-1'], 'reopen', entry()))).toContain('there is nothing to reopen')
  desk.review(['f-1'], 'close', entry())
  judge(WORSE)
  // Open again by itself: it can be closed as what it is now.
  desk.review(['f-1'], 'close', entry())
  expect(states()).toEqual(['whatsapp closed'])
})

test('who and why are asked for, and have an end', () => {
  for (const text of ['', ' \n\t'])
    expect(refusal(() => desk.review(['f-1'], 'close', entry(text)))).toContain('say why')
  expect(refusal(() => desk.review(['f-1'], 'close', entry('made', ' ')))).toContain('the author has no name')
  const enormous = 'x'.repeat(10_000_000)
  expect(refusal(() => desk.review(['f-1'], 'note', entry(enormous)))).toBe(
    'the text has 10,000,000 characters, and may have 4000: shorten it, or refer to a document',
  )
  expect(refusal(() => desk.review(['f-1'], 'note', entry('x', enormous)))).toContain('the name of the author has')
  expect(refusal(() => desk.suppress({ app: 'whatsapp', client: undefined }, TODAY, entry(enormous)))).toContain('4000')
  expect(store.reviews(WHATSAPP.id)).toEqual([])
  desk.review(['f-1'], 'note', entry('x'.repeat(TEXT_LIMIT), 'y'.repeat(AUTHOR_LIMIT)))
  expect(store.reviews(WHATSAPP.id)[0]!.text).toHaveLength(TEXT_LIMIT)
})

test('hostile text comes back as it went in, but for what is no text', () => {
  const hostile = `'); DROP TABLE review; --\u0000\u001b[2J\u202e\u2028\nend \ud800`
  desk.review(['f-1'], 'note', entry(hostile, hostile))
  const { text, author } = store.reviews(WHATSAPP.id)[0]!
  expect([text, author]).toEqual([hostile.toWellFormed(), hostile.toWellFormed()])
})

test('the database itself refuses to change or delete what was recorded', () => {
  desk.review(['f-1'], 'close', entry())
  desk.suppress({ findings: ['f-2'] }, TODAY, entry())
  const database = new Sqlite(store.file)
  onTestFinished(() => void database.close())
  for (const table of ['review', 'suppression']) {
    expect(() => database.exec(`UPDATE ${table} SET author = 'eve'`)).toThrow('are only added to')
    expect(() => database.exec(`DELETE FROM ${table}`)).toThrow('are only added to')
  }
  expect(states()).toEqual(['signal suppressed', 'whatsapp closed'])
})

test('a suppression covers what is found later, nothing worse, and nothing after its last day', () => {
  const [made] = desk.suppress({ app: 'whatsapp', client: WHATSAPP.client }, TODAY + 3, entry())
  expect(made).toMatchObject({ seq: 1, app: 'whatsapp', client: WHATSAPP.client, finding: '', until: TODAY + 3 })
  const later = { ...WHATSAPP, id: 'f-3333333333333333', day: DAY + 1 }
  store.judging('p1', () => store.replaceFindings(DAY + 1, SUBJECT, [later]))
  expect(states()).toEqual(['signal open', 'whatsapp suppressed', 'whatsapp suppressed'])
  expect(states(TODAY + 3)).toEqual(states())
  expect(states(TODAY + 4)).toEqual(['signal open', 'whatsapp open', 'whatsapp open'])
  expect([store.hasUnsettled('medium', TODAY), store.hasUnsettled('low', TODAY)]).toEqual([false, true])
  expect(store.hasUnsettled('medium', TODAY + 4)).toBe(true)
  judge(WORSE)
  expect([store.standing(WORSE, TODAY).rule, store.hasUnsettled('high', TODAY)]).toEqual([
    'graver-than-suppressed',
    true,
  ])
})

test('a suppression is lifted once, and then covers nothing', () => {
  desk.suppress({ findings: ['f-1', 'f-2', 'f-2'] }, TODAY, entry('waits'))
  expect(states()).toEqual(['signal suppressed', 'whatsapp suppressed'])
  expect(desk.lift(2, entry('over', 'bob')).lifted).toEqual({ at: NOW, author: 'bob', reason: 'over' })
  expect(states()).toEqual(['signal open', 'whatsapp suppressed'])
  expect(refusal(() => desk.lift(2, entry()))).toContain('suppression 2 is lifted already')
  // The row that lifts is none.
  expect(refusal(() => desk.lift(3, entry()))).toContain('suppression 3 is not there')
  expect(refusal(() => desk.lift(1, entry('late', 'bob', NOW + 86_400e6)))).toContain('suppression 1 has ended')
  expect(store.suppressions(TODAY).map(({ seq, lifted }) => [seq, lifted !== undefined])).toEqual([
    [1, false],
    [2, true],
  ])
  expect(store.suppressions(TODAY + 1)).toEqual([])
})

test('a suppression of nothing, or without an end, is refused', () => {
  const scope = { app: 'whatsapp', client: undefined }
  for (const until of [TODAY - 1, TODAY + SUPPRESSION_LIMIT + 1])
    expect(refusal(() => desk.suppress(scope, until, entry()))).toContain('give a day from 2026-11-22 to 2027-11-23')
  for (const none of [
    { app: 'whatsap', client: undefined },
    { app: 'whatsapp', client: 'address-zzzzzzzz' },
  ])
    expect(refusal(() => desk.suppress(none, TODAY, entry()))).toContain('take app and client from')
  judge({ ...WHATSAPP, verdicts: [verdict({ severity: 'none' })] })
  expect(refusal(() => desk.suppress(scope, TODAY, entry()))).toContain('an exemption in the policy')
  expect(store.suppressions(0)).toEqual([])
})

test('a finding that is gone keeps its reviews, is told as gone, and has them when it is back', () => {
  desk.review(['f-1'], 'close', entry())
  judge(SIGNAL)
  expect(store.goneReviewed()).toEqual([WHATSAPP.id])
  expect(store.reviews(WHATSAPP.id)).toHaveLength(1)
  expect(refusal(() => desk.review(['f-1'], 'note', entry()))).toContain('no such finding')
  judge(SIGNAL, WHATSAPP)
  expect(store.goneReviewed()).toEqual([])
  expect(states()).toEqual(['signal open', 'whatsapp closed'])
})

test('reviewing needs neither the lock of a run nor the key', () => {
  expect(() => Store.open(store.file, OPTIONS)).toThrow('another process is writing to it')
  desk.review(['f-1'], 'close', entry())
  judge(WHATSAPP, { ...SIGNAL, verdicts: [verdict({ severity: 'low', minutes: 2 })] })
  desk.review(['f-2'], 'close', entry())
  expect(states()).toEqual(['signal closed', 'whatsapp closed'])
})

test('while somebody writes it waits, then records nothing and says who does', () => {
  const other = new Sqlite(store.file)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  const began = Date.now()
  expect(() => desk.review(['f-1'], 'close', entry())).toThrow(
    'a sweep or judge is writing to it: nothing was recorded, try again in a moment',
  )
  expect(Date.now() - began).toBeGreaterThan(4000)
  other.exec('ROLLBACK')
  desk.review(['f-1'], 'close', entry())
  expect(desk.reviews(WHATSAPP.id)).toHaveLength(1)
})

test('whether a run holds the store is told without disturbing it', () => {
  expect(RunLock.isHeld(store.file)).toBe(true)
  expect(() => Store.open(store.file, OPTIONS)).toThrow('another process is writing to it')
  store.close()
  expect(RunLock.isHeld(store.file)).toBe(false)
  expect(RunLock.isHeld(join(temporaryFolder(), 'none.db'))).toBe(false)
  Store.open(store.file, OPTIONS).close()
})

test('there is nothing to review where there is no store', () => {
  expect(() => ReviewDesk.open(join(temporaryFolder(), 'none.db'))).toThrow('there is no store')
})
