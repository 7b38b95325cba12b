import type { LogSample, LogSink, RecordReader } from '../../model/reader.ts'

const LINES_TRIED = 100

/** Hears of nothing: to see what a reader makes of a record. */
export const NOBODY: LogSink = { observe: () => {}, mark: () => {} }

/** Whether a reader makes sense of at least half of the sample's lines, blank ones aside, and of one at least. */
export function readsMostLines(sample: LogSample, reader: RecordReader): boolean {
  let read = 0
  let tried = 0
  for (const line of sample.lines) {
    if (line.trim() === '') continue
    if (tried === LINES_TRIED) break
    tried++
    const bytes = Buffer.from(line, 'latin1')
    const result = reader.record(bytes, 0, bytes.length, NOBODY)
    if (typeof result === 'string') read++
  }
  return read > 0 && read * 2 >= tried
}
