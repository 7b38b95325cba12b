import zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { ByteStream } from '../../src/base/chunks.ts'
import { messageOf } from '../../src/base/errors.ts'
import { unpack } from '../../src/read/unpack.ts'
import { ascii, bytesStream, concat, filler, uint32 } from '../build/index.ts'

const NOTHING = new Uint8Array(0)
const STEPS = [1, 2, 3, 5, 1000, 1 << 20]

interface Unpacked {
  readonly bytes: Buffer
  readonly packed: boolean
  /** '' where it came to its end. */
  readonly failure: string
}

async function unpackAll(stream: ByteStream, window = 512): Promise<Unpacked> {
  const { stream: unpacked, packed } = await unpack(stream)
  const parts: Buffer[] = []
  const into = new Uint8Array(window)
  let failure = ''
  try {
    for (;;) {
      const count = await unpacked.read(into, 0, window)
      if (count === 0) break
      parts.push(Buffer.from(into.subarray(0, count)))
    }
  } catch (thrown) {
    failure = messageOf(thrown)
  }
  unpacked.close()
  return { bytes: Buffer.concat(parts), packed, failure }
}

/** Text that can be packed, and none. */
const one = Buffer.from('web.whatsapp.com chat.signal.org '.repeat(40))
const two = Buffer.from(filler(700, 2))

const SKIPPABLE = concat([0x5a, 0x2a, 0x4d, 0x18], uint32(5).reverse(), [1, 2, 3, 4, 5])
const zeros = new Uint8Array(700)

describe.each([
  ['gzip', true, (bytes: Uint8Array) => zlib.gzipSync(bytes)],
  ['Zstandard', false, (bytes: Uint8Array) => zlib.zstdCompressSync(bytes)],
  [
    'Zstandard with checksums',
    true,
    (bytes: Uint8Array) => zlib.zstdCompressSync(bytes, { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } }),
  ],
])('what %s packed', (_, checked, pack) => {
  test.each(STEPS)('is unpacked from reads of %i', async (step) => {
    for (const content of [one, two, NOTHING]) {
      const { bytes, packed, failure } = await unpackAll(bytesStream(pack(content), step))
      expect(failure).toBe('')
      expect(packed).toBe(true)
      expect(bytes.equals(content)).toBe(true)
    }
  })

  test.each(STEPS)('in parts, one behind the other, is unpacked whole from reads of %i', async (step) => {
    const parts = [one, NOTHING, two, Buffer.from('a'), one, NOTHING]
    const { bytes, failure } = await unpackAll(bytesStream(concat(...parts.map(pack)), step))
    expect(failure).toBe('')
    expect(bytes.equals(Buffer.concat(parts))).toBe(true)
  })

  test.each(STEPS)('with zeros behind and between its parts is unpacked whole from reads of %i', async (step) => {
    const padded = concat(pack(one), zeros, pack(two), [0], pack(one), zeros)
    const { bytes, failure } = await unpackAll(bytesStream(padded, step))
    expect(failure).toBe('')
    expect(bytes.equals(Buffer.concat([one, two, one]))).toBe(true)
  })

  test('cut anywhere gives a beginning of it and fails, unless a part ends there', async () => {
    const parts = [pack(one), pack(two)] as const
    const all = concat(...parts)
    for (let cut = 4; cut < all.length; cut += cut % 7 === 0 ? 13 : 1) {
      const { bytes, failure } = await unpackAll(bytesStream(all.subarray(0, cut), 50))
      expect(Buffer.concat([one, two]).subarray(0, bytes.length).equals(bytes)).toBe(true)
      if (cut === parts[0].length)
        expect({ failure, length: bytes.length }).toEqual({ failure: '', length: one.length })
      else expect(failure, `cut at ${cut}`).not.toBe('')
      if (cut > parts[0].length) expect(bytes.length).toBeGreaterThanOrEqual(one.length)
    }
  })

  test('with a byte changed fails, or gives what it would have, where it holds a checksum', async () => {
    const all = pack(one)
    for (let at = 4; at < all.length; at++) {
      const changed = Buffer.from(all)
      changed[at]! ^= 0x10
      const { bytes, failure } = await unpackAll(bytesStream(changed, 64))
      if (failure === '' && checked) expect(bytes.equals(one), `byte ${at}`).toBe(true)
      expect(bytes.length).toBeLessThan(1 << 20)
    }
  })

  test('twice and three times is unpacked as often, and four times three times', async () => {
    expect(await unpackAll(bytesStream(pack(pack(one)), 9))).toMatchObject({ bytes: one, packed: true, failure: '' })
    expect(await unpackAll(bytesStream(pack(pack(pack(one)))))).toMatchObject({ bytes: one, failure: '' })
    expect(await unpackAll(bytesStream(pack(pack(pack(pack(one))))))).toMatchObject({ bytes: pack(one), failure: '' })
  })

  test('keeps what was unpacked before its source failed', async () => {
    const bytes = pack(two)
    const inner = bytesStream(bytes.subarray(0, bytes.length - 20), 100)
    const failing: ByteStream = {
      read: async (into, at, length) => {
        const count = await inner.read(into, at, length)
        if (count === 0) throw new Error('the disk is gone')
        return count
      },
      close() {},
    }
    const { bytes: got, failure } = await unpackAll(failing)
    expect(failure).toBe('the disk is gone')
    expect(two.subarray(0, got.length).equals(got)).toBe(true)
  })
})

describe('Zstandard', () => {
  const pack = (bytes: Uint8Array) => zlib.zstdCompressSync(bytes)

  test.each(STEPS)('frames that are skipped hold nothing, wherever they stand (reads of %i)', async (step) => {
    const all = concat(SKIPPABLE, pack(one), SKIPPABLE, SKIPPABLE, pack(two), SKIPPABLE)
    const { bytes, failure } = await unpackAll(bytesStream(all, step))
    expect(failure).toBe('')
    expect(bytes.equals(Buffer.concat([one, two]))).toBe(true)
  })

  test('in a thousand frames is unpacked whole', async () => {
    const parts = Array.from({ length: 1000 }, (_, i) => Buffer.from(`line ${i}\n`))
    const { bytes, failure } = await unpackAll(bytesStream(concat(...parts.map(pack)), 4096))
    expect(failure).toBe('')
    expect(bytes.equals(Buffer.concat(parts))).toBe(true)
  })

  test.each(STEPS)(
    'with something else behind it gives all that was packed, then fails (reads of %i)',
    async (step) => {
      for (const garbage of [ascii('plain text'), [7], concat(zeros, [1, 2])]) {
        const { bytes, failure } = await unpackAll(bytesStream(concat(pack(one), garbage), step))
        expect(bytes.equals(one)).toBe(true)
        expect(failure).not.toBe('')
      }
    },
  )
})

describe('gzip', () => {
  const pack = (bytes: Uint8Array) => zlib.gzipSync(bytes)

  test('with zeros and then something else behind it gives all that was packed, then fails', async () => {
    const { bytes, failure } = await unpackAll(bytesStream(concat(pack(one), [0], ascii('plain text'))))
    expect(bytes.equals(one)).toBe(true)
    expect(failure).toBe('bytes that are not gzip follow what was unpacked')
  })

  test('with something else at once behind it fails, and the last 256 KiB at most before it are lost', async () => {
    const large = Buffer.from('0123456789abcdef'.repeat(40_000))
    const { bytes, failure } = await unpackAll(bytesStream(concat(pack(large), ascii('plain text'))))
    expect(failure).toBe('incorrect header check')
    expect(large.subarray(0, bytes.length).equals(bytes)).toBe(true)
    expect(large.length - bytes.length).toBeLessThanOrEqual(256 * 1024)
  })
})

describe('what is not packed', () => {
  test.each(STEPS)('is handed on as it is from reads of %i', async (step) => {
    for (const content of [
      one,
      NOTHING,
      Buffer.from('a'),
      Buffer.from([0x1f, 0x8b, 7, 1]),
      Buffer.from([0x1f, 0x8b]),
    ]) {
      const { bytes, packed, failure } = await unpackAll(bytesStream(content, step))
      expect({ packed, failure }).toEqual({ packed: false, failure: '' })
      expect(bytes.equals(content)).toBe(true)
    }
  })

  test('that fails in its first bytes gives those, then the failure', async () => {
    const inner = bytesStream(Buffer.from('ab'))
    const failing: ByteStream = {
      read: (into, at, length) => {
        const count = inner.read(into, at, length)
        if (count === 0) throw new Error('unreadable')
        return count
      },
      close() {},
    }
    expect(await unpackAll(failing)).toEqual({ bytes: Buffer.from('ab'), packed: false, failure: 'unreadable' })
  })
})

test('an input that unpacks to thousands of times its size is not read to its end', async () => {
  const frame = zlib.zstdCompressSync(new Uint8Array(1 << 26))
  const into = new Uint8Array(1 << 20)
  const { stream } = await unpack(bytesStream(concat(...Array(20).fill(frame))))
  let length = 0
  await expect(async () => {
    for (let count = 1; count > 0; length += count) count = await stream.read(into, 0, into.length)
  }).rejects.toThrow('unpacks to over 2000 times its size: not read on')
  expect(length).toBeLessThanOrEqual(1 << 30)
  stream.close()
})
