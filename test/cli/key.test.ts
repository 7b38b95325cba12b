import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { keyFileOf, loadKey } from '../../src/cli/key.ts'
import { temporaryFolder } from '../store/made.ts'

let store: string
let file: string
beforeEach(() => {
  store = join(temporaryFolder(), 'store.db')
  file = keyFileOf(store)
})

test('a new store gets a key of 32 bytes that only its owner may read, another one each time', () => {
  const key = loadKey(file, store)
  expect([key.length, readFileSync(file, 'utf8')]).toEqual([32, `${key.toString('hex')}\n`])
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(loadKey(file, store)).toEqual(key)
  expect(loadKey(`${file}2`, store)).not.toEqual(key)
})

test('the key of a store that is there is never made anew', () => {
  writeFileSync(store, '')
  expect(() => loadKey(file, store)).toThrow('is missing: put it back, or name it with --key')
  expect(statSync(file, { throwIfNoEntry: false })).toBe(undefined)
})

test.each([
  '',
  'ab',
  'ab'.repeat(31),
  'AB'.repeat(32),
  'zz'.repeat(32),
  `${'ab'.repeat(32)} and more`,
  'ab'.repeat(33),
])('what is no key is refused: %j', (text) => {
  writeFileSync(file, text, { mode: 0o600 })
  expect(() => loadKey(file, store)).toThrow('not a key: it must hold 64 hexadecimal digits and nothing else')
})

test('a key may end in a line break', () => {
  writeFileSync(file, `${'ab'.repeat(32)}\r\n`, { mode: 0o600 })
  expect(loadKey(file, store)).toEqual(Buffer.alloc(32, 0xab))
})

test.skipIf(process.platform === 'win32')('a key that others may read is refused', () => {
  loadKey(file, store)
  for (const mode of [0o604, 0o640, 0o620, 0o601]) {
    chmodSync(file, mode)
    expect(() => loadKey(file, store)).toThrow(`chmod 600 ${file}`)
  }
})

test('a place where no key can be is an error of the operator', () => {
  expect(() => loadKey(join(file, 'no/where.key'), store)).toThrow('cannot be written (ENOENT')
  expect(() => loadKey(temporaryFolder(), store)).toThrow(expect.objectContaining({ code: 'key_unusable' }))
})
