import { expect, test } from 'vitest'
import { OffchannelError } from '../../src/base/errors.ts'
import { guarded } from '../../src/store/failure.ts'

function thrownBy(error: unknown): unknown {
  try {
    guarded('data/\u001b[2Jstore.db', () => {
      throw error
    })
  } catch (thrown) {
    return thrown
  }
  return undefined
}

test.each([
  ['SQLITE_BUSY', 'another process is writing to it'],
  ['SQLITE_BUSY_SNAPSHOT', 'another process is writing to it'],
  ['SQLITE_FULL', 'the disk is full: make room'],
  ['SQLITE_READONLY_DBMOVED', 'cannot be written'],
  ['SQLITE_IOERR_WRITE', 'the disk failed'],
  ['SQLITE_CORRUPT_VTAB', 'damaged'],
  ['EROFS', 'the file system is read-only'],
])('%s is said in one harmless line that tells what to do', (code, words) => {
  const cause = Object.assign(new Error('first line\nsecond\u0007 line'), { code })
  const thrown = thrownBy(cause) as OffchannelError
  expect(thrown).toBeInstanceOf(OffchannelError)
  expect([thrown.code, thrown.cause]).toEqual(['store_unusable', cause])
  expect(thrown.message.startsWith(`data/\\u{1b}[2Jstore.db: ${words}`)).toBe(true)
  expect(thrown.message.endsWith('(first line second\\u{7} line)')).toBe(true)
})

test('what is a bug stays what it was', () => {
  for (const bug of [new TypeError('x'), Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT' }), 'text'])
    expect(thrownBy(bug)).toBe(bug)
})
