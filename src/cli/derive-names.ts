import { chunksOf } from '../base/chunks.ts'
import type { Observation } from '../model/observation.ts'
import { readInput } from '../pipeline.ts'
import type { DerivedName, DeriveNames } from '../prove/contents.ts'
import { formats } from '../read/detect.ts'

/** Names that are taken from one file: a pack holds a few hundred frames of a finding. */
const NAMES_LIMIT = 100_000

/** What a file of a pack names, read as any input is; nothing for a format that is not the program's own. */
export const deriveNames: DeriveNames = async (bytes, named) => {
  const format = formats.find(({ name }) => name === named)
  const names: DerivedName[] = []
  if (format === undefined) return names
  // Whatever the operator reads inputs with: both sides of a comparison take the same.
  const times = { timezone: 'UTC', year: 2000 }
  const observe = ({ position, means, name, protocol }: Observation) => {
    if (names.length < NAMES_LIMIT) names.push({ position, means, name: name === '' ? protocol : name })
  }
  await readInput(chunksOf(bytes), format, { observe }, times)
  return names.sort((a, b) => a.position - b.position)
}
