import type { Chunks } from '../base/chunks.ts'
import { emptySummary } from '../input.ts'
import { readRecords } from '../log-records.ts'
import type { Observation } from '../model/observation.ts'
import type { LogFormat, RecordReader } from '../model/reader.ts'
import { openRecords } from '../read/log/framing/index.ts'
import { answersAt, type CutSettings, lineCut, Named, type Wanted, type WantedOfInput } from './cut.ts'
import { LogHeader } from './log-header.ts'

/** Cuts records: they are read by their format, since what a record says can depend on those before it. */
export async function cutLog(
  chunks: Chunks,
  format: LogFormat,
  wanted: WantedOfInput,
  { clientOf, options, progress, take }: CutSettings,
): Promise<void> {
  const summary = emptySummary()
  const records = openRecords(format.framing, chunks, summary.oddities)
  let isWanted = true
  // To the reader every name is one that nothing matches where the record is not wanted: it passes over it.
  const unmatched = { has: () => !isWanted, hasServer: () => !isWanted, scan: undefined }
  const reader = format.open({ ...options, oddities: summary.oddities, unmatched })
  let named = new Named()
  let asked: Wanted[] = []
  const header = new LogHeader(reader)
  const cutting: RecordReader = {
    record: (bytes, start, end, sink) => {
      named = new Named()
      asked = []
      isWanted = wanted.answers.size > 0 || wanted.positions.has(records.number)
      const result = reader.record(bytes, start, end, sink)
      const cited = wanted.positions.get(records.number)
      if (cited !== undefined) asked.push(cited)
      wanted.positions.delete(records.number)
      const offset = bytes === chunks.bytes ? chunks.position - chunks.start + start : -1
      const line = { position: records.number, offset, named }
      header.see({ bytes, start, end, position: records.number, offset }, result)
      for (const one of asked) {
        header.takeFor(one, records.number, take)
        take(lineCut(bytes.subarray(start, end), line, one), one)
      }
      return result
    },
  }
  const sink = {
    observe: (observation: Observation) => {
      named.observe(observation)
      asked.push(...answersAt(observation, wanted, clientOf))
    },
    mark: (mark: Parameters<Named['mark']>[0]) => named.mark(mark),
    pause: () => {
      progress?.(chunks.position)
      return wanted.positions.size === 0 && wanted.answers.size === 0
    },
  }
  await readRecords(records, cutting, format, sink, summary, options)
}
