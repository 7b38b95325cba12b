import type { Content } from '../model/reading.ts'
import { fingerprintAt, fingerprintFile } from '../read/fingerprint.ts'
import type { OpenInput } from '../read/open.ts'
import { STANDARD_INPUT, statFile } from '../read/source.ts'
import type { SeenFile } from '../store/growth.ts'
import type { Store } from '../store/store.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { type Settings, settingsOf, withSlashes } from './settings.ts'

/**
 * What is known of a file that has not changed since its content became known: told by its times and number, and by its
 * sample, without unpacking or recognising it. Undefined where more must be looked at.
 */
export function unchanged(
  input: string,
  store: Pick<StoreReader, 'seenFile'>,
  settings: Settings,
): SeenFile | undefined {
  if (input === STANDARD_INPUT) return undefined
  const seen = store.seenFile(withSlashes(input))
  if (seen === undefined || seen.settings !== settingsOf(input, settings)) return undefined
  try {
    const now = statFile(input)
    if (now?.stat !== seen.stat) return undefined
    return fingerprintFile(input, now.size).sample === seen.sample ? seen : undefined
  } catch {
    // Whoever opens it will say why it cannot be read.
    return undefined
  }
}

/** Remembers a file that is open as one whose content is known. */
export function remember(
  input: string,
  { source, packed }: OpenInput,
  content: Pick<Content, 'length' | 'sample'>,
  store: Pick<Store, 'see'>,
): void {
  const { file, size } = source
  if (file === undefined || size === undefined) return
  const sample = packed ? fingerprintAt(file.readAt, size).sample : content.sample
  store.see({ path: withSlashes(input), stat: file.stat, sample, content })
}
