import { headWord } from '../audit/heads.ts'
import { grouped, plural } from '../base/text.ts'
import { formatDay } from '../base/time.ts'
import type { AuditHead, SignedHead } from '../model/audit.ts'
import { SEVERITIES } from '../model/finding.ts'
import type { Notice, Summary } from '../model/notice.ts'
import { reasonOf, titleOf } from '../report/finding-rows.ts'
import type { Waiting } from '../store/outbox-queue.ts'
import type { StoreReader } from '../store/store-reader.ts'
import { today } from './clock.ts'
import { reviewed } from './reviewed.ts'

const TITLES = { found: '', changed: 'Changed: ', gone: 'Withdrawn: ', suppressed: 'Suppressed: ' } as const

const SUMMED_UP: Readonly<Record<Summary['why'], string>> = {
  first: 'They were in the store before this receiver was told of anything.',
  old: 'They are of days long past, and were judged at once.',
  many: 'They were judged at once, and are more than anybody reads one by one.',
  full: 'Too many messages wait for receivers already.',
}

/**
 * Messages as receivers get them: with how each finding stands today, a title and a reason; heads of the audit log signed,
 * each in the same way however often it is sent.
 */
export function noticesOf(
  store: StoreReader,
  rows: readonly Waiting[],
  sign: (head: AuditHead) => SignedHead,
): Notice[] {
  const findings = rows.flatMap((row) => ('finding' in row ? [row.finding] : []))
  const standing = reviewed(store, findings, today())
  let n = 0
  return rows.map((row): Notice => {
    const { seq, at, event } = row
    if (event === 'summary') {
      const { summary } = row
      const title = summaryTitle(summary)
      const advice = '`offchannel findings` lists them.'
      return { key: `summary.${at}.${seq}`, at, event, summary, title, reason: `${SUMMED_UP[summary.why]} ${advice}` }
    }
    if (event === 'head') {
      const head = sign(row.head)
      const reason = `What was done to the store up to entry ${head.seq}: keep it where whoever can write to the store cannot.`
      const key = `head.${head.log.slice(0, 16)}.${head.seq}.${seq}`
      return { key, at, event, head, proof: headWord(head), title: `Audit log up to entry ${head.seq}`, reason }
    }
    const finding = standing[n++]!
    const worst = finding.verdicts[0]!
    const isGone = event === 'gone' && worst.severity.value !== 'none'
    return {
      ...{ key: `${finding.id}.${finding.revision}.${seq}`, at, event, finding },
      title: TITLES[event] + titleOf(finding, worst),
      reason: isGone ? 'It is no longer found: what was told of it does not hold.' : reasonOf(worst),
    }
  })
}

function summaryTitle({ findings, severities, bypasses, firstDay, lastDay, changes }: Summary): string {
  const parts: string[] = []
  if (findings > 0) {
    const counts = SEVERITIES.filter((severity) => severities[severity] > 0).map(
      (severity) => `${grouped(severities[severity])} ${severity}`,
    )
    const days = firstDay === undefined ? '' : ` of ${formatDay(firstDay)} to ${formatDay(lastDay ?? firstDay)}`
    parts.push(
      `${plural(findings, 'finding')}${days} (${counts.join(', ')}; ${plural(bypasses, 'bypass', 'bypasses')})`,
    )
  }
  if (changes > 0) parts.push(plural(changes, 'change'))
  return `Not told one by one: ${parts.join(' and ')}`
}
