import type { Readable } from 'node:stream'
import type { Format } from '../model/reader.ts'
import { type Fingerprint, headOf } from '../read/fingerprint.ts'
import type { GrowingSamples } from '../read/growing-samples.ts'
import { type OpenInput, openInput } from '../read/open.ts'
import { type Grown, HEAD_SIZE } from '../store/growth.ts'
import type { KnownContent } from '../store/readings.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { hashFile } from './hasher.ts'
import { findKnown } from './known.ts'
import { withSlashes } from './settings.ts'

/** What a store knows of a file. */
export interface Look {
  /** Undefined where only reading it can tell. */
  readonly content: Fingerprint | undefined
  /** As `Extent.head`. */
  readonly head: string
  /** It has the facts of all of it. */
  readonly known: KnownContent | undefined
  /** It has the facts of what it begins with: the longest such content. */
  readonly beginning: Grown | undefined
}

/** What a look is made with. */
export interface LookOptions {
  readonly store: Pick<StoreReader, 'findContent' | 'knowsLength' | 'mayGoOn'>
  readonly standardInput: Readable
  readonly format: string | Format | undefined
  readonly samples: GrowingSamples
  /** Whether SHA-256 tells contents of one sample apart. */
  readonly hash: boolean
}

/**
 * Compares a file with the contents that a store knows, by the places that samples are of. A packed file must be
 * unpacked for it, which is done only where it begins as a known content does. Undefined for what is no file.
 */
export async function look(input: string, open: OpenInput, options: LookOptions): Promise<Look | undefined> {
  const { store } = options
  const { file, size } = open.source
  if (file === undefined || size === undefined || (open.packed && open.zeros > 0)) return undefined
  const bytes = open.packed ? await beginningOf(open) : Buffer.alloc(Math.min(HEAD_SIZE, size))
  if (!open.packed) file.readAt(bytes, 0, bytes.length, 0)
  const candidates = store.mayGoOn(open.packed ? Number.MAX_SAFE_INTEGER : size, (count) => headOf(bytes, count))
  if (open.packed && candidates.length === 0) {
    return { content: undefined, head: headOf(bytes, bytes.length), known: undefined, beginning: undefined }
  }
  const lengths = [...new Set(candidates.map(({ length }) => length))].sort((a, b) => a - b)
  const { content, samples } = open.packed
    ? await unpackedLook(input, lengths, options)
    : fileLook(options.samples.of(file.id, file.readAt, [...lengths, size]), lengths, size)
  const sha256Of = () =>
    options.hash ? hashFile(input, size, true).hashes.then((hashes) => hashes.content) : undefined
  const known = store.knowsLength(content.length) ? await findKnown(store, content, sha256Of) : undefined
  const beginning = candidates.find(
    ({ length, sample, saysSomething, input: name }) =>
      length < content.length && samples.get(length) === sample && (saysSomething || name === withSlashes(input)),
  )
  return { content, head: headOf(bytes, Math.min(HEAD_SIZE, content.length)), known, beginning }
}

interface Sampled {
  readonly content: Fingerprint
  readonly samples: ReadonlyMap<number, string>
}

function fileLook(samples: readonly string[], lengths: readonly number[], length: number): Sampled {
  return {
    content: { length, sample: samples.at(-1)! },
    samples: new Map(lengths.map((one, i) => [one, samples[i]!])),
  }
}

async function unpackedLook(
  input: string,
  lengths: readonly number[],
  { standardInput, format }: LookOptions,
): Promise<Sampled> {
  const again = await openInput(input, { standardInput, format, hashUnpacked: false, lengths })
  try {
    await again.chunks.drain()
    const { length, sample } = again.fingerprint.finish()
    return { content: { length, sample }, samples: again.fingerprint.samples }
  } finally {
    again.close()
  }
}

/** The first bytes of an input that is at its beginning, which stay unread. */
async function beginningOf({ chunks }: OpenInput): Promise<Buffer> {
  while (chunks.end < HEAD_SIZE) if (!(await chunks.more())) break
  return Buffer.from(chunks.bytes.subarray(0, Math.min(HEAD_SIZE, chunks.end)))
}
