import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { ByteStream } from '../base/chunks.ts'
import { messageOf, OffchannelError } from '../base/errors.ts'
import type { Micros } from '../base/time.ts'

/** Standard input, on the command line and in outputs. */
export const STANDARD_INPUT = '-'

/** An input that is open: its bytes as they are delivered, packed or not. */
export interface Source extends ByteStream {
  /** Bytes delivered so far, and in all where that is known: for progress. */
  readonly delivered: number
  readonly size: number | undefined
  /** When a file was last written; undefined for a stream. */
  readonly modified: Micros | undefined
}

/** Bytes of a file: from where on, and where its content is taken to end. */
export interface FilePart {
  readonly start: number
  readonly size: number
}

/**
 * Opens a file; reads answer at once, from the page cache. What is written to the file after it was opened is not read.
 * Throws `input_unreadable`.
 */
export function openFile(file: string, part?: FilePart): Source {
  let descriptor: number
  let size: number | undefined
  let modified: Micros | undefined
  try {
    descriptor = openSync(file, 'r')
    const stat = fstatSync(descriptor)
    if (stat.isFile()) {
      size = stat.size
      modified = Math.floor(stat.mtimeMs * 1000)
    }
  } catch (thrown) {
    throw new OffchannelError('input_unreadable', messageOf(thrown), { cause: thrown })
  }
  const start = part?.start ?? 0
  if (part !== undefined) size = Math.max(0, Math.min(part.size, size ?? part.size) - start)
  let delivered = 0
  let open = true
  return {
    size,
    modified,
    get delivered() {
      return delivered
    },
    read: (into, at, length) => {
      const wanted = Math.min(length, (size ?? Infinity) - delivered)
      const count = readSync(descriptor, into, at, wanted, part === undefined ? null : start + delivered)
      delivered += count
      return count
    },
    close: () => {
      if (open) closeSync(descriptor)
      open = false
    },
  }
}

/** A stream of the process as a source, such as standard input. */
export function openStream(stream: Readable): Source {
  const read = pullFrom(stream)
  let delivered = 0
  return {
    size: undefined,
    modified: undefined,
    get delivered() {
      return delivered
    },
    read: async (into, at, length) => {
      const count = await read(into, at, length)
      delivered += count
      return count
    },
    close: () => stream.destroy(),
  }
}

/**
 * Reads from a Node stream without losing what it gave before it failed: bytes first, the failure at the next read.
 */
export function pullFrom(stream: Readable): (into: Uint8Array, at: number, length: number) => Promise<number> {
  let ended = false
  let failure: unknown
  let rest: Uint8Array = new Uint8Array(0)
  let wake = () => {}
  stream.on('readable', () => wake())
  stream.on('end', () => {
    ended = true
    wake()
  })
  stream.on('error', (error) => {
    failure = error
    wake()
  })
  stream.on('close', () => {
    ended = true
    wake()
  })
  return async (into, at, length) => {
    while (rest.length === 0) {
      const chunk = stream.read() as Uint8Array | null
      if (chunk !== null) rest = chunk
      else if (failure !== undefined) throw failure
      else if (ended) return 0
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    const count = Math.min(length, rest.length)
    into.set(rest.subarray(0, count), at)
    rest = rest.subarray(count)
    return count
  }
}
