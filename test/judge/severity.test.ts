import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { policyFile } from '../../src/judge/schema.ts'
import { type SeverityFacts, severityOf, toSeverityRow } from '../../src/judge/severity.ts'
import { ACTIVITIES, GRADES, RULINGS } from '../../src/model/finding.ts'

test('the table in the documentation gives what the rules of the program give, in every case', () => {
  const page = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8')
  const block = [...page.matchAll(/```yaml\n(severity:.*?)```/gs)][0]![1]!
  const table = policyFile.shape.severity.parse(parse(block).severity)!.map(toSeverityRow)
  let cases = 0
  for (const ruling of RULINGS) {
    for (const activity of ACTIVITIES) {
      for (const grade of GRADES) {
        for (const [bypass, blocked] of [
          [false, false],
          [true, false],
          [false, true],
        ] as const) {
          if (bypass && activity === 'site-visit') continue
          const facts: SeverityFacts = { ruling, activity, grade, bypass, blocked }
          expect([facts, severityOf(facts, table).value]).toEqual([facts, severityOf(facts).value])
          cases++
        }
      }
    }
  }
  expect(cases).toBeGreaterThan(190)
})
