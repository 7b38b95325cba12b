import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Chunks } from '../../src/base/chunks.ts'
import { detectFormat, formats } from '../../src/read/detect.ts'
import { ascii, bytesStream, filler } from '../build/index.ts'

const samples = join(import.meta.dirname, '../../samples')
const captures = readdirSync(join(samples, 'captures')).map((file) => [file, join(samples, 'captures', file)] as const)

function detect(bytes: Uint8Array, name?: string, step = bytes.length) {
  return detectFormat(new Chunks(bytesStream(bytes, step)), name)
}

describe('a format', () => {
  test.each(captures)('of %s is told by its first bytes, however they come', async (file, path) => {
    const bytes = readFileSync(path)
    for (const step of [1, 5, bytes.length]) {
      expect((await detect(bytes, undefined, step))?.name).toBe(file.endsWith('.pcapng') ? 'pcapng' : 'pcap')
    }
  })

  test.each([
    ['proxy-access.log', 'squid-native'],
    ['resolver-dns.log', 'zeek-dns'],
  ])('of %s is %s, however it comes', async (file, name) => {
    const bytes = readFileSync(join(samples, 'logs/day', file))
    for (const step of [1, 100, bytes.length]) expect((await detect(bytes, undefined, step))?.name).toBe(name)
  })

  test('that the operator names is taken unseen', async () => {
    for (const { name } of formats) expect((await detect(filler(100, 1), name))?.name).toBe(name)
  })

  test('of an empty input is none, and of what no format claims an error that says what to do', async () => {
    expect(await detect(new Uint8Array(0))).toBeUndefined()
    await expect(detect(filler(100_000, 1))).rejects.toMatchObject({ code: 'format_unknown' })
    await expect(detect(ascii('hello\n'))).rejects.toThrow(
      'no known format (see `offchannel formats`); name one with --format',
    )
  })

  test('that does not exist is answered with those that do', async () => {
    const names = formats.map(({ name }) => name).join(', ')
    await expect(detect(ascii('x'), 'pcapn')).rejects.toMatchObject({
      code: 'usage',
      message: `--format pcapn: choose from ${names}`,
    })
  })

  test('is told without consuming a byte', async () => {
    const chunks = new Chunks(bytesStream(readFileSync(captures[0]![1]), 10))
    await detectFormat(chunks)
    expect(chunks.position).toBe(0)
  })

  test('has a name of its own, a title and where it is described', () => {
    expect(new Set(formats.map(({ name }) => name)).size).toBe(formats.length)
    for (const { name, title, documentation } of formats) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(title).not.toBe('')
      expect(documentation).toMatch(/^https:\/\//)
    }
  })
})
