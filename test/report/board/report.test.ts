import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { Store } from '../../../src/store/store.ts'
import { OPTIONS } from '../../store/made.ts'
import { numbersOf, report } from './run.ts'
import { type Scenario, scenario } from './scenario.ts'

const APRIL = ['--from', '2025-04-01', '--until', '2025-04-30']
const MAY = ['--from', '2025-05-01', '--until', '2025-05-31']
const BOTH = ['--from', '2025-04-01', '--until', '2025-05-31']

/** Takes a third of the days out of the findings. */
function forget(store: Store): void {
  const subjects = new Set([...store.subjectDays('all')].map(({ subject }) => subject))
  const days = new Set(store.findings().map(({ day }) => day))
  for (const day of days) if (day % 3 === 0) for (const subject of subjects) store.replaceFindings(day, subject, [])
}

/** Somebody finds out later: changes the store. */
function change({ store: file }: Scenario, how: (store: Store) => void): void {
  const store = Store.open(file, OPTIONS)
  store.judging('made', () => how(store))
  store.close()
}

test('the report of a made department is this page', async () => {
  const { status, html } = await report(scenario(), ...BOTH, '--against', 'previous')
  expect(status).toBe(0)
  await expect(html).toMatchFileSnapshot('report.html')
})

test('the same store, policy and period give the same bytes, whether a month was published before or not', async () => {
  const made = scenario(40)
  const [first, again] = [await report(made, ...MAY), await report(made, ...MAY)]
  expect(again.html).toBe(first.html)
  expect(again.pdf.equals(first.pdf)).toBe(true)
  const other = await report(scenario(40), ...MAY)
  expect(other.html).toBe(first.html)
  expect(other.pdf.equals(first.pdf)).toBe(true)
})

test('what was published of a month is told again, whatever was found since, alone and in a longer period', async () => {
  const made = scenario(40)
  const first = await report(made, ...APRIL)
  change(made, forget)
  const again = await report(made, ...APRIL)
  expect(again.html).toBe(first.html)
  expect(again.said).toContain('1 month was published before')
  const unpublished = scenario(40)
  change(unpublished, forget)
  expect((await report(unpublished, ...APRIL)).html).not.toBe(first.html)
  const longer = numbersOf((await report(made, ...BOTH)).html)
  const told = [...numbersOf(first.html)].filter(
    ([cell]) => cell.endsWith(' / April 2025') || cell.includes(' week / '),
  )
  expect(told.length).toBeGreaterThan(20)
  for (const [cell, number] of told) expect([cell, longer.get(cell)]).toEqual([cell, number])
})

test('how many belong to a directorate is told as it was when the month was published', async () => {
  const made = scenario(40)
  const first = await report(made, ...APRIL)
  expect(first.html).toContain('<th scope="row">Archives</th><td>0</td><td>24</td><td>0 in 100</td>')
  const register = join(dirname(made.policyFile), 'staff.csv')
  writeFileSync(register, `${readFileSync(register, 'utf8')}new@department.example,Archives\n`)
  expect((await report(made, ...APRIL)).html).toBe(first.html)
})

test('of a month of which no input tells no number is told, and none is remembered', async () => {
  const made = scenario(20)
  const { html, said } = await report(made, '--from', '2024-12-01', '--until', '2025-01-31')
  expect(html).toContain('No input tells of December 2024, so this report has no numbers there.')
  expect(html).toContain('<th scope="row">16 December 2024</th><td>no input</td><td>no input</td>')
  expect(html).not.toMatch(/<th scope="row">16 December 2024<\/th><td>(0|held back)/)
  expect(said).toContain('No input tells of December 2024: not published')
  const again = await report(made, '--from', '2024-12-01', '--until', '2025-01-31')
  expect(again.said).toContain('1 month was published before')
  const alone = await report(made, '--from', '2024-12-01', '--until', '2024-12-31')
  expect(alone.html).toContain('No input tells of December 2024, so nothing can be said of it.')
})

test('a draft says so, and is not remembered', async () => {
  const made = scenario(40)
  const draft = await report(made, ...APRIL, '--draft')
  expect(draft.html).toContain('Draft: not to be passed on.')
  const { said } = await report(made, ...APRIL)
  expect(said).not.toContain('published before')
})

test('nobody is in a report unless subjects are asked for, and then by pseudonym only, beside the same numbers', async () => {
  const made = scenario(40)
  const plain = await report(made, ...MAY)
  expect(plain.html).not.toMatch(/\b(user|device|address)-[0-9a-z]{6}/)
  const listed = await report(made, ...MAY, '--subjects')
  expect(listed.html).toMatch(/<th scope="row">user-[0-9a-hjkmnp-tv-z]{8}<\/th>/)
  expect(listed.html).toContain('Confidential: with subjects.')
  const numbers = [...numbersOf(listed.html)].filter(([cell]) => !cell.startsWith('Subjects'))
  expect(numbers).toEqual([...numbersOf(plain.html)])
})

test('a report is of whole months that are over, judged by its policy, and goes to a file', async () => {
  const made = scenario(10)
  const wrong = async (...args: string[]) => (await report(made, ...args)).said
  expect(await wrong('--from', '2025-04-02', '--until', '2025-04-30')).toContain('--from 2025-04-01 --until 2025-04-30')
  expect(await wrong('--from', '2190-01-01', '--until', '2190-01-31')).toContain('is not over')
  expect(await wrong('--from', '2023-01-01', '--until', '2024-12-31')).toContain('12 months at most')
  expect(await wrong(...MAY, '--least', '1')).toContain('a number from 3 to 999')
  expect(await wrong(...MAY, '--font', made.policyFile)).toContain('is no TrueType or OpenType font')
  writeFileSync(made.policyFile, `${readFileSync(made.policyFile, 'utf8')}\n# changed\n`)
  expect(await wrong(...MAY)).toContain('was judged by another policy')
})
