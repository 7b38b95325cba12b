import { expect, test } from 'vitest'
import { KeyTable } from '../../../../src/read/log/fields/key-table.ts'
import { fc } from '../../../property.ts'

const key = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.'), maxLength: 5 })

test('every wanted key is found among other bytes, and nothing else is', () => {
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 60 }), key, (wanted, other) => {
      const table = new KeyTable(wanted.map((name, index) => [name, index] as const))
      for (const name of [...wanted, other]) {
        const window = Buffer.from(`a${name}b`)
        const index = wanted.indexOf(name)
        expect(table.find(window, 1, 1 + name.length)).toBe(index < 0 ? undefined : index)
      }
    }),
  )
})

test('more keys than there are places for are told apart', () => {
  const names = Array.from({ length: 2000 }, (_, i) => `key${i}`)
  const table = new KeyTable(names.map((name) => [name, name] as const))
  for (const name of names) expect(table.find(Buffer.from(name), 0, name.length)).toBe(name)
  expect(table.find(Buffer.from('key2000'), 0, 7)).toBeUndefined()
})
