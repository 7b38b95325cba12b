import { expect, test } from 'vitest'
import { Oddities } from '../../src/base/oddities.ts'

test('oddities are counted by name and listed in the order of their names', () => {
  const oddities = new Oddities()
  expect(oddities.entries()).toEqual([])
  oddities.count('not_ip')
  oddities.count('cut', 3)
  oddities.count('not_ip')
  expect(oddities.entries()).toEqual([
    ['cut', 3],
    ['not_ip', 2],
  ])
  expect(oddities.get('not_ip')).toBe(2)
  expect(oddities.get('never_seen')).toBe(0)
})
