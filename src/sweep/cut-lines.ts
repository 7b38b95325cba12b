import { Chunks } from '../base/chunks.ts'
import { Oddities } from '../base/oddities.ts'
import { openBehindHead } from '../log-parts.ts'
import type { LogFormat } from '../model/reader.ts'
import type { LogEnd } from '../model/reading.ts'
import { Lines } from '../read/log/framing/lines.ts'
import type { OpenFile } from '../read/source.ts'
import { type CutSettings, lineCut, Named, type WantedOfInput } from './cut.ts'

/** What a reader is told of a log before a line of it. */
const HEAD_LIMIT = 1024 * 1024

/**
 * Cuts lines of a plain log whose lines say the same wherever they stand: only those that are wanted are read by its
 * format, which is many times faster than reading all. Up to `length`, from `from` on where nothing before it is wanted.
 */
export async function cutLines(
  file: OpenFile,
  format: LogFormat,
  length: number,
  from: LogEnd,
  { positions }: WantedOfInput,
  { options, progress, take }: CutSettings,
): Promise<void> {
  const head = Buffer.alloc(Math.min(HEAD_LIMIT, length))
  file.readAt(head, 0, head.length, 0)
  const reader = openBehindHead(format, head, options)
  const start = [...positions.keys()].every((line) => line > from.lines) ? from : { at: 0, lines: 0 }
  // The line's end before it comes first: what stands behind it is no beginning of a text.
  const before = Math.max(0, start.at - 1)
  const chunks = new Chunks(file.range(before, length))
  await chunks.skip(start.at - before)
  const lines = new Lines(chunks, new Oddities())
  do {
    while (lines.next()) {
      const position = start.lines + lines.number
      const cited = positions.get(position)
      if (cited === undefined) continue
      const named = new Named()
      reader.record(chunks.bytes, lines.start, lines.end, named)
      positions.delete(position)
      const offset = before + chunks.position - chunks.start + lines.start
      take(lineCut(chunks.bytes.subarray(lines.start, lines.end), { position, offset, named }, cited), cited)
      if (positions.size === 0) return
    }
    progress?.(before + chunks.position)
  } while (await lines.more())
}
