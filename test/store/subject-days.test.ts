import { expect, test } from 'vitest'
import { batch, client, content, DAY, mark, reading, sessionMark, sighting, temporaryStore } from './made.ts'

const alice = client('alice@example.org', 'user')
const phone = client('a1b2c3', 'device')

test('the subject is the user that was named, else the device, else the address', () => {
  const store = temporaryStore()
  const sightings = [
    sighting(0),
    sighting(1, { user: alice }),
    sighting(2, { client: phone }),
    sighting(3, { client: alice }),
  ]
  store.begin(reading()).complete(content('a'), batch({ sightings }))
  expect([...store.subjectDays('all')].map((day) => [day.subject, day.sightings.length])).toEqual([
    [`address-${client('10.0.0.5').tag}`, 1],
    [`device-${phone.tag}`, 1],
    [`user-${alice.tag}`, 2],
  ])
})

test('a label is the kind and the first forty bits of the pseudonym in letters that are not mistaken', () => {
  const store = temporaryStore()
  // 0 1 2 30 31 16 0 8 in groups of five bits, then what is left out.
  const tag = `${(0b00000_00001_00010_11110_11111_10000_00000_01000).toString(16).padStart(10, '0')}${'f'.repeat(22)}`
  const someone = { kind: 'address', tag, clear: undefined } as const
  store.begin(reading()).complete(content('a'), batch({ sightings: [sighting(0, { client: someone })] }))
  expect([...store.subjectDays('all')][0]!.label).toBe('address-012yzg08')
})

test('subject-days come in the order of day and subject, and their sightings in an order that no arrival changes', () => {
  const sightings = [-96, 0, 96].flatMap((start) =>
    ['10.0.0.5', '10.0.0.6', '10.0.0.7'].flatMap((address) =>
      [5, 6].flatMap((slot) =>
        [undefined, alice].map((user) => sighting(start + slot, { client: client(address), user, network: address })),
      ),
    ),
  )
  const more = sightings.map((each) => ({
    ...each,
    indicator: 'whatsapp exact e1.whatsapp.net',
    action: 'blocked' as const,
  }))
  const listings = [false, true].map((reversed) => {
    const store = temporaryStore()
    const inputs = ['a.pcap', 'b.pcap', 'c.pcap']
    for (const input of reversed ? inputs.toReversed() : inputs) {
      const all = [...sightings, ...more]
      const marks = ['10.0.0.5', '10.0.0.6'].flatMap((address) =>
        ['north', 'south'].map((gateway) =>
          mark(5, { client: client(address), gateway, firstAt: address.length + gateway.length }),
        ),
      )
      const facts = batch({
        sightings: reversed ? all.toReversed() : all,
        marks: reversed ? marks.toReversed() : marks,
      })
      store.begin(reading(input)).complete(content(input), facts)
    }
    return [...store.subjectDays('all')]
  })
  const [first, second] = listings.map((days) =>
    JSON.stringify(days, (key, value) => (key === 'id' ? undefined : value)),
  )
  expect(first).toBe(second)
  const days = listings[0]!
  expect(days.map(({ day, subject }) => `${day} ${subject}`)).toEqual(
    days.map(({ day, subject }) => `${day} ${subject}`).toSorted(),
  )
  expect(days).toHaveLength(12)
  const keys = days
    .at(-1)!
    .sightings.map(
      ({ quarter, indicator, action, reading, network }) =>
        `${quarter} ${indicator} ${action} ${reading.input} ${network}`,
    )
  expect(keys).toEqual(keys.toSorted())
  expect(keys).toHaveLength(2 * 3 * 2 * 3)
})

test('a subject-day has the tunnel marks of its addresses on that day and in the hour before and after', () => {
  const store = temporaryStore()
  const marks = [-5, -4, 0, 95, 99, 100].map((slot) => mark(slot))
  const elsewhere = mark(40, { client: client('10.0.0.6') })
  const notTheirs = mark(41, { client: client('10.0.0.7') })
  const sightings = [sighting(10, { user: alice }), sighting(11, { user: alice, client: client('10.0.0.6') })]
  store.begin(reading()).complete(content('a'), batch({ sightings, marks: [...marks, elsewhere, notTheirs] }))
  store.begin(reading('pending')).add(batch({ marks: [mark(50)] }))
  const [day] = [...store.subjectDays('all')]
  expect(day!.marks.map(({ quarter }) => quarter - DAY * 96)).toEqual([-4, 0, 40, 95, 99])
  expect(day!.marks[0]).toMatchObject({ gateway: 'north', mask: 1, count: 1, firstAt: 1, reading: { input: 'a.pcap' } })
})

test('a subject-day of which nothing is left is handed out once more, to be judged', () => {
  const store = temporaryStore()
  store.begin(reading()).complete(content('a'), batch({ sightings: [sighting(0)] }))
  store.judging('made', () => {
    for (const { day, subject } of store.subjectDays('all')) store.replaceFindings(day, subject, [])
  })
  expect([...store.subjectDays('dirty')]).toEqual([])
  store.begin(reading('a.pcap', { settings: 's2' })).complete(content('a'), batch())
  for (const which of ['dirty', 'all'] as const)
    expect([...store.subjectDays(which)]).toMatchObject([{ day: DAY, sightings: [], marks: [] }])
})

test('what is being read stays as it was while the same store is written to', () => {
  const store = temporaryStore()
  const sightings = [0, 96, 192].map((slot) => sighting(slot))
  store.begin(reading()).complete(content('a'), batch({ sightings }))
  const days = store.subjectDays('all')
  expect(days.next().value).toMatchObject({ day: DAY })
  store.begin(reading('b.pcap')).complete(content('b'), batch({ sightings: [sighting(97), sighting(500)] }))
  expect([...days].map(({ day, sightings }) => [day, sightings.length])).toEqual([
    [DAY + 1, 1],
    [DAY + 2, 1],
  ])
  expect([...store.subjectDays('all')]).toHaveLength(4)
})

test('a walk that is left early does not hold the store', () => {
  const store = temporaryStore()
  store.begin(reading()).complete(content('a'), batch({ sightings: [sighting(0), sighting(96)] }))
  for (const { day } of store.subjectDays('all')) {
    expect(day).toBe(DAY)
    break
  }
  expect([...store.subjectDays('all')]).toHaveLength(2)
})

test('what was seen at an address is in the day of everybody whom a log names with it within seven days, too', () => {
  const store = temporaryStore()
  const named = (minute: number, who: string) => sessionMark(minute, { user: client(who, 'user') })
  const week = 7 * 1440
  const sessions = [named(-week, 'alice'), named(week, 'bob'), named(-week - 1, 'carol'), named(8 * 1440, 'dave')]
  const elsewhere = sessionMark(0, { inner: client('10.0.0.6'), user: client('erin', 'user') })
  store.begin(reading()).complete(content('a'), batch({ sightings: [sighting(0), sighting(1, { user: alice })] }))
  store.begin(reading('dhcp.log')).complete(content('b'), batch({ sessions: [...sessions, elsewhere] }))
  store.begin(reading('pending.log')).add(batch({ sessions: [named(0, 'frank')] }))
  const days = [...store.subjectDays('all')].map(({ subject, sightings, sessions }) => ({
    subject,
    seen: sightings.map(({ user }) => user),
    told: sessions.length,
  }))
  const own = { subject: `address-${client('10.0.0.5').tag}`, seen: [''], told: 2 }
  const users = ['alice', 'bob', 'frank'].map((who) => ({
    subject: `user-${client(who, 'user').tag}`,
    seen: [''],
    told: 2,
  }))
  const other = { subject: `user-${alice.tag}`, seen: [`user-${alice.tag}`], told: 2 }
  expect(days).toEqual([own, ...[...users, other].sort((a, b) => (a.subject < b.subject ? -1 : 1))])
})
