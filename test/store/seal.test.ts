import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Seal } from '../../src/store/seal.ts'

const KEY = Buffer.alloc(32, 5)
const CONTENT = Buffer.from('GET / HTTP/1.1 '.repeat(20))

test('what is sealed opens at its place under its key, and nowhere else', () => {
  const seal = new Seal(KEY, 'test')
  const sealed = seal.seal('f-1 place', CONTENT)
  expect(seal.open('f-1 place', sealed)).toEqual(CONTENT)
  expect(new Seal(KEY, 'test').open('f-1 place', sealed)).toEqual(CONTENT)
  expect(seal.open('f-2 place', sealed)).toBeUndefined()
  expect(new Seal(KEY, 'other').open('f-1 place', sealed)).toBeUndefined()
  expect(new Seal(Buffer.alloc(32, 6), 'test').open('f-1 place', sealed)).toBeUndefined()
})

test('a byte that is changed, or missing, is noticed', () => {
  const seal = new Seal(KEY, 'test')
  const sealed = seal.seal('p', CONTENT)
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at]! ^= 1
    expect(seal.open('p', changed)).toBeUndefined()
    expect(seal.open('p', sealed.subarray(0, at))).toBeUndefined()
  }
})

test('what is sealed is not there to be read, and other content has another nonce', () => {
  const seal = new Seal(KEY, 'test')
  const [one, same, other] = [seal.seal('p', CONTENT), seal.seal('p', CONTENT), seal.seal('p', Buffer.from('x'))]
  expect(one).toEqual(same)
  expect(one.subarray(0, 12)).not.toEqual(other.subarray(0, 12))
  expect(seal.seal('q', CONTENT).subarray(0, 12)).not.toEqual(one.subarray(0, 12))
  expect(() => inflateRawSync(one.subarray(12))).toThrow()
})
