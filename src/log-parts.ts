import { type Chunks, chunksOf } from './base/chunks.ts'
import { Oddities } from './base/oddities.ts'
import { emptySummary, type InputSink, type InputSummary, type LogOptions } from './input.ts'
import { readRecords } from './log-records.ts'
import type { Format, LogFormat, LogSink, RecordReader, RecordResult } from './model/reader.ts'
import { NOBODY } from './read/log/claims.ts'
import { openRecords } from './read/log/framing/index.ts'
import { Lines } from './read/log/framing/lines.ts'

/** Where one part of a log stands: the lines that begin at `start` or behind it and before `end`, in bytes. */
export interface LogPart {
  readonly start: number
  readonly end: number
  /** It is the last line, which has no end yet. */
  readonly isTail?: boolean
}

/** What was met in a part: its lines are numbered from 1. */
export interface PartSummary extends InputSummary {
  readonly lines: number
}

/**
 * Reads a part of a log as if it were read from its beginning, by what the head of the log tells; undefined where that
 * cannot be done. `chunks` begins one byte before the part, at the beginning for the first.
 */
export async function readLogPart(
  chunks: Chunks,
  format: LogFormat,
  { start, end, isTail = false }: LogPart,
  head: Uint8Array,
  sink: InputSink,
  options: LogOptions,
): Promise<PartSummary | undefined> {
  const summary = emptySummary()
  const { oddities } = summary
  const origin = chunks.position - Math.max(0, start - 1)
  const context = { ...options, oddities, unmatched: sink.unmatched }
  const headed = format.open(context)
  const state = readHead(headed, head)
  oddities.clear()
  const reader = start > 0 ? headed : format.open(context)
  // The line that the byte before the part belongs to is that of the part before.
  if (start > 0 && !(await skipLine(chunks))) return { ...summary, lines: 0 }
  if (isTail && format.framing !== 'lines') {
    await readRecords(openRecords(format.framing, chunks, oddities), reader, format, sink, summary, options)
    return isAlone(summary, chunks) && reader.state?.() === state ? { ...summary, lines: 1 } : undefined
  }
  const lines = new Lines(chunks, oddities, end - Math.max(0, start - 1))
  const whole = format.framing === 'lines' ? undefined : new WholeObjects(reader)
  // What follows a broken one is not looked at: the log is read again.
  const pause = async () => whole?.isBroken === true || (await sink.pause?.()) === true
  const place = () => sink.placed?.(chunks.position - chunks.start + lines.start - origin, lines.number - 1)
  const observe: InputSink['observe'] = (observation) => {
    const answer = sink.observe(observation)
    if (answer === 'follow') place()
    return answer
  }
  const mark: NonNullable<InputSink['mark']> = (one) => {
    sink.mark?.(one)
    place()
  }
  await readRecords(lines, whole ?? reader, format, { ...sink, observe, mark, pause }, summary, options)
  const isBroken = whole !== undefined && (whole.isBroken || oddities.get('line_too_long') > 0)
  if (isBroken || lines.isCounted || !isAlone(summary, chunks)) return undefined
  return reader.state?.() === state ? { ...summary, lines: lines.number } : undefined
}

/** What a log of several formats is said to be follows from all of it. */
function isAlone(summary: InputSummary, chunks: Chunks): boolean {
  return summary.changes.length === 0 && summary.damage === undefined && chunks.failure === undefined
}

/** Whether parts of a log, which begins with `head`, can be read as if it were read from its beginning. */
export function canReadParts(format: Format, head: Uint8Array, options: LogOptions): format is LogFormat {
  if (format.kind !== 'log') return false
  if (format.framing !== 'lines' && !isPlainJson(format.framing)) return false
  const reader = format.open({ ...options, oddities: new Oddities() })
  return readHead(reader, head) !== undefined
}

/** Objects that stand side by side, as opposed to a list of them within another, or to a table. */
function isPlainJson(framing: LogFormat['framing']): boolean {
  return typeof framing === 'object' && framing.kind === 'json' && !framing.under && !framing.delimiters
}

/** Lines of a head that are read: up to the first that says something, those before it being the header. */
const HEAD_LINES = 1000

/**
 * Gives a reader the header of its log, so that it can read lines from any place of it; gives what it then remembers.
 *
 * @param see told of each line of it, `lines` being at it.
 */
export function readHead(
  reader: RecordReader,
  head: Uint8Array,
  see?: (lines: Lines, result: RecordResult) => void,
): string | undefined {
  const lines = new Lines(chunksOf(head), new Oddities())
  for (let i = 0; i < HEAD_LINES && lines.next(); i++) {
    const result = reader.record(lines.bytes, lines.start, lines.end, NOBODY)
    see?.(lines, result)
    if (result === 'ok') break
  }
  return lines.isCounted || lines.damage !== undefined ? undefined : reader.state?.()
}

const NEWLINE = 0x0a

/** Consumes everything to the end of the line; false where there is no other line. */
async function skipLine(chunks: Chunks): Promise<boolean> {
  for (;;) {
    const found = chunks.bytes.subarray(chunks.start, chunks.end).indexOf(NEWLINE)
    if (found >= 0) {
      chunks.start += found + 1
      return true
    }
    chunks.start = chunks.end
    if (!(await chunks.more())) return false
  }
}

/** Records of JSON that are one whole object a line: any other must be cut by their brackets, from the beginning on. */
class WholeObjects implements RecordReader {
  isBroken = false
  readonly #reader: RecordReader

  constructor(reader: RecordReader) {
    this.#reader = reader
  }

  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult {
    if (bytes[start] !== 0x7b || bytes[end - 1] !== 0x7d) this.isBroken = true
    if (this.isBroken) return 'skip'
    const result = this.#reader.record(bytes, start, end, sink)
    if (typeof result === 'object' && result.bad === 'bad_json') this.isBroken = true
    return result
  }
}
