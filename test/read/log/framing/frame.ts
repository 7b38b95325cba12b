import { Oddities } from '../../../../src/base/oddities.ts'
import type { Damage, Framing } from '../../../../src/model/reader.ts'
import { openRecords } from '../../../../src/read/log/framing/index.ts'
import { chunksOver } from '../drive.ts'

export interface Framed {
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
  readonly oddities: readonly [name: string, count: number][]
  readonly damage: Damage | undefined
  readonly unterminated: boolean
}

/** The records of a text, a character a byte, that comes `step` bytes at a time into a window of `size`. */
export async function frame(
  framing: Framing,
  bytes: string | Uint8Array,
  step?: number,
  size?: number,
): Promise<Framed> {
  const input = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
  const oddities = new Oddities()
  const records = openRecords(framing, chunksOver(input, step ?? Math.max(1, input.length), size), oddities)
  const texts: string[] = []
  const numbers: number[] = []
  while (true) {
    while (records.next()) {
      texts.push(Buffer.from(records.bytes.subarray(records.start, records.end)).toString('latin1'))
      numbers.push(records.number)
    }
    if (!(await records.more())) break
  }
  const { damage, unterminated } = records
  return { texts, numbers, oddities: oddities.entries(), damage, unterminated }
}
