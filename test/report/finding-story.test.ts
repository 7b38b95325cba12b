import { expect, test } from 'vitest'
import { GRADE_CAPS, GRADE_RULES, REST_OF_DAY } from '../../src/judge/grades.ts'
import { ROUTE_RULES } from '../../src/judge/routes.ts'
import { judgeSubjectDay } from '../../src/judge/subject-day.ts'
import { OPEN_GRADES, OPEN_ROUTES } from '../../src/report/finding-story.ts'
import { findingText } from '../../src/report/finding-text.ts'
import { INDEX } from '../judge/apps.ts'
import { loadCases } from '../judge/cases.ts'

const cases = loadCases()

/** The lines of the first finding of a case that begin with one of these words. */
function told(file: string, ...words: readonly string[]): string[] {
  const { facts, policy } = cases.find((one) => one.file === `${file}.yaml`)!
  const [finding] = judgeSubjectDay(facts, policy, INDEX).findings
  const lines = findingText(finding!, (_, text) => text).split('\n')
  return lines.map((line) => line.trim()).filter((line) => words.some((word) => line.startsWith(word)))
}

test('the rules whose story is told are rules that there are', () => {
  const names = (rules: readonly { rule: string }[]) => rules.map(({ rule }) => rule)
  expect(names(ROUTE_RULES)).toEqual(expect.arrayContaining(Object.keys(OPEN_ROUTES)))
  expect(names([...GRADE_RULES, ...GRADE_CAPS, REST_OF_DAY])).toEqual(expect.arrayContaining(Object.keys(OPEN_GRADES)))
})

test('of a prohibited app the exemptions that were looked at are told, and why they did not count', () => {
  expect(told('policy-exemption-of-others', 'exemption')).toEqual([
    'exemption press-desk: It counts only for the group "press".',
  ])
  expect(told('policy-exemption-ends-at-local-midnight', 'exemption')).toEqual([
    'exemption trial: It had ended: it counted until 2026-03-09 (Europe/Paris).',
    'exemption trial: It counted.',
  ])
})

test('what could not be known, and what would change the verdict, is told in words', () => {
  expect(told('no-declaration', 'not known', 'otherwise')).toEqual([
    expect.stringContaining('not known which way it took'),
    "otherwise with a line of the policy's inputs that says where this was taken; an exemption, or a more specific rule that permits it",
  ])
  expect(told('lookup-alone', 'otherwise')[0]).toContain('traffic to what only this app uses')
})

test('the evidence comes with the command that shows it', () => {
  expect(told('no-tunnel', '$')).toEqual(["$ tshark -r laptop-1.pcap -Y 'frame.number == 1 || frame.number == 2'"])
})

test('the story of every case fits on one screen of sixty lines for each verdict', () => {
  for (const { facts, policy } of cases) {
    for (const finding of judgeSubjectDay(facts, policy, INDEX).findings) {
      const lines = findingText(finding, (_, text) => text).split('\n')
      expect(lines.length / finding.verdicts.length).toBeLessThan(60)
    }
  }
})
