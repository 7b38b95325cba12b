import zlib from 'node:zlib'
import type { ByteStream } from '../base/chunks.ts'
import { OffchannelError } from '../base/errors.ts'
import { pullFrom } from './source.ts'
import { ZstdFrames } from './zstd-frames.ts'

const CHUNK = 256 * 1024

/** Layers of compression that are taken off: rotated archives sometimes have two. */
const LAYER_LIMIT = 3

/**
 * An input that unpacks to more than this many times its size, above 1 GiB, is no log and no capture: deflate reaches
 * 1,032 at most, and Zstandard more only on what repeats itself without end.
 */
const RATIO_LIMIT = 2000
const RATIO_FREE = 1 << 30

export type Packing = 'gzip' | 'zstd'

/** What the first bytes of an input say it is packed with. GZIP: RFC 1952 §2.3.1; Zstandard: RFC 8878 §3.1.1, and its skippable frames §3.1.2. */
export function packingOf(head: Uint8Array): Packing | undefined {
  if (head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip'
  if (head.length >= 4 && head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd'
  if (head.length >= 4 && head[0]! >> 4 === 5 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18) return 'zstd'
  return undefined
}

/**
 * The bytes within `stream`, unpacked as often as its first bytes say it is packed (gzip, Zstandard). A packed stream
 * that is cut gives what can be unpacked, then fails.
 */
export async function unpack(stream: ByteStream): Promise<{ readonly stream: ByteStream; readonly packed: boolean }> {
  let current = stream
  for (let layer = 0; layer < LAYER_LIMIT; layer++) {
    const { head, failure } = await readHead(current)
    const kind = packingOf(head)
    const whole = withHead(current, head, failure)
    if (kind === undefined) return { stream: whole, packed: layer > 0 }
    current = unpacked(whole, kind)
  }
  return { stream: current, packed: true }
}

const HEAD = 4

async function readHead(stream: ByteStream): Promise<{ readonly head: Uint8Array; readonly failure: unknown }> {
  const head = new Uint8Array(HEAD)
  let length = 0
  try {
    while (length < HEAD) {
      const count = await stream.read(head, length, HEAD - length)
      if (count === 0) break
      length += count
    }
  } catch (failure) {
    return { head: head.subarray(0, length), failure }
  }
  return { head: head.subarray(0, length), failure: undefined }
}

/** `stream` again from the beginning, of which `head` was read and then perhaps a failure. */
function withHead(stream: ByteStream, head: Uint8Array, failure: unknown): ByteStream {
  let given = 0
  return {
    read: (into, at, length) => {
      if (given === head.length) {
        if (failure !== undefined) throw failure
        return stream.read(into, at, length)
      }
      const count = Math.min(length, head.length - given)
      into.set(head.subarray(given, given + count), at)
      given += count
      return count
    },
    close: () => stream.close(),
  }
}

type Unpacker = ReturnType<typeof zlib.createGunzip> | ReturnType<typeof zlib.createZstdDecompress>

function unpackerFor(kind: Packing): Unpacker {
  if (kind === 'gzip') return zlib.createGunzip({ chunkSize: CHUNK })
  if (typeof zlib.createZstdDecompress !== 'function') {
    throw new OffchannelError(
      'input_unreadable',
      'Zstandard needs Node 22.15 or later: unpack the file, or update Node',
    )
  }
  return zlib.createZstdDecompress({ chunkSize: CHUNK })
}

const NOTHING = new Uint8Array(0)

/**
 * What a packed stream holds. Node's Zstandard stream stops at the end of a frame and leaves the rest, so another one
 * is started for every further frame: files that were appended to, or packed in parallel, have many.
 */
function unpacked(stream: ByteStream, kind: Packing): ByteStream {
  let unpacker = unpackerFor(kind)
  let pull = pullFrom(unpacker)
  /** Packed bytes that were read and are not yet taken by the unpacker. */
  let chunk: Uint8Array = NOTHING
  let taken = 0
  let given = 0
  const frames = kind === 'zstd' ? new ZstdFrames() : undefined
  let fed = feed()

  async function refill(): Promise<boolean> {
    const buffer = Buffer.allocUnsafe(64 * 1024)
    const count = await stream.read(buffer, 0, buffer.length)
    taken += count
    chunk = buffer.subarray(0, count)
    return count > 0
  }

  /** Writes to one unpacker until the stream ends or the unpacker will take no more; never rejects. */
  async function feed(): Promise<void> {
    const into = unpacker
    try {
      while (!into.destroyed && (chunk.length > 0 || (await refill()))) {
        const before = into.bytesWritten
        await new Promise<void>((resolve) => into.write(chunk, () => resolve()))
        const consumed = into.bytesWritten - before
        frames?.push(chunk.subarray(0, consumed))
        chunk = chunk.subarray(consumed)
        if (chunk.length > 0) return
        // What comes next may be padding, which only `nextFrame` passes over.
        if (frames?.complete === true) break
      }
      into.end()
    } catch (failure) {
      into.destroy(failure as Error)
    }
  }

  /** Whether something packed follows where the unpacker stopped. Zeros are padding. */
  async function nextFrame(): Promise<boolean> {
    await fed
    for (;;) {
      if (chunk.length === 0 && !(await refill())) {
        if (frames?.complete === false) throw new Error('unexpected end of file')
        return false
      }
      const start = chunk.findIndex((byte) => byte !== 0)
      if (start >= 0) {
        chunk = chunk.subarray(start)
        break
      }
      chunk = NOTHING
    }
    while (chunk.length < HEAD) {
      const begun = chunk
      const more = await refill()
      chunk = Buffer.concat([begun, chunk])
      if (!more) break
    }
    if (packingOf(chunk) !== kind) {
      throw new OffchannelError('input_unreadable', `bytes that are not ${kind} follow what was unpacked`)
    }
    unpacker = unpackerFor(kind)
    pull = pullFrom(unpacker)
    fed = feed()
    return true
  }

  return {
    read: async (into, at, length) => {
      do {
        const count = await pull(into, at, length)
        given += count
        if (given > RATIO_FREE && given > RATIO_LIMIT * taken) {
          throw new OffchannelError('input_unreadable', `unpacks to over ${RATIO_LIMIT} times its size: not read on`)
        }
        if (count > 0) return count
      } while (await nextFrame())
      return 0
    },
    close: () => {
      unpacker.destroy()
      stream.close()
    },
  }
}
