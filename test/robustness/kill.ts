/**
 * Kills the program at random moments and says what became of the store: `npm run kill -- [KILLS] [SEED] [SCENARIO]`,
 * scenarios by a part of their name. Exits with 1 where a store did not end like that of an undisturbed run.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { random } from '../build/index.ts'
import { scenarios } from './kill-scenarios.ts'
import { kill } from './kills.ts'

const [kills = '200', seed = '1', only = ''] = process.argv.slice(2)
const chosen = scenarios(20).filter(({ name }) => name.includes(only))
const row = (cells: readonly (string | number)[]) =>
  console.log(cells.map((cell, n) => (n === 0 ? String(cell).padEnd(32) : String(cell).padStart(11))).join(' '))
const total = { runs: 0, kills: 0, differences: 0 }

row(['scenario', 'runs', 'kills', 'differences'])
for (const [n, scenario] of chosen.entries()) {
  const share = Math.ceil((Number(kills) - total.kills) / (chosen.length - n))
  const workplace = mkdtempSync(join(tmpdir(), 'offchannel-kill-'))
  try {
    const { runs, kills: made, differences } = await kill(scenario, share, workplace, random(Number(seed) + n))
    row([scenario.name, runs, made, differences.length])
    for (const difference of differences) console.log(`  ${difference.slice(0, 1000)}`)
    total.runs += runs
    total.kills += made
    total.differences += differences.length
  } finally {
    rmSync(workplace, { recursive: true, force: true })
  }
}
row(['all', total.runs, total.kills, total.differences])
process.exitCode = total.differences > 0 ? 1 : 0
