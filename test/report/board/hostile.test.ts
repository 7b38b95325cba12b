import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { parsePolicy } from '../../../src/judge/load.ts'
import type { FigureTable, MonthFigures } from '../../../src/model/board.ts'
import { boardDocument } from '../../../src/report/board/board.ts'
import type { BoardFacts } from '../../../src/report/board/facts.ts'
import { boardHtml } from '../../../src/report/board/html.ts'
import { boardPdf } from '../../../src/report/board/pdf.ts'
import { fc } from '../../property.ts'

const dejaVu = (file: string) => readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`))
const FONTS = { regular: dejaVu('DejaVuSans.ttf'), bold: dejaVu('DejaVuSans-Bold.ttf') }

const MONTH = 20_209 // 2025-05-01
const POLICY = parsePolicy(
  'organisation: Made\nin-force: 2025-01-01\ntimezone: UTC\nnetworks: []\nregisters:\n  - { name: staff, file: staff.csv, holds: users, fields: [user], group: unit }\nrules:\n  - { name: r, ruling: prohibited, categories: [messaging] }\n',
  'p.yaml',
)

function month(names: readonly string[]): MonthFigures {
  const table: FigureTable = names.map((key, n) => ({ key, value: n % 3 === 0 ? null : n }))
  return {
    month: MONTH,
    least: 5,
    people: 50,
    routes: null,
    activities: null,
    groups: table.map((row, n) => ({ ...row, size: n + 40 })),
    networks: table,
    apps: table,
    exemptions: table,
    findings: null,
    states: null,
    weeks: [],
    registers: names.slice(0, 3).map((name) => ({ name, entries: 9, seen: 9 })),
  }
}

function facts(names: readonly string[]): BoardFacts {
  return {
    policy: { ...POLICY, organisation: names[0] ?? 'Made' },
    signatures: { signatures: [], hash: '' },
    months: [month(names)],
    before: [],
    coverage: names.map((reason, n) => ({ reason, count: n, inputs: 1 })),
    inputs: 1,
    undatedInputs: 0,
    blindMonths: [],
    unjudged: 0,
    subjects: {
      list: names.map((name) => ({ pseudonym: 'user-1', apps: [name], days: 1, bypassDays: 0 })),
      more: true,
    },
    day: MONTH + 40,
    rotation: 'none',
    draft: false,
  }
}

const ELEMENTS =
  /^<\/?(html|head|meta|title|style|body|header|main|footer|nav|section|div|h[123]|p|ul|ol|li|a|figure|figcaption|svg|rect|line|path|circle|text|table|caption|thead|tbody|tr|th|td)[\s>/]|^<!DOCTYPE html>/

test('whatever a name holds, it is text in a report: no element of its own, nothing that cannot be seen', () => {
  const spiteful = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=y>',
      '</style><script>',
      '\u202egnp.exe\u202c',
      ']]>&#60;',
      '\ud800',
    ),
  )
  fc.assert(
    fc.property(fc.uniqueArray(spiteful, { minLength: 1, maxLength: 6 }), (names) => {
      const html = boardHtml(boardDocument(facts(names)))
      for (const [tag] of html.matchAll(/<[^>]*>?/g)) expect(tag).toMatch(ELEMENTS)
      expect(html).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      expect(html.isWellFormed()).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('a PDF is made of any names', async () => {
  const names = ['<script>', '\u0000\u0007', '\u202e', '日本語', '😀', 'a'.repeat(5000), 'x\ny', '(\\)', '\ud800']
  const pdf = await boardPdf(boardDocument(facts(names)), FONTS)
  expect(pdf.length).toBeGreaterThan(5000)
})

test('of a list without end a report shows the beginning, and says how many more there are', () => {
  const many = Array.from({ length: 57 }, (_, n) => `name ${n} ${'long '.repeat(40)}`)
  const html = boardHtml(boardDocument(facts(many)))
  expect(html).toContain('And 37 more apps, which this table has no room for.')
  expect(html).toContain('And 37 more networks')
  expect(html).toContain('And 32 more kinds.')
  expect(html.length).toBeLessThan(200_000)
})

test('a department of which nothing was seen gets a report, too', async () => {
  const none = { ...facts([]), subjects: undefined, coverage: [], inputs: 0 }
  const document = boardDocument({ ...none, months: [{ ...month([]), people: 0 }] })
  expect(boardHtml(document)).toContain('No input of these days is in the store, so nothing could be seen at all.')
  expect((await boardPdf(document, FONTS)).length).toBeGreaterThan(1000)
})
