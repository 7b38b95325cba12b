import type { Chunks } from '../../../base/chunks.ts'
import type { Damage } from '../../../model/reader.ts'

/** What a text begins with: `wait` where more must be read to see it. */
export type TextBeginning = 'text' | 'wait' | Damage

/** Passes over a UTF-8 byte order mark (Unicode 16 §23.8); UTF-16 is damage, as any reading of it would be a misreading. */
export function beginText(chunks: Chunks): TextBeginning {
  const { bytes, start, end, ended } = chunks
  if (end - start < 3 && end < bytes.length && !ended) return 'wait'
  const first = end - start >= 2 ? (bytes[start]! << 8) | bytes[start + 1]! : 0
  if (first === 0xfffe || first === 0xfeff) return { reason: 'utf16_text', offset: 0, detail: 'convert it to UTF-8' }
  if (first === 0xefbb && end - start >= 3 && bytes[start + 2] === 0xbf) chunks.start += 3
  return 'text'
}
