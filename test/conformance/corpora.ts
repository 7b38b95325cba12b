import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { OffchannelError } from '../../src/base/errors.ts'
import type { ObservationSink } from '../../src/model/observation.ts'
import { readInput } from '../../src/pipeline.ts'
import { openInput } from '../../src/read/open.ts'

/**
 * A folder of real captures and logs that others made: `data/`, `index.tsv` (path, kind) and `truth/` (tables of what
 * other tools read in the captures). Without it these tests are skipped.
 */
export const folder = process.env.OFFCHANNEL_CORPORA

export type Row = Readonly<Record<string, string>>

/** A table of the folder whose first line names its columns. */
export function table(name: string): Row[] {
  const [head = '', ...rows] = readFileSync(join(folder!, name), 'utf8').trimEnd().split('\n')
  const keys = head.split('\t')
  return rows.map((row) => Object.fromEntries(row.split('\t').map((value, i) => [keys[i]!, value])))
}

/** Paths of inputs within `data/`. */
export function inputs(kind: 'capture' | 'log'): string[] {
  const rows = table('index.tsv').filter((row) => row.kind!.startsWith('log-') === (kind === 'log'))
  return rows.map(({ path = '' }) => path)
}

/** Hands over what an input of `data/` names; false where it was refused by name, and every other failure thrown on. */
export async function observe(path: string, sink: ObservationSink): Promise<boolean> {
  try {
    const options = { standardInput: Readable.from([]), hashUnpacked: false }
    const { chunks, format, close } = await openInput(join(folder!, 'data', path), options)
    try {
      if (format !== undefined) await readInput(chunks, format, { observe: sink })
    } finally {
      close()
    }
    return true
  } catch (thrown) {
    if (thrown instanceof OffchannelError) return false
    throw new Error(`${path}: ${thrown}`, { cause: thrown })
  }
}
