import type { Readable } from 'node:stream'
import { toldOf } from '../base/errors.ts'
import { GrowingSamples } from '../read/growing-samples.ts'
import { type OpenInput, openInput } from '../read/open.ts'
import { statFile } from '../read/source.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { findKnown } from './known.ts'
import { look } from './look.ts'
import { unchanged } from './seen.ts'
import { type Settings, settingsOf } from './settings.ts'

/** What a sweep would do with an input. */
export interface PlannedInput {
  readonly input: string
  /**
   * `grown`: what it begins with is known. `changed`: known, read with other settings; `again` would read it with these.
   */
  readonly status: 'new' | 'grown' | 'known' | 'changed' | 'empty' | 'failed'
  /** Under which name it is known; why it cannot be read. */
  readonly detail: string | undefined
  readonly format: string | undefined
  /** As it lies on the disk. */
  readonly bytes: number
  /** Of one that has grown: bytes, unpacked, beyond what is known. */
  readonly added?: number
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
  const known = options.store && unchanged(input, options.store, options)
  if (known !== undefined) {
    const { input: detail, format } = known
    return { ...planned, status: 'known', detail, format, bytes: statFile(input)?.size ?? 0 }
  }
  let open: OpenInput
  try {
    const { standardInput, format } = options
    open = await openInput(input, { standardInput, format, hashUnpacked: false })
  } catch (thrown) {
    return { ...planned, status: 'failed', detail: toldOf(thrown) }
  }
  const bytes = open.source.size ?? 0
  try {
    if (open.format === undefined) return { ...planned, status: 'empty' }
    const told = { ...planned, format: open.format.name, bytes }
    const { store } = options
    const seen = store && (await look(input, open, { ...options, store, samples: new GrowingSamples() }))
    const known = seen?.content === undefined ? await packedContent(open, options) : seen.known
    if (known !== undefined) {
      const isKept = known.outgrown || known.settings === settingsOf(input, options)
      return { ...told, status: isKept ? 'known' : 'changed', detail: known.input }
    }
    const from = seen?.beginning
    if (from === undefined || seen?.content === undefined) return { ...told, status: 'new' }
    return { ...told, status: 'grown', detail: from.input, added: seen.content.length - from.length }
  } catch (thrown) {
    return { ...planned, status: 'failed', detail: toldOf(thrown), bytes }
  } finally {
    open.close()
  }
}

/** A packed file that begins as no known content does: it may be one that came through standard input. */
async function packedContent({ packed, chunks, fingerprint }: OpenInput, { store }: PlanOptions) {
  if (store === undefined || !packed) return undefined
  await chunks.drain()
  return findKnown(store, fingerprint.finish(), () => undefined)
}
