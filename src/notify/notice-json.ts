import { formatDay, formatMicros } from '../base/time.ts'
import type { FindingNotice, HeadNotice, Notice, SummaryNotice } from '../model/notice.ts'

/** A message as one flat object without evidence, which docs/outputs.md explains: some 1 to 3 kB as JSON. */
export function noticeJson(notice: Notice): Readonly<Record<string, unknown>> {
  if (notice.event === 'head') return headJson(notice)
  return notice.event === 'summary' ? summaryJson(notice) : findingJson(notice)
}

function findingJson({ key, event, at, title, reason, finding }: FindingNotice): Readonly<Record<string, unknown>> {
  const worst = finding.verdicts[0]!
  return {
    ...{ message: key, event, time: formatMicros(at), title },
    ...{ finding: finding.id, revision: finding.revision, day: formatDay(finding.day), client: finding.client },
    ...{ app: finding.app, appName: finding.appName, category: finding.category },
    ...{ network: finding.network, scope: finding.scope, group: finding.group, state: finding.review?.value ?? 'open' },
    ...{ severity: worst.severity.value, bypass: worst.bypass, route: worst.route.value, ruling: worst.ruling.value },
    ...{ rulingBy: worst.ruling.rule, grade: worst.grade.value, activity: worst.activity.value },
    ...{ blocked: worst.blocked, minutes: worst.minutes },
    ...{ first: formatMicros(worst.first), last: formatMicros(worst.last), reason, policy: finding.policy },
    ...(finding.statements && { statements: finding.statements.map(({ text }) => text) }),
  }
}

function headJson({ key, event, at, title, reason, head, proof }: HeadNotice): Readonly<Record<string, unknown>> {
  const { log, seq: entry, hash } = head
  return { message: key, event, time: formatMicros(at), title, log, entry, hash, head: proof, reason }
}

function summaryJson({ key, event, at, title, reason, summary }: SummaryNotice): Readonly<Record<string, unknown>> {
  const { firstDay, lastDay, ...counts } = summary
  return {
    ...{ message: key, event, time: formatMicros(at), title, reason, ...counts },
    ...(firstDay !== undefined && { firstDay: formatDay(firstDay) }),
    ...(lastDay !== undefined && { lastDay: formatDay(lastDay) }),
  }
}
