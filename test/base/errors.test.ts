import { expect, test } from 'vitest'
import { OffchannelError, toldOf, traceOf } from '../../src/base/errors.ts'

/** What is thrown by doing it. */
function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (thrown) {
    return thrown
  }
  throw new Error('nothing was thrown')
}

test.each([
  ['a text that is no JSON', () => JSON.parse('{"user": wren.okafor}')],
  ['a time that is none', () => new Intl.DateTimeFormat('en', { timeZone: 'wren.okafor' })],
  ['an address that is no URL', () => new URL('wren.okafor')],
  ['a value of another kind', () => Buffer.alloc('wren.okafor' as unknown as number)],
  ['a method that is none', () => JSON.parse('{"wren.okafor":{}}')['wren.okafor'].f('10.83.217.45')],
  [
    'a message of several lines',
    () => {
      throw new TypeError('wren\n    at wren.okafor (10.83.217.45:1:1)')
    },
  ],
] as const)('of a mistake in the program no value is told: %s', (_, act) => {
  const thrown = thrownBy(act)
  const told = `${toldOf(thrown)}\n${traceOf(thrown)}`
  expect(told).not.toMatch(/okafor|10\.83/)
  expect(told).toMatch(/^(Type|Range|Syntax)Error( \([A-Z_]+\))?\n {4}at /)
  expect(traceOf(thrown)).toContain('errors.test.ts')
})

test('what is said to operators, and what the system says, is told', () => {
  expect(toldOf(new OffchannelError('usage', 'a.yaml:3: what to do'))).toBe('a.yaml:3: what to do')
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  expect(toldOf(full)).toBe('ENOSPC: no space left on device, write')
  expect([toldOf('text'), traceOf('text')]).toEqual(['text', ''])
})
