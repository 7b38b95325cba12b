import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { keyFileOf } from '../../src/cli/key.ts'
import { checkedKeyOf, keyOf } from '../../src/cli/key-source.ts'
import { keyCheck } from '../../src/subjects/clients.ts'
import { temporaryFolder } from '../store/made.ts'

const [FILE, NAMED, VARIABLE, COMMAND] = ['aa', 'bb', 'cc', 'dd'].map((octet) => octet.repeat(32)) as [
  string,
  string,
  string,
  string,
]

let store: string
let named: string
beforeEach(() => {
  store = join(temporaryFolder(), 'store.db')
  named = `${store}.other-key`
  for (const [file, key] of [
    [keyFileOf(store), FILE],
    [named, NAMED],
  ] as const) {
    writeFileSync(file, key)
    chmodSync(file, 0o600)
  }
})

/** A program that runs this, without a shell. */
const node = (code: string) => [process.execPath, '-e', code]
const hex = async (key: Promise<Buffer>) => (await key).toString('hex')

test('a command comes before a file that is named, that before the environment, that before the file beside', async () => {
  const environment = { OFFCHANNEL_KEY: `${VARIABLE}\n` }
  const keyCommand = node(`console.log('${COMMAND}')`)
  expect(await hex(keyOf({ store, keyCommand }, environment))).toBe(COMMAND)
  expect(await hex(keyOf({ store, key: named }, environment))).toBe(NAMED)
  expect(await hex(keyOf({ store }, environment))).toBe(VARIABLE)
  expect(await hex(keyOf({ store }, { OFFCHANNEL_KEY: '' }))).toBe(FILE)
})

test('what a command is given is no shell’s to read, and it finds no input', async () => {
  const keyCommand = [
    ...node(`
      const { readFileSync } = require('node:fs')
      const plain = process.argv[1] === '$(echo x); y' && readFileSync(0).length === 0
      console.log((plain ? 'e' : 'f').repeat(64))`),
    '$(echo x); y',
  ]
  expect(await hex(keyOf({ store, keyCommand }, {}))).toBe('e'.repeat(64))
})

test('what gives no key is told in a line that holds nothing of what it gave, nor of its arguments', async () => {
  const refused = async (keyCommand: readonly string[]) => {
    const error = await keyOf({ store, keyCommand }, {}).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code: 'key_unusable' })
    const { message } = error as Error
    expect(message).not.toMatch(/s3cret|\n/)
    return message
  }
  expect(await refused(node("console.log('s3cret')"))).toContain('not a key: it must be 64 hexadecimal digits')
  expect(await refused(node("console.error('s3cret'); process.exit(3)"))).toContain('ended with status 3')
  expect(await refused(node("console.log('s3cret'.repeat(9999))"))).toContain('wrote more than a key')
  expect(await refused(['/nowhere/vault', '--token=s3cret'])).toContain('cannot be started (ENOENT)')
  await expect(keyOf({ store }, { OFFCHANNEL_KEY: 's3cret' })).rejects.toThrow(/^OFFCHANNEL_KEY: not a key/)
})

test('a key that is not the one of the store is refused by its source', async () => {
  expect(await hex(checkedKeyOf({ store }, keyCheck(Buffer.from(FILE, 'hex'))))).toBe(FILE)
  const other = keyCheck(Buffer.from(COMMAND, 'hex'))
  await expect(checkedKeyOf({ store, key: named }, other)).rejects.toThrow(`${named}: is not the key of ${store}`)
  const keyCommand = node(`console.log('${VARIABLE}')`)
  await expect(checkedKeyOf({ store, keyCommand }, other)).rejects.toThrow('is not the key of')
})
