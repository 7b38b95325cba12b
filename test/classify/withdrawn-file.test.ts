import { expect, test } from 'vitest'
import { addWithdrawals, readWithdrawals } from '../../src/classify/withdrawn-file.ts'

const ENTRY = { indicator: 'chat exact a.example', reason: 'ours: "mail" # not chat', date: '2026-11-21' }

test('what is added is read again, whatever the reason holds', () => {
  const hostile = { ...ENTRY, indicator: 'chat suffix b.example', reason: "it's\n- indicator: x\t{}[]&*!|>%@`" }
  const text = addWithdrawals(addWithdrawals('', [ENTRY]), [hostile])
  expect(readWithdrawals(text)).toEqual({ withdrawals: [ENTRY, hostile], problems: [] })
})

test('comments and entries of people stay as they are', () => {
  const before = `# kept for the audit\n- indicator: chat exact z.example # see the minutes\n  reason: by hand\n  date: 2026-01-02\n`
  const text = addWithdrawals(before, [ENTRY])
  expect(text).toMatch(/^# kept for the audit\n- indicator: chat exact z\.example # see the minutes\n/)
  expect(readWithdrawals(text).withdrawals.map(({ indicator }) => indicator)).toEqual([
    'chat exact z.example',
    'chat exact a.example',
  ])
})

test.each(['', '# nothing yet\n', '[]\n'])('a file without entries (%j) has none, and takes one', (text) => {
  expect(readWithdrawals(text)).toEqual({ withdrawals: [], problems: [] })
  expect(readWithdrawals(addWithdrawals(text, [ENTRY])).withdrawals).toEqual([ENTRY])
})

test.each([
  ['a: 1\n', '1: is not a list of withdrawn indicators'],
  ['- indicator: whatsapp\n  reason: x\n  date: 2026-11-21\n', '1: [0].indicator: is no indicator: write app, type'],
  ['- indicator: a exact b.example\n  date: 2026-11-21\n', '1: [0].reason: is missing'],
  ["- indicator: a exact b.example\n  reason: ' '\n  date: 2026-11-21\n", '2: [0].reason: is empty: say why'],
  ['- indicator: a exact b.example\n  reason: x\n  date: 21.11.2026\n', '3: [0].date: is not a date'],
  [
    '- indicator: a exact b.example\n  reason: x\n  date: 2026-11-21\n  by: me\n',
    '4: [0].by: is not a key of this file',
  ],
  ['- {indicator: a exact b.example, reason: x, date: 2026-11-21}\n'.repeat(2), '2: [1].indicator: stands twice'],
  ['- &a [*a, *b\n', '2: '],
  ['- '.repeat(20_000), '1: '],
])('%j is refused with its line', (text, problem) => {
  const { withdrawals, problems } = readWithdrawals(text)
  expect(withdrawals).toEqual([])
  const [first] = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)
  expect(first?.slice(0, `withdrawn.yaml:${problem}`.length)).toBe(`withdrawn.yaml:${problem}`)
})
