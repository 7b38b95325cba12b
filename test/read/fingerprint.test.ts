import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FingerprintedStream, fingerprintFile } from '../../src/read/fingerprint.ts'
import { bytesStream, filler } from '../build/index.ts'

const BLOCK = 256 * 1024
const bytes = filler(3 * BLOCK + 5000, 1)
const LENGTHS = [0, 1, 4096, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 4096, BLOCK + 4097, 2 * BLOCK, 3 * BLOCK + 5000]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-fingerprint-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function ofStream(content: Uint8Array, step: number, whole = false) {
  const stream = new FingerprintedStream(bytesStream(content, step), whole)
  const into = new Uint8Array(10_000)
  while ((await stream.read(into, 17, 9000)) > 0);
  return stream.finish()
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

describe('a fingerprint', () => {
  test.each(LENGTHS)('of %i bytes is the same of a file and of a stream in any pieces', async (length) => {
    const content = bytes.subarray(0, length)
    const file = join(folder, 'content')
    writeFileSync(file, content)
    const expected = fingerprintFile(file, length)
    expect(expected.length).toBe(length)
    for (const step of [1000, 8999, length + 1]) {
      expect(await ofStream(content, step)).toEqual({ ...expected, sha256: undefined })
    }
  })

  test('takes the first 256 KiB whole and the first 4 KiB of every further 256 KiB', async () => {
    const sampled = Buffer.concat([
      bytes.subarray(0, BLOCK),
      ...[1, 2, 3].map((block) => bytes.subarray(block * BLOCK, block * BLOCK + 4096)),
    ])
    expect((await ofStream(bytes, 777)).sample).toBe(sha256(sampled))
  })

  test('comes with the hash of every byte where it is asked for', async () => {
    expect((await ofStream(bytes, 5000, true)).sha256).toBe(sha256(bytes))
  })

  test('of a file is that of its first bytes, where it has grown since', () => {
    const file = join(folder, 'grown')
    writeFileSync(file, bytes)
    const grown = fingerprintFile(file, BLOCK + 10)
    writeFileSync(file, bytes.subarray(0, BLOCK + 10))
    expect(fingerprintFile(file, BLOCK + 10)).toEqual(grown)
  })
})
