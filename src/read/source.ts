import { type BigIntStats, closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
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
  /** Undefined for a stream, or a file that is none on a disk. */
  readonly file: OpenFile | undefined
}

/** A file that is open, whatever is done to its name meanwhile. */
export interface OpenFile {
  /** Its device, number, size and times when it was opened: a file that has changed has another. */
  readonly stat: string
  /** Its device and number, whatever its name is. */
  readonly id: string
  /** Up to `length` bytes from a place of it; gives how many. */
  readAt(into: Uint8Array, at: number, length: number, position: number): number
  /** From a place of it to another, as a stream that need not be closed. */
  range(start: number, end: number): ByteStream
  /** How it is now. */
  now(): { readonly stat: string; readonly size: number }
}

/** A file's device, number, size and times as a text, and its size; undefined where there is no such file. */
export function statFile(file: string): { readonly stat: string; readonly size: number } | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat?.isFile() ? { stat: statText(stat), size: Number(stat.size) } : undefined
}

function statText({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
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
  let opened: OpenFile | undefined
  try {
    descriptor = openSync(file, 'r')
    const stat = fstatSync(descriptor, { bigint: true })
    if (stat.isFile()) {
      size = Number(stat.size)
      modified = Number(stat.mtimeNs / 1000n)
      opened = openedFile(descriptor, statText(stat))
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
    file: opened,
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

function openedFile(descriptor: number, stat: string): OpenFile {
  const readAt: OpenFile['readAt'] = (into, at, length, position) => readSync(descriptor, into, at, length, position)
  return {
    stat,
    id: stat.split(' ', 2).join(' '),
    readAt,
    range: (start, end) => {
      let position = start
      return {
        read: (into, at, length) => {
          const count = readAt(into, at, Math.min(length, end - position), position)
          position += count
          return count
        },
        close: () => {},
      }
    },
    now: () => {
      const now = fstatSync(descriptor, { bigint: true })
      return { stat: statText(now), size: Number(now.size) }
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
    file: undefined,
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
