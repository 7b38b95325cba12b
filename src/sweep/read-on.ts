import { Facts } from '../aggregate/facts.ts'
import { Chunks } from '../base/chunks.ts'
import { emptySummary, type InputSummary, type LogOptions } from '../input.ts'
import { canReadParts, readLogPart } from '../log-parts.ts'
import type { Batch } from '../model/batch.ts'
import type { Format, LogFormat } from '../model/reader.ts'
import type { LogEnd } from '../model/reading.ts'
import type { Fingerprint } from '../read/fingerprint.ts'
import { LINE_LIMIT } from '../read/log/framing/lines.ts'
import type { OpenInput } from '../read/open.ts'
import type { OpenFile } from '../read/source.ts'
import type { Context } from './context.ts'
import { LinePlaces } from './landmarks.ts'
import { readInParts, threadsFor } from './parts.ts'
import { flusher, listen, type Met, type Read, sinkOf } from './read-input.ts'
import { withSlashes } from './settings.ts'

/** A log is read in parts where it has at least two of them. */
const PART_SIZE = 32 * 1024 * 1024

/** What a reader is told of a log before a part of it. */
const HEAD_LIMIT = 1024 * 1024

const BEGINNING: LogEnd = { at: 0, lines: 0 }

/**
 * Reads a log's whole lines from where it was read to, or from its beginning, and its last line by itself where that
 * has no end yet: so it can be read on when it has grown. A large part is read by several threads. `whole`: it showed
 * that what its records mean depends on those before, and what was put does not count; the same of any other input,
 * of which nothing is put.
 */
export async function readOn(
  input: string,
  open: OpenInput,
  format: Format,
  content: Fingerprint,
  from: LogEnd | undefined,
  put: (batch: Batch) => void,
  context: Context,
): Promise<Read | 'whole'> {
  const { file, size, modified } = open.source
  if (file === undefined || size === undefined || open.zeros > 0) return 'whole'
  const start = from ?? BEGINNING
  const options = { ...context.times, latest: modified }
  if (open.packed) return from === undefined ? 'whole' : readPackedOn(input, open, format, content, from, put, context)
  const end = endOfLines(file, start.at, size)
  if (end === undefined) return 'whole'
  const head = Buffer.alloc(Math.min(HEAD_LIMIT, end))
  file.readAt(head, 0, head.length, 0)
  if (!canReadParts(format, head, options)) return 'whole'
  const log = { input, file, format, head, options, context }
  const lines = await readLines(log, start, end, put)
  if (lines === 'whole') return 'whole'
  const tail = end < size && !lines.stopped ? await readTail(log, end, size) : undefined
  if (tail === 'whole') return 'whole'
  const places = from === undefined ? lines.places : [from, ...lines.places]
  return { ...lines, content, before: start.lines, end: { at: end, lines: lines.lines }, tail, places }
}

/** A log that is open, with all that a part of it is read with. */
interface Log {
  readonly input: string
  readonly file: OpenFile
  readonly format: LogFormat
  readonly head: Uint8Array
  readonly options: LogOptions
  readonly context: Context
}

type Lines = Met & { readonly stopped: boolean; readonly lines: number; readonly places: readonly LogEnd[] }

/** @returns lines that stand before `end`, in bytes, from the first of the log. */
async function readLines(log: Log, start: LogEnd, end: number, put: (batch: Batch) => void): Promise<Lines | 'whole'> {
  const { input, file, format, head, options, context } = log
  const bytes = end - start.at
  const { partSize = PART_SIZE } = context
  if (threadsFor(bytes, partSize) >= 2) {
    const { signatures, policy, key, store, siteOf, mapping, told, answers, progress, stopped } = context
    let delivered = start.at
    const outcome = await readInParts(
      {
        ...{ file: input, start: start.at, end, lines: start.lines, partSize, head, options, signatures, policy, key },
        isFile: `${file.id} `,
        format: mapping === '' ? { name: format.name } : { mapping },
        site: siteOf(withSlashes(input)),
        answers: answers.isEmpty ? undefined : { store: store.file, without: told.without },
        clear: store.identities !== 'pseudonym',
        rotation: store.rotation,
      },
      {
        facts: put,
        progress: (more) => {
          delivered += more
          progress(input, delivered)
        },
        stopped,
      },
    )
    const { result, summary, matched, lines, places } = outcome
    if (result === 'whole') return 'whole'
    return { facts: new Facts(), summary, matched, bytes, lines, places, stopped: result === 'stopped' }
  }
  const sink = sinkOf(input, format, context)
  const before = Math.max(0, start.at - 1)
  const chunks = new Chunks(file.range(before, end))
  const flush = flusher(put, sink, false, start.lines)
  const listening = listen(input, sink, context, () => before + chunks.position, flush)
  const part = { start: start.at, end }
  const places = new LinePlaces()
  const placed = (at: number, before: number) => places.add({ at, lines: start.lines + before })
  const summary = await readLogPart(chunks, format, part, head, { ...listening.sink, placed }, options)
  const stopped = listening.stopped()
  if (summary === undefined) return stopped ? stoppedLines(sink.facts) : 'whole'
  const lines = start.lines + summary.lines
  const told = { summary: shifted(summary, start.lines), matched: sink.matched, places: places.all }
  return { facts: sink.facts, ...told, bytes, lines, stopped }
}

/** What was read of a log when the sweep ended counts for nothing. */
function stoppedLines(facts: Facts): Lines {
  return { facts, summary: emptySummary(), matched: 0, bytes: 0, lines: 0, places: [], stopped: true }
}

/** Reads a last line that has no end. */
async function readTail({ input, file, format, head, options, context }: Log, start: number, end: number) {
  const sink = sinkOf(input, format, context)
  const chunks = new Chunks(file.range(Math.max(0, start - 1), end))
  const { observe, mark } = sink
  const listening = { observe, mark, unmatched: context.unmatched }
  const part = { start, end, isTail: true }
  const summary = await readLogPart(chunks, format, part, head, listening, options)
  if (summary === undefined) return 'whole'
  return { facts: sink.facts, summary, matched: sink.matched, bytes: end - start }
}

/** Reads a packed log on: it is unpacked from its beginning, and what was read of it is passed over. */
async function readPackedOn(
  input: string,
  { chunks, source }: OpenInput,
  format: Format,
  content: Fingerprint,
  from: LogEnd,
  put: (batch: Batch) => void,
  context: Context,
): Promise<Read | 'whole'> {
  const options = { ...context.times, latest: source.modified }
  const head = Buffer.from(chunks.bytes.subarray(chunks.start, Math.min(chunks.end, from.at)))
  if (!canReadParts(format, head, options)) return 'whole'
  if (from.at > 0 && !(await chunks.skip(from.at - 1))) return 'whole'
  const sink = sinkOf(input, format, context)
  const flush = flusher(put, sink, false, from.lines)
  const listening = listen(input, sink, context, () => source.delivered, flush)
  const part = { start: from.at, end: Number.POSITIVE_INFINITY }
  const summary = await readLogPart(chunks, format, part, head, listening.sink, options)
  const stopped = listening.stopped()
  if (summary === undefined && !stopped) return 'whole'
  return {
    ...{ facts: sink.facts, summary: shifted(summary ?? emptySummary(), from.lines) },
    ...{ matched: sink.matched, bytes: content.length - from.at, stopped, content },
    ...{ before: from.lines, end: undefined, tail: undefined },
  }
}

/** With the lines that stand before, as of the whole log. */
function shifted({ records, skipped, bad, changes, oddities, damage }: InputSummary, before: number): InputSummary {
  const moved: InputSummary['bad'] = new Map()
  for (const [reason, { count, lines }] of bad) moved.set(reason, { count, lines: lines.map((line) => line + before) })
  return { records, skipped, bad: moved, changes, oddities, damage }
}

const NEWLINE = 0x0a

/** Where the last line that has an end does end; undefined where what follows it is longer than any line that is read. */
function endOfLines(file: OpenFile, from: number, size: number): number | undefined {
  const start = Math.max(from, size - LINE_LIMIT)
  const bytes = Buffer.alloc(size - start)
  const count = file.readAt(bytes, 0, bytes.length, start)
  const last = bytes.subarray(0, count).lastIndexOf(NEWLINE)
  if (last >= 0) return start + last + 1
  return start === from ? from : undefined
}
