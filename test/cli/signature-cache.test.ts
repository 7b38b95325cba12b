import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { checkFiles } from '../../src/classify/load.ts'
import { SignatureCache } from '../../src/cli/signature-cache.ts'
import { temporaryFolder } from '../store/made.ts'

/** A folder of one app whose name ends in a number. */
function folderOf(number: number) {
  const content = Buffer.from(`id: chat-${number}
name: Chat
vendor: Example
category: messaging
status: active
maturity: experimental
revision: 1
date: 2026-11-21
indicators:
  - {type: suffix, value: chat-${number}.example, role: messaging, strength: supporting, sources: [made up]}
tests: {should-match: [chat-${number}.example], should-not-match: [nochat.example]}
`)
  return checkFiles({ files: [{ name: `chat-${number}.yaml`, content }], misnamed: [], hash: `${number}`.repeat(64) })
}

test('what was kept comes back, for the same content and the same program alone', () => {
  const base = temporaryFolder()
  const folder = folderOf(1)
  const cache = new SignatureCache({ XDG_CACHE_HOME: base }, 'one')
  expect(cache.get(folder.set.hash)).toBeUndefined()
  cache.keep(folder)
  expect(cache.get(folder.set.hash)).toEqual(JSON.parse(JSON.stringify({ set: folder.set, withdrawals: [] })))
  expect(cache.get('2'.repeat(64))).toBeUndefined()
  expect(new SignatureCache({ XDG_CACHE_HOME: base }, 'two').get(folder.set.hash)).toBeUndefined()
})

test('what is damaged, or is of another content than its name says, does not count', () => {
  const base = temporaryFolder()
  const cache = new SignatureCache({ XDG_CACHE_HOME: base }, 'one')
  const folder = folderOf(1)
  cache.keep(folder)
  const kept = path.join(base, 'offchannel', `signatures-${folder.set.hash}.json`)
  writeFileSync(path.join(base, 'offchannel', `signatures-${'2'.repeat(64)}.json`), readFileSync(kept))
  expect(cache.get('2'.repeat(64))).toBeUndefined()
  writeFileSync(kept, '{"program":"one","set":')
  expect(cache.get(folder.set.hash)).toBeUndefined()
})

test('four are kept, those used last', () => {
  const base = temporaryFolder()
  const cache = new SignatureCache({ XDG_CACHE_HOME: base }, 'one')
  for (let number = 1; number <= 6; number++) {
    cache.keep(folderOf(number))
    const files = readdirSync(path.join(base, 'offchannel'))
    for (const name of files.filter((name) => name.includes(`${number}`.repeat(64)))) {
      utimesSync(path.join(base, 'offchannel', name), number, number)
    }
  }
  const numbers = readdirSync(path.join(base, 'offchannel')).map((name) => name.at('signatures-'.length))
  expect(numbers.sort()).toEqual(['3', '4', '5', '6'])
})

test('where nothing can be written nothing is kept, and nothing thrown', () => {
  const base = path.join(temporaryFolder(), 'a-file')
  writeFileSync(base, '')
  const cache = new SignatureCache({ XDG_CACHE_HOME: base }, 'one')
  cache.keep(folderOf(1))
  expect(cache.get(folderOf(1).set.hash)).toBeUndefined()
})

test('a relative cache folder does not count', () => {
  const home = temporaryFolder()
  mkdirSync(path.join(home, 'cache'))
  const cache = new SignatureCache({ XDG_CACHE_HOME: 'cache', LOCALAPPDATA: home }, 'one')
  cache.keep(folderOf(1))
  expect(readdirSync(path.join(home, 'offchannel'))).toHaveLength(1)
})
