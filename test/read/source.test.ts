import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ByteStream } from '../../src/base/chunks.ts'
import { openFile, openStream } from '../../src/read/source.ts'
import { filler } from '../build/index.ts'

const bytes = filler(1000, 1)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-source-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function readAll(stream: ByteStream, length = 64): Promise<number[]> {
  const into = new Uint8Array(100)
  const all: number[] = []
  for (;;) {
    const count = await stream.read(into, 9, length)
    if (count === 0) return all
    all.push(...into.subarray(9, 9 + count))
  }
}

describe('a file', () => {
  test('is read to the end that it had when it was opened', async () => {
    const file = join(folder, 'growing')
    writeFileSync(file, bytes)
    const source = openFile(file)
    appendFileSync(file, 'more')
    expect(source.size).toBe(1000)
    expect(await readAll(source)).toEqual([...bytes])
    expect(source.delivered).toBe(1000)
    source.close()
    source.close()
  })

  test('that was made shorter since ends where it ends', async () => {
    const file = join(folder, 'shrinking')
    writeFileSync(file, bytes)
    const source = openFile(file)
    truncateSync(file, 500)
    expect(await readAll(source)).toEqual([...bytes.subarray(0, 500)])
    source.close()
  })

  test('that is not there is an error of the operator, with its name', () => {
    const file = join(folder, 'missing')
    expect(() => openFile(file)).toThrow(expect.objectContaining({ code: 'input_unreadable' }))
    expect(() => openFile(file)).toThrow(`'${file}'`)
  })
})

describe('a stream', () => {
  test('is read in any pieces, and counts what it delivered', async () => {
    for (const step of [1, 50, 64, 65, 1000]) {
      const pieces: Buffer[] = []
      for (let at = 0; at < bytes.length; at += step) pieces.push(Buffer.from(bytes.subarray(at, at + step)))
      const source = openStream(Readable.from(pieces, { objectMode: false }))
      expect(await readAll(source)).toEqual([...bytes])
      expect(source.delivered).toBe(1000)
      expect(source.size).toBeUndefined()
    }
  })

  test('that fails gives first what came before the failure', async () => {
    async function* pieces() {
      yield Buffer.from(bytes.subarray(0, 300))
      throw new Error('pipe broken')
    }
    const source = openStream(Readable.from(pieces(), { objectMode: false }))
    const into = new Uint8Array(1000)
    let length = 0
    const reading = async () => {
      for (;;) {
        const count = await source.read(into, length, 100)
        if (count === 0) return
        length += count
      }
    }
    await expect(reading()).rejects.toThrow('pipe broken')
    expect(length).toBe(300)
  })

  test('that is closed while it is waited for ends', async () => {
    const silent = new Readable({ read() {} })
    const source = openStream(silent)
    const answer = source.read(new Uint8Array(10), 0, 10)
    source.close()
    expect(await answer).toBe(0)
  })
})
