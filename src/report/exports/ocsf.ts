import { harmlessJson } from '../../base/text.ts'
import { formatDay, type Micros } from '../../base/time.ts'
import type { Evidence, Grade, Severity, Verdict } from '../../model/finding.ts'
import type { FindingNotice, NoticeEvent } from '../../model/notice.ts'
import type { ReviewedFinding, ReviewState } from '../../model/review.ts'
import { reasonOf, titleOf } from '../finding-rows.ts'
import { statementLines, statementsTold } from '../statement-text.ts'
import { partsOf } from '../stix-pattern.ts'
import type { FindingsFormat } from './export-format.ts'

/** The version of the schema whose attributes these are. */
export const OCSF_VERSION = '1.5.0'

/** What the type `hostname_t` of the schema takes: no underscore, which names in DNS may have. */
const HOSTNAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

interface Normal {
  readonly id: number
  readonly caption: string
}

const SEVERITY: Readonly<Record<Severity, Normal>> = {
  none: { id: 1, caption: 'Informational' },
  low: { id: 2, caption: 'Low' },
  medium: { id: 3, caption: 'Medium' },
  high: { id: 4, caption: 'High' },
}
const STATUS: Readonly<Record<ReviewState, Normal>> = {
  open: { id: 1, caption: 'New' },
  acknowledged: { id: 2, caption: 'In Progress' },
  suppressed: { id: 3, caption: 'Suppressed' },
  closed: { id: 4, caption: 'Resolved' },
}
const CONFIDENCE: Readonly<Record<Grade, Normal>> = {
  indicative: { id: 1, caption: 'Low' },
  probable: { id: 2, caption: 'Medium' },
  confirmed: { id: 3, caption: 'High' },
}

/** A Detection Finding (class 2004) for each finding, its worst verdict first; what OCSF has no place for is `unmapped`. */
export const ocsf: FindingsFormat = {
  of: 'findings',
  name: 'ocsf',
  title: 'findings as Detection Findings of OCSF, a JSON object a line',
  documentation: 'https://schema.ocsf.io/1.5.0/classes/detection_finding',
  *write(findings, context) {
    for (const finding of findings) yield `${harmlessJson(ocsfEvent(finding, context.version))}\n`
  },
}

/** How a message about a finding is put: what was done to it, and how it stands where that is not as it was reviewed. */
const TOLD: Readonly<Record<NoticeEvent, { readonly activity: number; readonly status?: ReviewState }>> = {
  found: { activity: 1 },
  changed: { activity: 2 },
  gone: { activity: 3, status: 'closed' },
  suppressed: { activity: 2, status: 'suppressed' },
}

/** The event of a finding; of a message about it with its key as `metadata.uid`. */
export function ocsfEvent(
  finding: ReviewedFinding,
  version: string,
  told?: Pick<FindingNotice, 'key' | 'event'>,
): object {
  const worst = finding.verdicts[0]!
  const first = Math.min(...finding.verdicts.map((verdict) => verdict.first))
  const last = Math.max(...finding.verdicts.map((verdict) => verdict.last))
  const change = told && TOLD[told.event]
  const state = change?.status ?? finding.review?.value ?? 'open'
  const activity = change?.activity ?? (state === 'closed' ? 3 : finding.revision > 1 ? 2 : 1)
  const severity = SEVERITY[worst.severity.value]
  const confidence = CONFIDENCE[worst.grade.value]
  return {
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2004,
    class_name: 'Detection Finding',
    activity_id: activity,
    activity_name: ['Create', 'Update', 'Close'][activity - 1],
    type_uid: 200_400 + activity,
    time: millis(last),
    start_time: millis(first),
    end_time: millis(last),
    severity_id: severity.id,
    severity: severity.caption,
    status_id: STATUS[state].id,
    status: STATUS[state].caption,
    confidence_id: confidence.id,
    confidence: confidence.caption,
    message: titleOf(finding, worst),
    ...(finding.statements && { comment: finding.statements.flatMap(statementLines).join('\n') }),
    metadata: {
      ...(told && { uid: told.key }),
      version: OCSF_VERSION,
      product: { name: 'offchannel', vendor_name: 'offchannel', version },
    },
    finding_info: {
      uid: finding.id,
      title: titleOf(finding, worst),
      desc: reasonOf(worst),
      types: [finding.category],
      first_seen_time: millis(first),
      last_seen_time: millis(last),
      analytic: { type_id: 1, type: 'Rule', name: worst.ruling.rule, uid: finding.policy },
    },
    resources: [{ name: finding.client, type: 'client' }],
    evidences: finding.verdicts.flatMap(({ evidence }) => evidence.map((one) => evidenceOf(one, finding))),
    unmapped: {
      ...(told && { event: told.event }),
      app: finding.app,
      app_name: finding.appName,
      day: formatDay(finding.day),
      revision: finding.revision,
      network: finding.network,
      scope: finding.scope,
      group: finding.group,
      whose: finding.whose?.value,
      verdicts: finding.verdicts.map(verdictOf),
      ...(finding.statements && { statements: statementsTold(finding.statements) }),
    },
  }
}

function evidenceOf(evidence: Evidence, { client }: ReviewedFinding): object {
  const { type, value } = partsOf(evidence.indicator)
  const { indicator, means, action, input, unit, firstAt, lastAt, count } = evidence
  return {
    src_endpoint: { name: client },
    ...((type === 'exact' || type === 'suffix') && HOSTNAME.test(value) && { dst_endpoint: { hostname: value } }),
    data: { indicator, means, action, input, unit, firstAt, lastAt, count },
  }
}

function verdictOf({ route, bypass, ruling, grade, activity, severity, minutes, blocked }: Verdict): object {
  return {
    route: route.value,
    bypass,
    ruling: ruling.value,
    ruling_by: ruling.rule,
    grade: grade.value,
    activity: activity.value,
    severity: severity.value,
    minutes,
    blocked,
  }
}

/** OCSF counts milliseconds (`timestamp_t`). */
function millis(time: Micros): number {
  return Math.floor(time / 1000)
}
