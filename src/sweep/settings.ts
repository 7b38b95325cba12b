import { createHash } from 'node:crypto'
import path from 'node:path'
import type { LogOptions } from '../input.ts'
import type { Format } from '../model/reader.ts'
import type { SignatureSet } from '../model/signature.ts'
import { READER_VERSION } from '../pipeline.ts'
import type { NetworkMap } from '../subjects/network-map.ts'

/** How an input is read, beside what its bytes say. */
export interface ReadAs {
  /** What it is read as, by name or as its own mapping says; and the text of that mapping. */
  readonly format: string | Format | undefined
  readonly mapping: string
  /** How times of logs that leave out their zone or year are read. */
  readonly times: Pick<LogOptions, 'timezone' | 'year'>
}

/** What `settingsOf` is made of. */
export interface Settings extends ReadAs {
  readonly signatures: SignatureSet
  readonly networks: NetworkMap
  /** The site that the policy declares for an input. */
  readonly siteOf: (input: string) => string
}

/** A hash of all that the facts of an input depend on, beside its bytes and the store's key. */
export function settingsOf(input: string, options: Settings): string {
  const { signatures, networks, siteOf, format, mapping, times } = options
  const name = typeof format === 'string' ? format : (format?.name ?? '')
  const site = siteOf(withSlashes(input))
  const parts = [
    READER_VERSION,
    signatures.hash,
    networks.hash,
    site,
    name,
    mapping,
    times.timezone ?? '',
    times.year ?? '',
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** The path of an input as the store keeps it: `/` as separator. */
export function withSlashes(input: string): string {
  return input.split(path.sep).join('/')
}
