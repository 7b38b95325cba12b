import { harmlessJson } from '../../base/text.ts'
import { formatDay, formatMicros } from '../../base/time.ts'
import { SEVERITIES, type Severity, type Verdict } from '../../model/finding.ts'
import type { FindingNotice } from '../../model/notice.ts'
import type { ReviewedFinding } from '../../model/review.ts'
import { NAME_TYPES } from '../../model/signature.ts'
import { reasonOf, titleOf } from '../finding-rows.ts'
import { statementsTold } from '../statement-text.ts'
import { partsOf } from '../stix-pattern.ts'
import type { FindingsFormat } from './export-format.ts'

/** The version of the Elastic Common Schema whose fields these are. */
export const ECS_VERSION = '8.17.0'

/**
 * A document for each verdict: fields of ECS, and under `offchannel` what ECS has no field for. The client stands in
 * `client.address`, which may hold what is no address.
 */
export const ecs: FindingsFormat = {
  of: 'findings',
  name: 'ecs',
  title: 'findings as documents of the Elastic Common Schema, a JSON object a line',
  documentation: 'https://www.elastic.co/docs/reference/ecs',
  *write(findings, context) {
    for (const finding of findings) {
      for (const document of ecsDocuments(finding, context.version)) yield `${harmlessJson(document)}\n`
    }
  },
}

/** A document for each verdict, the worst first; of a message about the finding with its key and its event. */
export function ecsDocuments(finding: ReviewedFinding, version: string, told?: Told): object[] {
  return finding.verdicts.map((verdict) => documentOf(finding, verdict, version, told))
}

type Told = Pick<FindingNotice, 'key' | 'event'>

function documentOf(finding: ReviewedFinding, verdict: Verdict, version: string, told: Told | undefined): object {
  const { first, last, ruling, route, grade, activity, severity } = verdict
  const names = verdict.evidence.map(({ indicator }) => partsOf(indicator))
  const hosts = [...new Set(names.filter(({ type }) => NAME_TYPES.includes(type)).map(({ value }) => value))]
  return {
    '@timestamp': formatMicros(last),
    ecs: { version: ECS_VERSION },
    message: titleOf(finding, verdict),
    event: {
      kind: 'alert',
      category: ['network'],
      type: [
        ...['connection', verdict.blocked ? 'denied' : 'info'],
        ...(told?.event === 'gone' || told?.event === 'suppressed' ? ['end'] : []),
      ],
      module: 'offchannel',
      dataset: 'offchannel.findings',
      id: `${finding.id}/${route.value}`,
      action: activity.value,
      severity: severityNumber(severity.value),
      start: formatMicros(first),
      end: formatMicros(last),
      duration: (last - first) * 1000,
      reason: reasonOf(verdict),
    },
    rule: { name: ruling.rule, category: ruling.value, ruleset: finding.policy },
    client: { address: finding.client },
    network: { application: finding.app, ...(finding.network !== '' && { name: finding.network }) },
    ...(hosts.length > 0 && { related: { hosts } }),
    observer: { vendor: 'offchannel', product: 'offchannel', type: 'policy-monitor', version },
    offchannel: {
      ...(told && { message: told.key, event: told.event }),
      finding: finding.id,
      revision: finding.revision,
      day: formatDay(finding.day),
      app_name: finding.appName,
      category: finding.category,
      scope: finding.scope,
      group: finding.group,
      whose: finding.whose?.value,
      state: finding.review?.value ?? 'open',
      severity: severity.value,
      route: route.value,
      bypass: verdict.bypass,
      grade: grade.value,
      blocked: verdict.blocked,
      minutes: verdict.minutes,
      ...(finding.statements && { statements: statementsTold(finding.statements) }),
    },
  }
}

/** 0 for none, 3 for high: the greater the worse. */
function severityNumber(severity: Severity): number {
  return SEVERITIES.length - 1 - SEVERITIES.indexOf(severity)
}
