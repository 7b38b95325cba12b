import { type Day, formatDay, formatMinute } from '../base/time.ts'
import { SEVERITIES } from '../model/finding.ts'
import {
  type FindingHead,
  type Gravity,
  gravityText,
  type Review,
  type ReviewState,
  type Standing,
  type Suppression,
} from '../model/review.ts'

/** More severe, or a bypass that was none: what was decided then was not decided on this. */
export function isGraver(now: Gravity, then: Gravity): boolean {
  return SEVERITIES.indexOf(now.severity) < SEVERITIES.indexOf(then.severity) || (now.bypass && !then.bypass)
}

/** The gravest severity of these, and whether any is a bypass; undefined of none. */
export function gravest(all: Iterable<Gravity>): Gravity | undefined {
  let found: Gravity | undefined
  for (const { severity, bypass } of all) {
    found ??= { severity, bypass }
    const worse = SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(found.severity) ? severity : found.severity
    found = { severity: worse, bypass: found.bypass || bypass }
  }
  return found
}

/** Whether it is about this finding, holds on this day and was not lifted. */
export function isInForce(
  { finding, app, client, until, lifted }: Suppression,
  head: FindingHead,
  today: Day,
): boolean {
  if (lifted !== undefined || until < today) return false
  if (finding === '') return app === head.app && (client === '' || client === head.client)
  return finding === head.id || head.succeeds?.includes(finding) === true
}

/** It was a user's or device's when something was decided on it, and is somebody else's, or nobody's, now. */
function isOthers(head: FindingHead, { holder }: Pick<Review, 'holder'>): boolean {
  return holder !== '' && holder !== head.holder
}

const DECISIONS = { acknowledge: 'acknowledged', close: 'closed', reopen: 'open' } as const satisfies Partial<
  Record<Review['action'], ReviewState>
>

/** The state that a decision gave, whatever the finding has become since; notes decide nothing. */
export function decisionOf(reviews: readonly Review[]): { state: ReviewState; review: Review } | undefined {
  const review = reviews.findLast(({ action }) => action !== 'note')
  return review && { state: DECISIONS[review.action as keyof typeof DECISIONS], review }
}

/**
 * How a finding stands on a day, by the rules of docs/reviewing.md in their order. It follows from what was recorded,
 * the finding as it is now and the day alone, so judging there and back changes nothing.
 *
 * @param reviews of this finding, and of those that are gone of which it has a part, the oldest first.
 */
export function standingOf(
  head: FindingHead,
  reviews: readonly Review[],
  suppressions: readonly Suppression[],
  today: Day,
): Standing {
  const decision = decisionOf(reviews)
  const handedOver = decision !== undefined && isOthers(head, decision.review)
  const overtaken = decision !== undefined && (handedOver || isGraver(head, decision.review.gravity))
  if (decision?.state === 'closed' && !overtaken) return decided(decision.review, 'closed', 'closed it')

  const covering = suppressions.filter((one) => isInForce(one, head, today))
  const suppression = covering.find((one) => !isGraver(head, one.gravity) && !isOthers(head, one))
  if (suppression !== undefined) {
    const { seq, author, until } = suppression
    const reason = `${author} suppressed it until ${formatDay(until)} (suppression ${seq}).`
    return { value: 'suppressed', rule: 'suppressed', reason }
  }
  if (overtaken && decision.state !== 'open') {
    const { author, at, gravity } = decision.review
    const what = `${author} ${decision.state === 'closed' ? 'closed' : 'acknowledged'} it on ${formatMinute(at)} UTC`
    if (handedOver) {
      const reason = `It is somebody else's: ${what} when it was of ${decision.review.holder}, and it is of ${head.client} now.`
      return { value: 'open', rule: 'somebody-elses', reason }
    }
    const reason = `It got worse: ${what} when it was ${gravityText(gravity)}, and it is ${gravityText(head)} now.`
    return { value: 'open', rule: 'got-worse', reason }
  }
  if (decision?.state === 'acknowledged') return decided(decision.review, 'acknowledged', 'acknowledged it')
  if (covering.length > 0) {
    const { seq, gravity, holder } = covering[0]!
    if (!isGraver(head, gravity)) {
      const reason = `Suppression ${seq} is about what was of ${holder}, and it is of ${head.client} now.`
      return { value: 'open', rule: 'somebody-elses', reason }
    }
    const reason = `Suppression ${seq} covers what is ${gravityText(gravity)} at most, and it is ${gravityText(head)}.`
    return { value: 'open', rule: 'graver-than-suppressed', reason }
  }
  if (decision?.state === 'open') return decided(decision.review, 'open', 'reopened it', 'reopened')
  return { value: 'open', rule: 'not-reviewed', reason: 'Nobody has decided on it.' }
}

function decided({ author, at }: Review, value: ReviewState, did: string, rule: string = value): Standing {
  return { value, rule, reason: `${author} ${did} on ${formatMinute(at)} UTC.` }
}
