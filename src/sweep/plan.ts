import type { Readable } from 'node:stream'
import { messageOf } from '../base/errors.ts'
import { fingerprintFile } from '../read/fingerprint.ts'
import { type OpenInput, openInput } from '../read/open.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { hashFile } from './hasher.ts'
import { findKnown } from './known.ts'
import { type Settings, settingsOf } from './settings.ts'

/** What a sweep would do with an input. */
export interface PlannedInput {
  readonly input: string
  /** `changed`: known, read with other settings; `again` would read it with these. */
  readonly status: 'new' | 'known' | 'changed' | 'empty' | 'failed'
  /** Under which name it is known; why it cannot be read. */
  readonly detail: string | undefined
  readonly format: string | undefined
  /** As it lies on the disk. */
  readonly bytes: number
}

/** What a plan is made with: settings as a sweep has them. */
export interface PlanOptions extends Settings {
  /** Undefined where there is none yet: everything is new to it. */
  readonly store: StoreReader | undefined
  readonly standardInput: Readable
  readonly hash: boolean
}

/**
 * What a sweep would do with a file, told without reading it into the store. A packed file is unpacked to be compared,
 * as a sweep does. Never throws on what is in a file.
 */
export async function planInput(input: string, options: PlanOptions): Promise<PlannedInput> {
  const planned = { input, detail: undefined, format: undefined, bytes: 0 }
  let open: OpenInput
  try {
    const { standardInput, format } = options
    open = await openInput(input, { standardInput, format, hashStandardInput: false })
  } catch (thrown) {
    return { ...planned, status: 'failed', detail: messageOf(thrown) }
  }
  const bytes = open.source.size ?? 0
  try {
    if (open.format === undefined) return { ...planned, status: 'empty' }
    const told = { ...planned, format: open.format.name, bytes }
    const known = await knownContent(input, open, options)
    if (known === undefined) return { ...told, status: 'new' }
    const status = known.settings === settingsOf(input, options) ? 'known' : 'changed'
    return { ...told, status, detail: known.input }
  } catch (thrown) {
    return { ...planned, status: 'failed', detail: messageOf(thrown), bytes }
  } finally {
    open.close()
  }
}

async function knownContent(input: string, open: OpenInput, { store, hash }: PlanOptions) {
  const { size } = open.source
  if (store === undefined || size === undefined) return undefined
  if (open.packed) await open.chunks.drain()
  else if (!store.knowsLength(size)) return undefined
  const content = open.packed ? open.fingerprint.finish() : fingerprintFile(input, size)
  return findKnown(store, content, () => (hash ? hashFile(input, size).hashes.then((one) => one.content) : undefined))
}
