import { harmlessJson } from '../base/text.ts'
import { formatDay, formatMicros } from '../base/time.ts'
import type { Notice, Summary, SummaryNotice } from '../model/notice.ts'
import { ECS_VERSION, ecsDocuments } from './exports/ecs.ts'
import { OCSF_VERSION, ocsfEvent } from './exports/ocsf.ts'

/** Messages to receivers as `export ecs` and `export ocsf` write findings, a JSON object a line; a summary is one. */
export const noticeLines = {
  *ecs(notice: Notice, version: string): Generator<string, void, undefined> {
    if (notice.event === 'summary') yield `${harmlessJson(ecsSummary(notice, version))}\n`
    else for (const one of ecsDocuments(notice.finding, version, notice)) yield `${harmlessJson(one)}\n`
  },
  *ocsf(notice: Notice, version: string): Generator<string, void, undefined> {
    const event = notice.event === 'summary' ? ocsfSummary(notice, version) : ocsfEvent(notice.finding, version, notice)
    yield `${harmlessJson(event)}\n`
  },
}

function ecsSummary({ key, at, title, reason, summary }: SummaryNotice, version: string): object {
  return {
    '@timestamp': formatMicros(at),
    ecs: { version: ECS_VERSION },
    message: title,
    event: { kind: 'event', module: 'offchannel', dataset: 'offchannel.findings', id: key, reason },
    observer: { vendor: 'offchannel', product: 'offchannel', type: 'policy-monitor', version },
    offchannel: { message: key, event: 'summary', ...countsOf(summary) },
  }
}

function ocsfSummary({ key, at, title, reason, summary }: SummaryNotice, version: string): object {
  return {
    ...{ category_uid: 2, category_name: 'Findings', class_uid: 2004, class_name: 'Detection Finding' },
    ...{ activity_id: 1, activity_name: 'Create', type_uid: 200_401, time: Math.floor(at / 1000) },
    ...{ severity_id: 1, severity: 'Informational', status_id: 1, status: 'New', message: title },
    metadata: {
      ...{ uid: key, version: OCSF_VERSION },
      product: { name: 'offchannel', vendor_name: 'offchannel', version },
    },
    finding_info: { uid: key, title, desc: reason },
    unmapped: { event: 'summary', ...countsOf(summary) },
  }
}

function countsOf({ firstDay, lastDay, ...counts }: Summary): object {
  return {
    ...counts,
    ...(firstDay !== undefined && { first_day: formatDay(firstDay) }),
    ...(lastDay !== undefined && { last_day: formatDay(lastDay) }),
  }
}
