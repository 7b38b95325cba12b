import type { Day, Micros } from '../base/time.ts'
import type { SignedHead } from './audit.ts'
import type { Severity } from './finding.ts'
import type { ReviewedFinding } from './review.ts'

/**
 * What became of a finding, as receivers are told. found: it is there, for the first time or again. changed: it says
 * something else. gone: it is no longer found, or nothing that the policy minds. suppressed: somebody has put it out of
 * sight; it is `found` again when that ends.
 */
export const NOTICE_EVENTS = ['found', 'changed', 'gone', 'suppressed'] as const
export type NoticeEvent = (typeof NOTICE_EVENTS)[number]

interface Message {
  /** Stays the same however often it is sent, and is that of no other: what receivers drop repetitions by. */
  readonly key: string
  /** When it was judged. */
  readonly at: Micros
  /** One line, and sentences: harmless text. */
  readonly title: string
  readonly reason: string
}

/** A message about one finding, as it was when it was judged; how it stands, as it is when the message is sent. */
export interface FindingNotice extends Message {
  readonly event: NoticeEvent
  readonly finding: ReviewedFinding
}

/** A message in place of many. */
export interface SummaryNotice extends Message {
  readonly event: 'summary'
  readonly summary: Summary
}

/** A message that the store's audit log had an entry. */
export interface HeadNotice extends Message {
  readonly event: 'head'
  readonly head: SignedHead
  /** The same as one word that no form of a message has to escape: what `audit verify` looks for. */
  readonly proof: string
}

/** What is delivered to receivers outside. */
export type Notice = FindingNotice | SummaryNotice | HeadNotice

/** The finding that a message is about; undefined for one that is about none. */
export function findingIn(notice: Notice): ReviewedFinding | undefined {
  return notice.event === 'summary' || notice.event === 'head' ? undefined : notice.finding
}

/**
 * Findings that are not told one by one. first: they were there before the output was. old: of days long past. many:
 * more at once than anybody reads. full: too many messages wait already.
 */
export interface Summary {
  readonly why: 'first' | 'old' | 'many' | 'full'
  readonly findings: number
  readonly severities: Readonly<Record<Severity, number>>
  readonly bypasses: number
  /** Absent where there are no findings. */
  readonly firstDay?: Day
  readonly lastDay?: Day
  /** Changes and retractions that are left out as well. */
  readonly changes: number
}

/** How grave a receiver is to take a message: the finding's severity; none for a retraction, a summary or a head. */
export function gravityOf(notice: Notice): Severity {
  if (notice.event !== 'found' && notice.event !== 'changed') return 'none'
  return notice.finding.verdicts[0]!.severity.value
}
