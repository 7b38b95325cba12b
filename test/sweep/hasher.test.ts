import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { hashFile } from '../../src/sweep/hasher.ts'
import { filler } from '../build/index.ts'
import { temporaryFolder } from '../store/made.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Above 8 MiB it is hashed on a thread of its own. */
const SIZES = [
  ['a small file', 100_000],
  ['a large file', 9 * 1024 * 1024],
] as const

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

function put(bytes: Uint8Array): string {
  const file = join(folder, 'input')
  writeFileSync(file, bytes)
  return file
}

describe.each(SIZES)('%s', (_, size) => {
  const bytes = filler(size, 5)

  test('that is not packed has one hash', async () => {
    expect(await hashFile(put(bytes), size, true).hashes).toEqual({ file: sha256(bytes), content: sha256(bytes) })
  })

  test('that is packed has one as it lies there, and one of what it holds', async () => {
    const packed = gzipSync(bytes)
    expect(await hashFile(put(packed), packed.length, true).hashes).toEqual({
      file: sha256(packed),
      content: sha256(bytes),
    })
    expect(await hashFile(put(packed), packed.length, false).hashes).toEqual({ file: sha256(packed) })
  })

  test('that is packed and cut has a hash all the same', async () => {
    const cut = gzipSync(bytes).subarray(0, -1000)
    const { file, content } = await hashFile(put(cut), cut.length, true).hashes
    expect(file).toBe(sha256(cut))
    expect(content).not.toBe(file)
  })

  test('that grows is hashed up to the size that it had', async () => {
    const file = put(Buffer.concat([bytes, Buffer.from('and more')]))
    expect((await hashFile(file, size, true).hashes).file).toBe(sha256(bytes))
  })

  test('that is gone is an error', async () => {
    await expect(hashFile(join(folder, 'gone'), size, true).hashes).rejects.toThrow('ENOENT')
  })
})

test('hashing that is cancelled ends', async () => {
  const bytes = filler(9 * 1024 * 1024, 5)
  const { hashes, cancel } = hashFile(put(bytes), bytes.length, true)
  cancel()
  await expect(hashes).rejects.toThrow('hashing was cancelled')
})
