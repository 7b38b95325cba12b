import { readFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { MEANS } from '../../src/model/observation.ts'
import { ReviewDesk } from '../../src/store/review-desk.ts'
import { batch, client, content, DAY, finding, mark, NOW, reading, sighting, temporaryStore, verdict } from './made.ts'

const PAGE = readFileSync(new URL('../../docs/store.md', import.meta.url), 'utf8')

function madeStore(): Sqlite.Database {
  const store = temporaryStore()
  const seen = sighting(6, { mask: 0b101, means: 'quic-sni', action: 'blocked', count: 3 })
  const facts = batch({ sightings: [seen], marks: [mark(6)], coverage: [{ reason: 'snap_cut', count: 4 }] })
  store.begin(reading()).complete(content('a'), facts)
  const subject = `address-${client('10.0.0.5').tag}`
  const bypass = finding(subject, 'whatsapp', { verdicts: [verdict({ bypass: true })] })
  store.judging('p1', () => store.replaceFindings(DAY, subject, [bypass]))
  const desk = ReviewDesk.open(store.file)
  desk.review([bypass.id], 'close', { at: NOW, author: 'alice', text: 'Dealt with' })
  desk.close()
  store.close()
  return new Sqlite(store.file, { readonly: true })
}

test('every query of the page on the store finds what is in one', () => {
  const database = madeStore()
  const queries = [...PAGE.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => database.prepare(sql!).all())
  expect(queries).toEqual([
    [
      {
        day: '2026-11-21',
        quarter: '01:30',
        subject: `address-${client('10.0.0.5').tag}`,
        indicator: 'whatsapp exact g.whatsapp.net',
        means: 3,
        action: 2,
        count: 3,
        input: 'a.pcap',
        first_at: 1,
      },
    ],
    [{ first: '2026-11-21 01:30:00', count: 3 }],
    [
      expect.objectContaining({ day: DAY, minute_of_day: 90 }),
      expect.objectContaining({ day: DAY, minute_of_day: 92 }),
    ],
    [expect.objectContaining({ revision: 1, day: '2026-11-21', app: 'whatsapp', route: 'no-tunnel' })],
    [
      {
        at: '2026-11-22 10:00:00',
        author: 'alice',
        action: 'close',
        finding: expect.stringMatching(/^f-/),
        revision: 1,
        text: 'Dealt with',
        gone: 0,
      },
    ],
    [{ input: 'a.pcap', format: 'pcap', state: 'current', first: '2026-11-21', reason: 'snap_cut', count: 4 }],
  ])
  database.close()
})

test('the page on the store names every table with its columns, and every means with its number', () => {
  const database = madeStore()
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  for (const table of tables) {
    const columns = database.prepare(`SELECT name FROM pragma_table_xinfo('${table}')`).pluck().all()
    expect(PAGE).toContain(`\`${table}(${columns.join(', ')})\``)
  }
  expect(PAGE).toContain(MEANS.map((means, n) => `${n} \`${means}\``).join(', '))
  database.close()
})
