import { generateKeyPairSync } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../store/made.ts'
import { alone, CHAT, run, signatureFile } from './run.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const LATER = '2026-12-01T00:00:00.000Z'

let place = ''
const at = (name: string) => join(place, name)
const signer = () => ['--public-key', at('signer.pem')]
beforeEach(() => {
  place = temporaryFolder()
  writeFileSync(at('signer.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
  writeFileSync(at('signer.pem'), publicKey.export({ format: 'pem', type: 'spki' }))
  mkdirSync(at('own'))
  writeFileSync(at('own/chat.yaml'), CHAT)
  const entry = '- {indicator: chat suffix chat.example, reason: wrong, date: 2026-11-22}\n'
  writeFileSync(at('own/withdrawn.yaml'), entry)
})

async function exported(name = 'a.bundle', now?: string): Promise<string> {
  await run(['export', at(name), '--key', at('signer.key'), ...alone(at('own'))], 100, false, now)
  return at(name)
}

test('what is exported is verified and imported, and is the same set then', async () => {
  const bundle = await exported()
  const verified = JSON.parse((await run(['verify', bundle, '--json', ...signer()])).out)
  expect(verified).toMatchObject({ bundle, apps: 1, made: '2026-11-22T12:00:00.000Z' })
  const { out, err } = await run(['import', bundle, at('central'), '--fingerprint', verified.fingerprint])
  expect(out).toBe(
    `${bundle}: in order: 1 app, 2 indicators; made 2026-11-22T12:00:00.000Z, signed by ${verified.fingerprint}\n`,
  )
  expect(err).toBe(`${at('central')}: unpacked; use it with --signatures ${at('central')}\n`)
  expect(readdirSync(at('central'))).toEqual(['chat.yaml', 'imported.json', 'withdrawn.yaml'])
  expect(readFileSync(at('central/chat.yaml'), 'utf8')).toBe(CHAT)
  expect((await run(['diff', at('own'), at('central'), '--no-bundled-signatures'])).out).toBe(
    'No app or indicator differs.\n',
  )
  expect((await run(['lookup', 'a.chat.example', ...alone(at('central'))])).out).toContain('no signature names it')
  expect(readdirSync(place).sort()).toEqual(['a.bundle', 'central', 'own', 'signer.key', 'signer.pem'])
})

test('all folders go into one bundle, of each app the file that counts', async () => {
  mkdirSync(at('top'))
  writeFileSync(at('top/chat.yaml'), CHAT.replace('revision: 1', 'revision: 2'))
  const entry = '- {indicator: talk exact talk.example, reason: also wrong, date: 2026-11-22}\n'
  writeFileSync(at('top/withdrawn.yaml'), entry)
  const talk = ['type: exact, value: talk.example, role: messaging, strength: supporting']
  writeFileSync(at('own/talk.yaml'), signatureFile('talk', talk))
  await run(['export', at('a.bundle'), '--key', at('signer.key'), ...alone(at('own')), '--signatures', at('top')])
  await run(['import', at('a.bundle'), at('central'), ...signer()])
  expect(readFileSync(at('central/chat.yaml'), 'utf8')).toContain('revision: 2')
  expect(readFileSync(at('central/withdrawn.yaml'), 'utf8').match(/^- indicator: .*/gm)).toEqual([
    '- indicator: chat suffix chat.example',
    '- indicator: talk exact talk.example',
  ])
})

test('with those that come with offchannel a bundle is a whole set', async () => {
  await run(['export', at('a.bundle'), '--key', at('signer.key')])
  await run(['import', at('a.bundle'), at('central'), ...signer()])
  const hashOf = async (...options: readonly string[]) => /set \w+/.exec((await run(['list', ...options])).err)?.[0]
  expect(await hashOf(...alone(at('central')))).toBe(await hashOf())
})

describe('a bundle is refused, and nothing is unpacked', () => {
  const refused = async (bundle: string, message: string | RegExp, ...options: readonly string[]) => {
    const who = options.length > 0 ? options : signer()
    await expect(run(['verify', bundle, ...who])).rejects.toThrow(message)
    await expect(run(['import', bundle, at('central'), ...who])).rejects.toThrow(message)
    expect(readdirSync(place).filter((name) => name.startsWith('central'))).toEqual([])
  }

  test('where a byte of it was changed, also to what is no text', async () => {
    const bundle = await exported()
    const bytes = readFileSync(bundle)
    for (const [byte, message] of [
      [0x41, /a\.bundle: (does not carry the signature|is not written as|was signed with another key|is no bundle)/],
      [0xff, 'a.bundle: is not UTF-8 text'],
    ] as const) {
      for (const place of [0, 30, 200, bytes.length >> 1, bytes.length - 20]) {
        const changed = Buffer.from(bytes)
        changed[place] = byte
        writeFileSync(bundle, changed)
        await refused(bundle, message)
      }
    }
  })

  test('where its end is missing, where it is larger than any, and where it is no file', async () => {
    const bundle = await exported()
    truncateSync(bundle, 500)
    await refused(bundle, 'a.bundle: is no bundle of signatures, or was cut')
    truncateSync(bundle, (64 << 20) + 1)
    await refused(bundle, 'a.bundle: is larger than 67108864 bytes')
    await refused(at('own'), 'own: is no file')
    await refused('/dev/zero', '/dev/zero: is no file')
    await refused(at('nowhere'), 'nowhere: cannot be read (ENOENT')
  })

  test('where somebody else signed it, or nobody says who is to have', async () => {
    const bundle = await exported()
    await refused(bundle, /a\.bundle: was signed with another key/, '--fingerprint', '0'.repeat(64))
    await refused(bundle, 'is not 64 hexadecimal digits', '--fingerprint', '00ff')
    await expect(run(['verify', bundle])).rejects.toThrow('name who signed it with --public-key or --fingerprint')
    await expect(run(['import', bundle, at('central')])).rejects.toThrow('name who signed it')
  })

  test('where what is in it is no signature, rightly signed', async () => {
    const { packBundle } = await import('../../../src/classify/bundle.ts')
    const files = [{ name: 'chat.yaml', content: Buffer.from('id: chat\n') }]
    writeFileSync(at('bad.bundle'), packBundle(files, privateKey, LATER))
    await refused(at('bad.bundle'), /bad\.bundle: chat\.yaml:1: name: is missing/)
  })
})

describe('a folder', () => {
  test('of an earlier import is replaced whole, by a bundle that is not older', async () => {
    const first = await exported()
    writeFileSync(at('own/chat.yaml'), CHAT.replace('revision: 1', 'revision: 2'))
    writeFileSync(at('own/withdrawn.yaml'), '')
    const second = await exported('b.bundle', LATER)
    await run(['import', first, at('central'), ...signer()])
    await run(['import', second, at('central'), ...signer()])
    expect(readdirSync(at('central'))).toEqual(['chat.yaml', 'imported.json'])
    expect(readFileSync(at('central/chat.yaml'), 'utf8')).toContain('revision: 2')
    expect(readdirSync(place).filter((name) => name.startsWith('central'))).toEqual(['central'])
    await expect(run(['import', first, at('central'), ...signer()])).rejects.toThrow(
      /central: holds a later bundle, made 2026-12-01.*: remove the folder to go back/,
    )
    expect(readFileSync(at('central/chat.yaml'), 'utf8')).toContain('revision: 2')
  })

  test('that holds anything else is left as it is', async () => {
    const bundle = await exported()
    const refused = async (message: string) => {
      await expect(run(['import', bundle, at('central'), ...signer()])).rejects.toThrow(message)
    }
    mkdirSync(at('central'))
    writeFileSync(at('central/mine.yaml'), 'mine')
    await refused('central: is no folder of an earlier import: name a new one')
    expect(readdirSync(at('central'))).toEqual(['mine.yaml'])
    writeFileSync(at('central/imported.json'), '[')
    await refused('is no folder of an earlier import')
    writeFileSync(at('central/imported.json'), JSON.stringify({ made: '', hash: '' }))
    await refused('central: was changed since it was imported')
    writeFileSync(at('central/notes.txt'), '')
    await refused('central: holds notes.txt, which no import put there')
    expect(existsSync(at('central/mine.yaml'))).toBe(true)
    symlinkSync(at('own/chat.yaml'), at('link'))
    await expect(run(['import', bundle, at('link'), ...signer()])).rejects.toThrow('link: cannot be written (ENOTDIR')
  })

  test('that is empty is taken', async () => {
    mkdirSync(at('central'))
    await run(['import', await exported(), at('central'), ...signer()])
    expect(readdirSync(at('central'))).toContain('chat.yaml')
  })
})

test('a key that others may read signs nothing, and a bundle that is there is not overwritten', async () => {
  const bundle = await exported()
  await expect(exported()).rejects.toThrow('a.bundle: is there already and is not overwritten')
  chmodSync(at('signer.key'), 0o644)
  await expect(exported('b.bundle')).rejects.toThrow('signer.key: others may read this key')
  expect(existsSync(at('b.bundle'))).toBe(false)
  expect((await run(['verify', bundle, ...signer()])).exitStatus).toBe(0)
})
