import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import zlib from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fingerprintFile } from '../../src/read/fingerprint.ts'
import { openInput } from '../../src/read/open.ts'
import { filler } from '../build/index.ts'

const capture = join(import.meta.dirname, '../../samples/captures/office.pcap')
const bytes = readFileSync(capture)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-open-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function open(input: string, standardInput: Readable = Readable.from([])) {
  return openInput(input, { standardInput, hashUnpacked: true })
}

describe('an input', () => {
  test.each([
    ['as it is', (content: Uint8Array) => content, false],
    ['in gzip', (content: Uint8Array) => zlib.gzipSync(content), true],
    ['in Zstandard', (content: Uint8Array) => zlib.zstdCompressSync(content), true],
  ])('%s is opened as what it holds, and has the fingerprint of what it holds', async (_, pack, isPacked) => {
    const file = join(folder, 'input')
    writeFileSync(file, pack(bytes))
    const { chunks, format, packed, fingerprint, source, close } = await open(file)
    expect(format?.name).toBe('pcap')
    expect(packed).toBe(isPacked)
    await chunks.drain()
    expect(chunks.position).toBe(bytes.length)
    expect(source.delivered).toBe(source.size)
    // Of a plain file the hash is made of the file itself, beside the reading.
    const sha256 = isPacked ? createHash('sha256').update(bytes).digest('hex') : undefined
    expect(fingerprint.finish()).toEqual({ ...fingerprintFile(capture, bytes.length), sha256 })
    close()
  })

  test('named - is standard input, and is hashed while it is read', async () => {
    const { chunks, format, fingerprint, source } = await open('-', Readable.from([bytes], { objectMode: false }))
    expect(format?.name).toBe('pcap')
    expect(source.size).toBeUndefined()
    await chunks.drain()
    const { sha256, length } = fingerprint.finish()
    expect(length).toBe(bytes.length)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  test('without a byte has no format', async () => {
    const file = join(folder, 'empty')
    writeFileSync(file, '')
    const { format, close } = await open(file)
    expect(format).toBeUndefined()
    close()
  })

  test('of no known format is closed again', async () => {
    const file = join(folder, 'unknown')
    writeFileSync(file, filler(5000, 1))
    await expect(open(file)).rejects.toMatchObject({ code: 'format_unknown' })
    const input = new Readable({ read() {} })
    input.push(filler(70_000, 1))
    await expect(open('-', input)).rejects.toMatchObject({ code: 'format_unknown' })
    expect(input.destroyed).toBe(true)
  })
})
