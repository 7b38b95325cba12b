import { expect, test } from 'vitest'
import { targets } from './targets.ts'

const CASES = 10_000

for (const { name, run } of targets) {
  test(`${name}: ${CASES} damaged inputs break nothing`, async () => {
    let failed: unknown
    for (let number = 0; number < CASES && failed === undefined; number++) {
      try {
        const running = run(number)
        if (running !== undefined) await running
      } catch (thrown) {
        failed = new Error(`case ${number}`, { cause: thrown })
      }
    }
    expect(failed).toBeUndefined()
  })
}
