import { Oddities } from '../base/oddities.ts'
import { readHead } from '../log-parts.ts'
import type { LogFormat } from '../model/reader.ts'
import type { LogEnd } from '../model/reading.ts'
import type { OpenFile } from '../read/source.ts'
import { type CutSettings, lineCut, Named, type WantedOfInput } from './cut.ts'
import { LineWalk } from './line-walk.ts'
import { LogHeader } from './log-header.ts'

/** What a reader is told of a log before a line of it. */
const HEAD_LIMIT = 1024 * 1024

/**
 * Cuts lines of a plain log whose lines say the same wherever they stand, up to `length`: only those that are wanted are
 * read by its format, and only what stands between them and the nearest place before them is looked at.
 *
 * @param places where some lines begin, in their order.
 */
export async function cutLines(
  file: OpenFile,
  format: LogFormat,
  length: number,
  places: readonly LogEnd[],
  { positions }: WantedOfInput,
  { options, progress, take }: CutSettings,
): Promise<void> {
  const head = Buffer.alloc(Math.min(HEAD_LIMIT, length))
  file.readAt(head, 0, head.length, 0)
  const reader = format.open({ ...options, oddities: new Oddities() })
  const header = new LogHeader(reader)
  readHead(reader, head, ({ bytes, start, end, number: position }, result) =>
    header.see({ bytes, start, end, position, offset: start }, result),
  )
  const walk = new LineWalk(file, length, places)
  for (const position of [...positions.keys()].sort((a, b) => a - b)) {
    const line = await walk.line(position)
    if (line === 'end') return
    if (line === undefined) continue
    const cited = positions.get(position)!
    const named = new Named()
    reader.record(line.bytes, line.start, line.end, named)
    positions.delete(position)
    progress?.(line.offset)
    header.takeFor(cited, position, take)
    take(lineCut(line.bytes.subarray(line.start, line.end), { position, offset: line.offset, named }, cited), cited)
  }
}
