/**
 * Gives every parser damaged inputs: `node --experimental-strip-types test/robustness/fuzz.ts [CASES] [FIRST]`, each
 * case the same for the same number. Prints the first case that breaks and exits with 1.
 */
import { targets } from './targets.ts'

const [cases = 1_000_000, first = 0] = process.argv.slice(2).map(Number)

for (const { name, run } of targets) {
  const start = performance.now()
  for (let number = first; number < first + cases; number++) {
    try {
      const running = run(number)
      if (running !== undefined) await running
    } catch (thrown) {
      console.error(`${name}: case ${number}`)
      throw thrown
    }
  }
  const seconds = (performance.now() - start) / 1000
  console.log(`${name}: ${cases} cases in ${seconds.toFixed(1)} s`)
}
