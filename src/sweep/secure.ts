import { type GatherOptions, gather } from './gather.ts'

/** Findings whose evidence is gathered together: each input is read once for all of them. */
const TOGETHER = 5000

/**
 * Puts into the locker what proves the findings that are new or say something else since this was done last, so far as
 * their inputs are at hand. Gives of how many findings.
 */
export async function secureEvidence(options: GatherOptions): Promise<number> {
  const { locker } = options
  let after = ''
  let count = 0
  for (;;) {
    const findings = locker.unsecured(after, TOGETHER)
    if (findings.length === 0) return count
    locker.secured(await gather(findings, options, (found) => locker.keep(found)))
    count += findings.length
    after = findings.at(-1)!.id
  }
}
