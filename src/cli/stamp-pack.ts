import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Bag } from '../prove/bag.ts'

/** How a pack gets its time-stamp. */
export interface StampOptions {
  readonly timestampQuery?: string
  readonly timestampReply?: string
  readonly timestampUrl?: string
}

/**
 * Writes what to ask an authority, and puts its reply into a signed pack, as the options say. Throws `usage` for a reply
 * that is no time-stamp of the pack's signature.
 */
export async function stampPack({ files }: Bag, options: StampOptions): Promise<void> {
  const { timestampQuery, timestampReply, timestampUrl } = options
  if (timestampQuery === undefined && timestampReply === undefined && timestampUrl === undefined) return
  const [{ checkTimeStamp, timeStampQuery }, { RAW_SIGNATURE }, { timeStampPath }, { readSmall, writePrivate }] =
    await Promise.all([
      import('../prove/time-stamp.ts'),
      import('../prove/pack.ts'),
      import('../prove/verify.ts'),
      import('./pack-files.ts'),
    ])
  const signature = files.get(RAW_SIGNATURE)!
  const query = timeStampQuery(signature)
  if (timestampQuery !== undefined) writePrivate(timestampQuery, query)
  if (timestampReply === undefined && timestampUrl === undefined) return
  const reply = timestampReply === undefined ? await fetchReply(timestampUrl!, query) : readSmall(timestampReply)
  try {
    checkTimeStamp(reply, signature, undefined)
  } catch (thrown) {
    const words = `${harmless(timestampReply ?? timestampUrl!)}: no time-stamp of this pack's signature: ${messageOf(thrown)}`
    throw new OffchannelError('usage', words, { cause: thrown })
  }
  files.set(timeStampPath(reply), reply)
}

/** RFC 3161 §3.4. */
async function fetchReply(url: string, query: Buffer): Promise<Buffer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: new Uint8Array(query),
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  } catch (thrown) {
    throw new OffchannelError('usage', `--timestamp-url ${harmless(url)}: ${messageOf(thrown)}`, { cause: thrown })
  }
}
