import type { Chunks } from '../../../base/chunks.ts'
import type { Oddities } from '../../../base/oddities.ts'
import type { Framing } from '../../../model/reader.ts'
import { CsvRecords } from './csv-records.ts'
import { beginsJson, beginsXml, EitherRecords } from './either-records.ts'
import { ElementRecords } from './element-records.ts'
import { FrameStreams } from './frame-streams.ts'
import { JsonRecords } from './json-records.ts'
import { Lines } from './lines.ts'
import type { Records } from './records.ts'

/** Cuts a stream as its format says. */
export function openRecords(framing: Framing, chunks: Chunks, oddities: Oddities): Records {
  if (framing === 'lines') return new Lines(chunks, oddities)
  if (framing === 'frame-streams') return new FrameStreams(chunks, oddities)
  if (framing.kind === 'csv') return new CsvRecords(chunks, oddities, framing.delimiters)
  const json = new JsonRecords(chunks, oddities, framing.under)
  const { delimiters, element } = framing
  if (element !== undefined) {
    return new EitherRecords(chunks, beginsXml, new ElementRecords(chunks, oddities, element), json)
  }
  if (delimiters === undefined) return json
  return new EitherRecords(chunks, beginsJson, json, new CsvRecords(chunks, oddities, delimiters))
}
