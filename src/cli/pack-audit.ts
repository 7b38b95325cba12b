import type { KeyObject } from 'node:crypto'
import type { Claim } from '../audit/verify-extract.ts'
import { messageOf } from '../base/errors.ts'
import { formatMicros, isTime } from '../base/time.ts'
import type { Finding } from '../model/finding.ts'
import type { FindingStatement } from '../model/retention.ts'
import type { Review } from '../model/review.ts'
import type { FindingRevision } from '../model/revision.ts'
import type { PackFiles } from '../prove/bag.ts'
import type { Check } from '../prove/verify.ts'
import { readAuditKey } from './audit-key.ts'
import { readPublishedHeads } from './published-heads.ts'

/** The extract of a store's audit log for a pack of these findings. Throws where the log does not fit together. */
export async function auditFiles(
  file: string,
  findings: readonly Finding[],
  headsFile: string | undefined,
): Promise<PackFiles> {
  const [{ AuditLog }, { auditExtract }, { concernOf }] = await Promise.all([
    import('../store/audit.ts'),
    import('../audit/extract.ts'),
    import('../audit/concerns.ts'),
  ])
  const { heads } = await readPublishedHeads(headsFile === undefined ? [] : [headsFile])
  const log = AuditLog.openReadOnly(file)
  try {
    const concerns = concernOf(findings.map((finding) => log.traceOf(finding)))
    return auditExtract({ file, log: log.name(), each: (from) => log.each(from) }, concerns, heads)
  } finally {
    log.close()
  }
}

/** Checks the extract of a pack against its heads, and what the pack says of its findings against the extract. */
export async function checkAudit(
  files: PackFiles,
  findings: readonly string[],
  keyFile: string | undefined,
): Promise<Check[]> {
  const [{ checkExtract }, { digestOf }] = await Promise.all([
    import('../audit/verify-extract.ts'),
    import('../audit/entry.ts'),
  ])
  const what = 'audit'
  const key: KeyObject | undefined = keyFile === undefined ? undefined : await readAuditKey(keyFile)
  const claims: Claim[] = []
  const checks: Check[] = []
  for (const id of findings) {
    try {
      claims.push(...claimsOf(files, id, digestOf))
    } catch (thrown) {
      checks.push({ what, outcome: 'fails', detail: `data/findings/${id}.json: ${messageOf(thrown)}` })
    }
  }
  const { holds, fails, notChecked } = checkExtract(files, claims, key)
  const told = (outcome: Check['outcome'], all: readonly string[]) =>
    all.map((detail): Check => ({ what, outcome, detail }))
  return [...checks, ...told('holds', holds), ...told('fails', fails), ...told('not checked', notChecked)]
}

/** What a pack says was done to a finding. Throws where its file is none of a pack. */
function claimsOf(files: PackFiles, id: string, digestOf: (texts: readonly string[]) => string): Claim[] {
  const file = files.get(`data/findings/${id}.json`)
  if (file === undefined) throw new Error('is missing')
  const { history, reviews, statements } = JSON.parse(Buffer.from(file).toString()) as {
    readonly history: readonly FindingRevision[]
    readonly reviews: readonly Review[]
    readonly statements: readonly FindingStatement[]
  }
  for (const { at } of [...history, ...reviews, ...statements])
    if (!isTime(at)) throw new Error('has a time that is none')
  return [
    ...history.map(
      ({ at, revision }): Claim => ({
        ...{ action: 'judge', at, author: undefined, digest: undefined },
        what: `revision ${revision} of ${id}, ${formatMicros(at)}`,
      }),
    ),
    ...reviews.map(
      ({ at, author, action, text, finding }): Claim => ({
        ...{ action: 'review', at, author, digest: digestOf([action, text, finding]) },
        what: `what ${author} did to ${id} at ${formatMicros(at)}`,
      }),
    ),
    ...statements.map(
      ({ at, author, text, finding }): Claim => ({
        ...{ action: 'correct', at, author, digest: digestOf([finding, text]) },
        what: `the statement of ${author} at ${formatMicros(at)}`,
      }),
    ),
  ]
}
