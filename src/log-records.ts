import type { Chunks } from './base/chunks.ts'
import { BAD_LINES_SHOWN, type InputSink, type InputSummary, type LogOptions } from './input.ts'
import type { LogFormat, LogSink, RecordReader } from './model/reader.ts'
import { openRecords } from './read/log/framing/index.ts'
import type { Records } from './read/log/framing/records.ts'
import { RefusedRecords } from './read/log/refused.ts'

/** Reads a log from its beginning to its end. */
export async function readLog(
  chunks: Chunks,
  format: LogFormat,
  sink: InputSink,
  summary: InputSummary,
  options: LogOptions,
): Promise<void> {
  const records = openRecords(format.framing, chunks, summary.oddities)
  const reader = format.open({ ...options, oddities: summary.oddities, unmatched: sink.unmatched })
  await readRecords(records, reader, format, sink, summary, options)
}

/** Hands what the records of a log name to the sink, and counts them in the summary. */
export async function readRecords(
  records: Records,
  reader: RecordReader,
  format: LogFormat,
  sink: InputSink,
  summary: InputSummary,
  options: LogOptions,
): Promise<void> {
  const refused = new RefusedRecords(format, options)
  const logSink: LogSink = {
    observe: (observation) => {
      observation.position = observation.firstPosition = records.number
      sink.observe(observation)
    },
    mark: (mark) => {
      mark.position = records.number
      sink.mark?.(mark)
    },
  }
  const scan = sink.unmatched?.scan
  const pass = () => {
    const place = scan && reader.hostPlace?.()
    const passed = place === undefined ? 0 : (records.pass?.(place, scan!) ?? 0)
    if (passed === 0) return
    summary.records += passed
    refused.read()
  }
  do {
    for (pass(); records.next(); pass()) {
      if (records.unterminated && format.needsLineEnd) {
        summary.oddities.count('last_line_without_end')
        continue
      }
      const result = reader.record(records.bytes, records.start, records.end, logSink)
      if (result === 'ok') {
        summary.records++
        refused.read()
        continue
      }
      refused.add(records.bytes, records.start, records.end, records.number, result !== 'skip')
      if (result === 'skip') summary.skipped++
      else {
        const bad = summary.bad.get(result.bad) ?? { count: 0, lines: [] }
        bad.count++
        if (bad.lines.length < BAD_LINES_SHOWN) bad.lines.push(records.number)
        summary.bad.set(result.bad, bad)
      }
    }
    if (sink.pause !== undefined && (await sink.pause())) break
  } while (await records.more())
  summary.damage = records.damage
  summary.changes = refused.finish()
}
