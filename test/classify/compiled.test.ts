import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadCompiled } from '../../src/classify/compiled.ts'
import { loadSignatures } from '../../src/classify/load.ts'
import { temporaryFolder } from '../store/made.ts'

const CHAT = `id: chat
name: Chat
vendor: Example
category: messaging
status: active
maturity: experimental
revision: 1
date: 2026-11-21
indicators:
  - {type: suffix, value: chat.example, role: messaging, strength: supporting, sources: [made up]}
tests: {should-match: [chat.example], should-not-match: [notchat.example]}
`

test('a compiled set counts for exactly the files it was made from', () => {
  const folder = temporaryFolder()
  const compiled = join(temporaryFolder(), 'compiled.json')
  writeFileSync(join(folder, 'chat.yaml'), CHAT)
  const set = loadSignatures(folder)
  writeFileSync(compiled, JSON.stringify(set))
  expect(loadCompiled(folder, compiled)).toEqual(JSON.parse(JSON.stringify(set)))
  writeFileSync(join(folder, 'withdrawn.yaml'), '[]\n')
  expect(loadCompiled(folder, compiled)).toBeUndefined()
  expect(loadCompiled(folder, join(folder, 'chat.yaml'))).toBeUndefined()
  expect(loadCompiled(folder, join(folder, 'nowhere.json'))).toBeUndefined()
})
