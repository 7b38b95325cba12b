import { harmlessJson } from '../base/text.ts'
import { formatDay, formatMicros } from '../base/time.ts'
import type { HeadNotice, Notice, Summary, SummaryNotice } from '../model/notice.ts'
import { ECS_VERSION, ecsDocuments } from './exports/ecs.ts'
import { OCSF_VERSION, ocsfEvent } from './exports/ocsf.ts'

/** Messages to receivers as `export ecs` and `export ocsf` write findings, a JSON object a line; a summary or a head is one. */
export const noticeLines = {
  *ecs(notice: Notice, version: string): Generator<string, void, undefined> {
    if (notice.event === 'summary') yield `${harmlessJson(ecsSummary(notice, version))}\n`
    else if (notice.event === 'head') yield `${harmlessJson(ecsHead(notice, version))}\n`
    else for (const one of ecsDocuments(notice.finding, version, notice)) yield `${harmlessJson(one)}\n`
  },
  *ocsf(notice: Notice, version: string): Generator<string, void, undefined> {
    if (notice.event === 'summary') yield `${harmlessJson(ocsfSummary(notice, version))}\n`
    else if (notice.event === 'head') yield `${harmlessJson(ocsfHead(notice, version))}\n`
    else yield `${harmlessJson(ocsfEvent(notice.finding, version, notice))}\n`
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

function ecsHead({ key, event, at, title, reason, head, proof }: HeadNotice, version: string): object {
  return {
    '@timestamp': formatMicros(at),
    ecs: { version: ECS_VERSION },
    message: title,
    event: {
      ...{ kind: 'event', category: ['configuration'], type: ['info'], action: 'audit-head' },
      ...{ module: 'offchannel', dataset: 'offchannel.audit', id: key, reason },
    },
    observer: { vendor: 'offchannel', product: 'offchannel', type: 'policy-monitor', version },
    offchannel: { message: key, event, log: head.log, entry: head.seq, hash: head.hash, head: proof },
  }
}

/** Base Event (class 0, activity Other): that a log stands where it stands is no finding, and no other class has it. */
function ocsfHead({ key, event, at, title, reason, head, proof }: HeadNotice, version: string): object {
  return {
    ...{ category_uid: 0, category_name: 'Uncategorized', class_uid: 0, class_name: 'Base Event' },
    ...{ activity_id: 99, activity_name: 'Audit Head', type_uid: 99, time: Math.floor(at / 1000) },
    ...{ severity_id: 1, severity: 'Informational', status_id: 1, status: 'Success', message: title },
    status_detail: reason,
    metadata: {
      ...{ uid: key, version: OCSF_VERSION },
      product: { name: 'offchannel', vendor_name: 'offchannel', version },
    },
    unmapped: { event, log: head.log, entry: head.seq, hash: head.hash, head: proof },
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
