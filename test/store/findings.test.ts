import { beforeEach, expect, test } from 'vitest'
import { OffchannelError } from '../../src/base/errors.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Store } from '../../src/store/store.ts'
import { dump } from './dump.ts'
import { batch, client, content, DAY, finding, reading, sighting, temporaryStore, verdict } from './made.ts'

const ADDRESS = `address-${client('10.0.0.5').tag}`
const OTHER = `address-${client('10.0.0.6').tag}`
let store: Store

beforeEach(() => {
  store = temporaryStore()
  const sightings = [0, 96].flatMap((slot) => [sighting(slot), sighting(slot, { client: client('10.0.0.6') })])
  store.begin(reading()).complete(content('a'), batch({ sightings }))
})

function judge(subject: string, findings: readonly Finding[], day = DAY): void {
  store.judging('p1', () => store.replaceFindings(day, subject, findings))
}

test('a finding comes out as it went in, with its revision', () => {
  const made = finding(ADDRESS, 'whatsapp', { verdicts: [verdict({ bypass: true }), verdict({ severity: 'low' })] })
  judge(ADDRESS, [made])
  expect(store.findings()).toEqual([{ ...made, revision: 1 }])
})

test('judging again to the same end keeps the revision, another end is the next one', () => {
  const [whatsapp, signal] = [finding(ADDRESS, 'whatsapp'), finding(ADDRESS, 'signal')]
  judge(ADDRESS, [whatsapp, signal])
  judge(ADDRESS, [
    { ...whatsapp, revision: 40 },
    { ...signal, verdicts: [verdict({ minutes: 2 })] },
  ])
  expect(
    store
      .findings()
      .map(({ app, revision }) => `${app} ${revision}`)
      .toSorted(),
  ).toEqual(['signal 2', 'whatsapp 1'])
  const before = dump(store.file)
  judge(ADDRESS, [whatsapp, { ...signal, verdicts: [verdict({ minutes: 2 })] }])
  expect(dump(store.file)).toEqual(before)
})

test('what judgement no longer says is gone, of that subject and day only', () => {
  judge(ADDRESS, [finding(ADDRESS, 'whatsapp'), finding(ADDRESS, 'signal')])
  judge(ADDRESS, [finding(ADDRESS, 'whatsapp', { day: DAY + 1 })], DAY + 1)
  judge(OTHER, [finding(OTHER, 'whatsapp')])
  judge(ADDRESS, [finding(ADDRESS, 'signal')])
  expect(
    store
      .findings()
      .map(({ day, app, client: shown }) => `${day - DAY} ${app} ${shown === OTHER.slice(0, 16)}`)
      .toSorted(),
  ).toEqual(['0 signal false', '0 whatsapp true', '1 whatsapp false'])
})

test('a subject-day that was judged is no longer to be judged', () => {
  expect([...store.subjectDays('dirty')]).toHaveLength(4)
  judge(ADDRESS, [])
  expect([...store.subjectDays('dirty')].map(({ day, subject }) => `${day - DAY} ${subject}`).toSorted()).toEqual(
    [`0 ${OTHER}`, `1 ${ADDRESS}`, `1 ${OTHER}`].toSorted(),
  )
})

test('a judgement that breaks off leaves the findings and the basis of the one before', () => {
  expect(store.judgedOn()).toBe('')
  judge(ADDRESS, [finding(ADDRESS, 'whatsapp')])
  const before = dump(store.file)
  const broken = () =>
    store.judging('p2', () => {
      store.replaceFindings(DAY, ADDRESS, [])
      throw new Error('judge broke')
    })
  expect(broken).toThrow('judge broke')
  expect(dump(store.file)).toEqual(before)
  expect(store.judgedOn()).toBe('p1')
})

test('findings are written within a judgement and of a known subject only', () => {
  expect(() => store.replaceFindings(DAY, ADDRESS, [])).toThrow('within judging')
  expect(() => judge(`address-${'0'.repeat(32)}`, [])).toThrow('no such subject')
  expect(() => judge("address-x' OR 1=1 --", [])).toThrow('no such subject')
})

test('findings come the worst first, then bypasses, then the latest, then by id', () => {
  const made = (subject: string, app: string, day: number, severity: 'high' | 'medium' | 'none', bypass: boolean) =>
    finding(subject, app, { day, verdicts: [verdict({ severity, bypass })] })
  const early = [
    made(ADDRESS, 'a', DAY, 'none', false),
    made(ADDRESS, 'b', DAY, 'high', false),
    made(ADDRESS, 'c', DAY, 'medium', true),
  ]
  const late = [made(ADDRESS, 'a', DAY + 1, 'high', true), made(ADDRESS, 'b', DAY + 1, 'high', false)]
  judge(ADDRESS, early)
  judge(ADDRESS, late, DAY + 1)
  judge(OTHER, [made(OTHER, 'b', DAY + 1, 'high', false)], DAY + 1)
  const twins = [finding(ADDRESS, 'b', { day: DAY + 1 }).id, finding(OTHER, 'b', { day: DAY + 1 }).id].toSorted()
  expect(store.findings().map(({ id }) => id)).toEqual([
    late[0]!.id,
    ...twins,
    early[1]!.id,
    early[2]!.id,
    early[0]!.id,
  ])
})

test('findings are asked for by severity, app, subject and day, in any combination', () => {
  judge(ADDRESS, [
    finding(ADDRESS, 'whatsapp'),
    finding(ADDRESS, 'signal', { verdicts: [verdict({ severity: 'low' })] }),
  ])
  judge(ADDRESS, [finding(ADDRESS, 'whatsapp', { day: DAY + 1 })], DAY + 1)
  judge(OTHER, [finding(OTHER, 'whatsapp')])
  const count = (query: Parameters<Store['findings']>[0]) => store.findings(query).length
  expect(count({ severities: ['high', 'medium'] })).toBe(3)
  expect(count({ severities: [] })).toBe(0)
  expect(count({ apps: ['signal', 'telegram'] })).toBe(1)
  expect(count({ subject: ADDRESS })).toBe(3)
  expect(count({ subject: ADDRESS.slice(0, 16) })).toBe(3)
  expect(count({ subject: `user-${client('10.0.0.5').tag}` })).toBe(0)
  expect(count({ subject: "' OR 1=1 --" })).toBe(0)
  expect(count({ from: DAY + 1 })).toBe(1)
  expect(count({ until: DAY })).toBe(3)
  expect(count({ from: DAY, until: DAY, apps: ['whatsapp'], subject: OTHER, severities: ['high'] })).toBe(1)
})

test('a finding is found by the beginning of its id where that is of one only', () => {
  const ids = ['f-1111111111111111', 'f-1112222222222222', 'f-2222222222222222']
  judge(
    ADDRESS,
    ids.map((id, n) => finding(ADDRESS, `app${n}`, { id })),
  )
  expect(store.finding('f-2')?.id).toBe(ids[2])
  expect(store.finding('f-1111')?.id).toBe(ids[0])
  expect(store.finding(ids[1]!)?.id).toBe(ids[1])
  for (const none of ['f-3', 'f-11111111111111110', '%', "f-1' OR '1'='1", 'g'])
    expect(store.finding(none)).toBeUndefined()
  expect(() => store.finding('f-111')).toThrow(OffchannelError)
  expect(() => store.finding('f-111')).toThrow(
    'f-111 is the beginning of several findings (f-1111111111111111, f-111222',
  )
})
