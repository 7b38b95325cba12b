import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { random } from '../build/index.ts'
import { temporaryFolder } from '../store/made.ts'
import { scenarios } from './kill-scenarios.ts'
import { kill, type Scenario, STORE } from './kills.ts'

/** `npm run kill` makes more, over larger inputs. */
const KILLS = 3

test.each(scenarios(1).filter(({ name }) => !name.includes('large')))(
  'killed at any moment and started again, it ends as if it had not been: $name',
  async (scenario) => {
    const { kills, differences } = await kill(scenario, KILLS, temporaryFolder(), random(3))
    expect(differences).toEqual([])
    expect(kills).toBe(KILLS)
  },
  60_000,
)

test('a store that did not end as it should is told', async () => {
  let times = 0
  const scenario: Scenario = {
    ...scenarios(1).find(({ name }) => name === 'another policy')!,
    steps: [
      ['sweep', 'in'],
      // What is undisturbed comes first.
      (folder) => {
        if (times++ === 0) return
        const database = new Sqlite(join(folder, STORE))
        database.exec('UPDATE sighting SET count = count + 1')
        database.close()
      },
    ],
  }
  const { differences } = await kill(scenario, 1, temporaryFolder(), random(3))
  expect(differences).toHaveLength(1)
  expect(differences[0]).toMatch(/^run 1: sightings: expected .*"count":\d+.*, found .*"count":\d+/)
}, 60_000)
