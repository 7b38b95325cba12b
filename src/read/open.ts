import type { Readable } from 'node:stream'
import { Chunks } from '../base/chunks.ts'
import type { Format } from '../model/reader.ts'
import { detectFormat } from './detect.ts'
import { FingerprintedStream } from './fingerprint.ts'
import { openFile, openStream, type Source, STANDARD_INPUT } from './source.ts'
import { unpack } from './unpack.ts'

/** An input that is open, unpacked and recognised, at its beginning. */
export interface OpenInput {
  /** The bytes as delivered: for progress. */
  readonly source: Source
  readonly packed: boolean
  readonly fingerprint: FingerprintedStream
  readonly chunks: Chunks
  /** Zeros that stood before everything else and were passed over: a logger whose file was cut leaves them. */
  readonly zeros: number
  /** Undefined for an empty input. */
  readonly format: Format | undefined
  close(): void
}

export interface OpenOptions {
  /** What `-` stands for. */
  readonly standardInput: Readable
  /** The format that the operator named. */
  readonly format?: string | Format | undefined
  /**
   * Hash every byte while it is read, of standard input, which cannot be read again, and of what a packed file holds, so
   * that it is unpacked once.
   */
  readonly hashUnpacked: boolean
  /** Numbers of bytes, ascending, of which the fingerprint takes samples on the way. */
  readonly lengths?: readonly number[]
}

/** More zeros than any format begins with: Frame Streams have up to seven (escape and length). */
const LEAST_ZEROS = 16

/** Opens a file or standard input; throws what `openFile` and `detectFormat` throw. */
export async function openInput(input: string, options: OpenOptions): Promise<OpenInput> {
  const isStream = input === STANDARD_INPUT
  const source = isStream ? openStream(options.standardInput) : openFile(input)
  try {
    const { stream, packed } = await unpack(source)
    const fingerprint = new FingerprintedStream(stream, (isStream || packed) && options.hashUnpacked, options.lengths)
    const chunks = new Chunks(fingerprint)
    const zeros = await passZeros(chunks)
    const format = await detectFormat(chunks, options.format)
    return { source, packed, fingerprint, chunks, zeros, format, close: () => fingerprint.close() }
  } catch (thrown) {
    source.close()
    throw thrown
  }
}

/** Consumes the zeros that a text begins with; gives how many. */
async function passZeros(chunks: Chunks): Promise<number> {
  const at = () => chunks.bytes.subarray(chunks.start, chunks.end).findIndex((byte) => byte !== 0)
  while (chunks.end < LEAST_ZEROS && at() < 0) if (!(await chunks.more())) return 0
  const first = at()
  if (first >= 0 && first < LEAST_ZEROS) return 0
  for (;;) {
    const zeros = at()
    if (zeros >= 0) {
      chunks.start += zeros
      return chunks.position
    }
    chunks.start = chunks.end
    if (!(await chunks.more())) return chunks.position
  }
}
