import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { harmless } from '../../../src/base/text.ts'
import { fc } from '../../property.ts'
import { finding } from '../../store/made.ts'
import { full, HOSTILE, hostileFinding, written } from './made.ts'

test('another reader of CSV finds a row for each verdict, under the names of the columns', async () => {
  const text = await written('csv', [full(), finding('user-1', 'chirp')])
  expect(text.split('\r\n')).toHaveLength(5)
  const rows = parse(text, { columns: true }) as Record<string, string>[]
  expect(rows.map(({ app, route, bypass, revision }) => [app, route, bypass, revision])).toEqual([
    ['palaver', 'no-tunnel', 'true', '2'],
    ['palaver', 'unknown', 'false', '2'],
    ['chirp', 'unknown', 'false', '0'],
  ])
  expect(rows[0]).toMatchObject({
    day: '2026-11-21',
    client: 'address-k3f0ga2c',
    group: 'Press',
    state: 'open',
    severity: 'high',
    minutes: '1',
    first: '2026-11-21T00:00:00.000000Z',
    last: '2026-11-21T00:01:30.000123Z',
    sightings: '7',
    reason: 'Made for a test. Made for a test. Made for a test.',
    policy: 'p1',
  })
})

test('no cell begins as a formula does, or holds what ends a line or turns a terminal', async () => {
  await fc.assert(
    fc.asyncProperty(hostileFinding, async (made) => {
      const text = await written('csv', [made])
      const rows = parse(text, { columns: true }) as Record<string, string>[]
      expect(rows).toHaveLength(2)
      for (const cell of rows.flatMap((row) => Object.values(row))) {
        expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
        expect(cell).toBe(harmless(cell))
      }
      expect(rows[0]!.client!.replace(/^'/, '')).toBe(harmless(made.client).replace(/^'/, ''))
    }),
  )
})

test.each(HOSTILE)('%j is one cell of one line', async (client) => {
  const text = await written('csv', [full({ client })])
  expect(text.split(/[\r\n]+/)).toHaveLength(4)
})

test('a store without findings gives the heading alone', async () => {
  expect((await written('csv', [])).split('\r\n')).toEqual([expect.stringMatching(/^finding,revision,day,client,/), ''])
})
