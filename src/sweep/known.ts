import type { Fingerprint } from '../read/fingerprint.ts'
import type { KnownContent } from '../store/readings.ts'
import type { StoreReader } from '../store/store-reader.ts'

/**
 * The content that a store knows by this fingerprint: where both sides have the SHA-256 of every byte, that decides. It
 * is asked for only where length and sample are those of a known one.
 */
export async function findKnown(
  store: Pick<StoreReader, 'findContent'>,
  { length, sample }: Fingerprint,
  sha256Of: () => Promise<string | undefined> | undefined,
): Promise<KnownContent | undefined> {
  const candidates = store.findContent(length, sample)
  if (candidates.length === 0) return undefined
  const sha256 = await sha256Of()
  return candidates.find((one) => sha256 === undefined || one.sha256 === undefined || one.sha256 === sha256)
}
