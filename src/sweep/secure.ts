import type { Finding } from '../model/finding.ts'
import type { Locker } from '../store/locker.ts'
import { type GatherOptions, gather } from './gather.ts'

/** Findings whose evidence is gathered together: each input is read once for all of them. */
const TOGETHER = 100_000

/** Findings that are in memory with all that they say. */
const PAGE = 1000

/**
 * Puts into the locker what proves the findings that are new or say something else since this was done last, so far as
 * their inputs are at hand. Gives of how many findings.
 */
export async function secureEvidence(options: GatherOptions): Promise<number> {
  const { locker } = options
  let after = ''
  let count = 0
  // Most passes of a watch change no finding: then nothing is listed for it.
  while (locker.unsecured(after, 1).length > 0) {
    const gathered = await gather(pages(locker, after), options, (found) => locker.keep(found))
    locker.secured(gathered)
    count += gathered.length
    after = gathered.at(-1)!.id
  }
  return count
}

/** Those behind an id, as many as are gathered together, in the order of their ids. */
function* pages(locker: Locker, after: string): Iterable<Finding> {
  let last = after
  for (let count = 0; count < TOGETHER; count += PAGE) {
    const page = locker.unsecured(last, PAGE)
    yield* page
    if (page.length < PAGE) return
    last = page.at(-1)!.id
  }
}
