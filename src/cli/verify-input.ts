import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { ReadIndex } from '../prove/index-schema.ts'
import type { Check } from '../prove/verify.ts'
import { checkOriginals } from '../prove/verify-pieces.ts'
import { formats } from '../read/detect.ts'
import { openInput } from '../read/open.ts'
import { cutInput, type Wanted } from '../sweep/cut.ts'
import { hashFile } from '../sweep/hasher.ts'

const WANTED: Wanted = { role: 'cited', findings: new Set() }

/** Holds a pack against a file that it says it was made of: its hash, and the bytes at each place. */
export async function checkInput(file: string, index: ReadIndex, originalsKey: Buffer | undefined): Promise<Check[]> {
  const what = 'original'
  const open = await openInput(file, { standardInput: process.stdin, hashUnpacked: false })
  const { size } = open.source
  if (size === undefined) throw new OffchannelError('usage', `--input ${harmless(file)}: is no file`)
  const content = (await hashFile(file, size, true).hashes).content
  open.close()
  const of = index.custody.filter((custody) => custody.content?.sha256 === content)
  if (of.length === 0) {
    return [{ what, outcome: 'fails', detail: `${file}: its SHA-256 ${content} is of no input of the pack` }]
  }
  const checks: Check[] = [{ what, outcome: 'holds', detail: `${file}: has the SHA-256 of ${of[0]!.input}` }]
  for (const { number, format } of of) {
    try {
      checks.push(checkOriginals(index, number, await cut(file, format, number, index), originalsKey))
    } catch (thrown) {
      checks.push({ what, outcome: 'not checked', detail: `${file}: ${messageOf(thrown)}` })
    }
  }
  return checks
}

async function cut(file: string, named: string, input: number, { frames, lines }: ReadIndex) {
  const format = formats.find(({ name }) => name === named)
  if (format === undefined) throw new Error(`it was read by a mapping of its own, ${named}`)
  const pieces = [...frames.pieces, ...lines.pieces, ...frames.withheld, ...lines.withheld]
  const positions = new Map(pieces.filter((piece) => piece.input === input).map(({ position }) => [position, WANTED]))
  const found = new Map<number, Uint8Array>()
  const open = await openInput(file, { standardInput: process.stdin, format, hashUnpacked: false })
  try {
    await cutInput(
      open.chunks,
      format,
      { positions, answers: new Map(), tunnels: new Map() },
      {
        clientOf: () => '',
        options: { timezone: 'UTC', year: 2000 },
        take: ({ position, bytes, role }) => {
          if (role !== 'part') found.set(position, bytes)
        },
      },
    )
  } finally {
    open.close()
  }
  return found
}
