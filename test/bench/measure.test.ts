import { describe, expect, test } from 'vitest'
import { verdict } from './goals.js'
import { isInstalled, measure } from './measure.js'

const BUSY = 'const end = performance.now() + 300; while (performance.now() < end);'
const IDLE = 'setTimeout(() => {}, 300)'

describe.skipIf(process.platform === 'win32')('a measured command', () => {
  test('tells its time, and processor time only of what it worked', async () => {
    const busy = await measure(process.execPath, ['-e', BUSY])
    const idle = await measure(process.execPath, ['-e', IDLE])
    expect(busy.seconds).toBeGreaterThan(0.3)
    expect(busy.cpu).toBeGreaterThan(0.1)
    expect(idle.seconds).toBeGreaterThan(0.3)
    expect(idle.cpu).toBeLessThan(busy.cpu)
  })

  test.skipIf(process.platform !== 'linux')('tells its peak memory', async () => {
    const { peak } = await measure(process.execPath, ['-e', `const all = Buffer.alloc(1e8, 1); ${BUSY}`])
    expect(peak).toBeGreaterThan(1e8)
  })

  test('that fails says why', async () => {
    const run = measure(process.execPath, ['-e', 'console.error("no such capture"); process.exit(3)'])
    await expect(run).rejects.toThrow(/status 3: no such capture/)
  })

  test('is looked for before it is run', () => {
    expect(isInstalled(process.execPath)).toBe(true)
    expect(isInstalled('no-such-command')).toBe(false)
  })
})

test.each([
  [70, 'at least', 'aim reached'],
  [50, 'at least', 'reached'],
  [30, 'at least', 'MISSED'],
  [Number.NaN, 'at least', 'MISSED'],
  [70, 'at most', 'MISSED'],
] as const)('%d %s against a bound of 40 and an aim of 60 is: %s', (value, sense, expected) => {
  expect(verdict(value, { must: 40, aim: 60 }, sense)).toBe(expected)
})
