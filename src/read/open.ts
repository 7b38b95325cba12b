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
  /** Undefined for an empty input. */
  readonly format: Format | undefined
  close(): void
}

export interface OpenOptions {
  /** What `-` stands for. */
  readonly standardInput: Readable
  /** The format that the operator named. */
  readonly format?: string | Format | undefined
  /** Hash every byte of standard input while it is read: it cannot be read again. */
  readonly hashStandardInput: boolean
}

/** Opens a file or standard input; throws what `openFile` and `detectFormat` throw. */
export async function openInput(input: string, options: OpenOptions): Promise<OpenInput> {
  const isStream = input === STANDARD_INPUT
  const source = isStream ? openStream(options.standardInput) : openFile(input)
  try {
    const { stream, packed } = await unpack(source)
    const fingerprint = new FingerprintedStream(stream, isStream && options.hashStandardInput)
    const chunks = new Chunks(fingerprint)
    const format = await detectFormat(chunks, options.format)
    return { source, packed, fingerprint, chunks, format, close: () => fingerprint.close() }
  } catch (thrown) {
    source.close()
    throw thrown
  }
}
