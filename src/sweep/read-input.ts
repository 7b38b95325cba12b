import { setImmediate } from 'node:timers/promises'
import { Facts } from '../aggregate/facts.ts'
import { quarterOf } from '../base/time.ts'
import { canReadParts } from '../log-parts.ts'
import type { Batch } from '../model/batch.ts'
import type { Format } from '../model/reader.ts'
import { FactSink, type InputSink, type InputSummary, readInput } from '../pipeline.ts'
import { type Fingerprint, fingerprintFile } from '../read/fingerprint.ts'
import type { OpenInput } from '../read/open.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import type { Context } from './context.ts'
import { FLUSH_SIZE } from './flush-size.ts'
import type { PartsRequest } from './part-worker.ts'
import { readInParts, threadsFor } from './parts.ts'
import { withSlashes } from './settings.ts'

/** A log is read in parts where it has at least two of them. */
const PART_SIZE = 32 * 1024 * 1024

/** What became of an input that was read: its facts that are not in the store yet, and what was met in it. */
export interface Read {
  readonly facts: Facts
  readonly summary: InputSummary
  readonly matched: number
  readonly stopped: boolean
  readonly content: () => Fingerprint & { readonly sha256?: string | undefined }
}

/** Reads an input from its beginning to its end. */
export async function readWhole(
  input: string,
  { chunks, fingerprint, source }: OpenInput,
  format: Format,
  put: (batch: Batch) => void,
  { classifier, unmatched, networks, clients, answers, siteOf, progress, stopped, times }: Context,
): Promise<Read> {
  const isStream = input === STANDARD_INPUT
  const isCapture = format.kind === 'capture'
  const site = siteOf(withSlashes(input))
  const sink = new FactSink({ classifier, networks, clients, answers, site, isCapture })
  const flush = flusher(put, sink, isStream)
  let stop = false
  const inputSink: InputSink = {
    observe: sink.observe,
    mark: sink.mark,
    // Of a stream every record is read: facts are asked for as its time goes on.
    unmatched: isStream ? undefined : unmatched,
    isWanted: sink.isWanted,
    packet: sink.packet,
    pause: async () => {
      progress(input, source.delivered)
      flush()
      // A file answers at once, so nothing else, such as an interrupt, would have its turn.
      await setImmediate()
      stop = stopped()
      return stop
    },
  }
  const summary = await readInput(chunks, format, inputSink, { ...times, latest: source.modified })
  // What a damaged input holds behind the damage belongs to its content all the same.
  if (!stop) await chunks.drain()
  const { facts, matched } = sink
  return { facts, summary, matched, stopped: stop, content: () => fingerprint.finish() }
}

/**
 * Reads a large log in parts, on several threads; undefined for any other input. `whole`: it showed that what its
 * records mean depends on those before, and what the writer was given does not count.
 */
export async function readParts(
  input: string,
  { chunks, packed, source }: OpenInput,
  format: Format,
  put: (batch: Batch) => void,
  { signatures, policy, key, store, siteOf, mapping, times, partSize = PART_SIZE, answers, progress, stopped }: Context,
): Promise<Read | 'whole' | undefined> {
  const { size } = source
  if (packed || size === undefined || threadsFor(size, partSize) < 2) return undefined
  const options = { ...times, latest: source.modified }
  const head = Uint8Array.prototype.slice.call(chunks.bytes, chunks.start, chunks.end)
  if (!canReadParts(format, head, options)) return undefined
  const request: PartsRequest = {
    file: input,
    size,
    partSize,
    head,
    format: mapping === '' ? { name: format.name } : { mapping },
    options,
    signatures,
    policy,
    site: siteOf(withSlashes(input)),
    answers: answers.all,
    key,
    clear: store.identities === 'clear',
  }
  let delivered = 0
  const { result, summary, matched } = await readInParts(request, {
    facts: put,
    progress: (bytes) => {
      delivered += bytes
      progress(input, delivered)
    },
    stopped,
  })
  if (result === 'whole') return 'whole'
  const content = () => fingerprintFile(input, size)
  return { facts: new Facts(), summary, matched, stopped: result === 'stopped', content }
}

/**
 * Puts facts into the store when there are many; those of a stream also whenever it has come to another quarter-hour.
 */
function flusher(put: (batch: Batch) => void, sink: FactSink, isStream: boolean): () => void {
  let quarter = -1
  return () => {
    const now = quarterOf(sink.lastTime)
    const ended = isStream && now !== quarter
    quarter = now
    if (sink.facts.size > 0 && (ended || sink.facts.size >= FLUSH_SIZE)) put(sink.facts.take())
  }
}
