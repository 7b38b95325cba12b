import { grouped, plural } from '../base/text.ts'
import { formatDay } from '../base/time.ts'
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

/** Messages as receivers get them: with how each finding stands today, a title and a reason. */
export function noticesOf(store: StoreReader, rows: readonly Waiting[]): Notice[] {
  const findings = rows.flatMap((row) => (row.event === 'summary' ? [] : [row.finding]))
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
