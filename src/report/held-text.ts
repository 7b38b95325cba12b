import { harmless, plural } from '../base/text.ts'
import { type Day, formatDay } from '../base/time.ts'
import type { HeldAbout } from '../model/held-about.ts'
import { findingText } from './finding-text.ts'
import { reviewLines } from './review-text.ts'
import { statementLines } from './statement-text.ts'
import type { Style } from './style.ts'

function identityText({ kind, clear, sealed }: HeldAbout): string {
  if (clear !== undefined) return `The store keeps the ${kind} itself: ${harmless(clear)}.`
  if (sealed) return `The store keeps the ${kind} itself encrypted: those whom it was made for can unseal it.`
  return `The store knows this ${kind} by a pseudonym only: the name or address itself is not in it.`
}

/** All that a store holds about one pseudonym, in words that a person who is no analyst can read. */
export function heldText(held: HeldAbout, style: Style): string {
  const { label, seen, tunnels, sessions, answers, findings } = held
  const lines = [style('bold', harmless(label)), identityText(held)]
  const section = (title: string, entries: readonly string[], nothing: string) => {
    lines.push(
      '',
      style('bold', title),
      ...(entries.length === 0 ? [`  ${nothing}`] : entries.map((one) => `  ${one}`)),
    )
  }
  section(
    'What was seen of it',
    seen.map(({ app, network, sightings, ...days }) => {
      const where = network === '' ? '' : ` in ${harmless(network)}`
      return `${harmless(app)}${where}: ${plural(sightings, 'quarter-hour entry', 'quarter-hour entries')}, ${daysText(days)}`
    }),
    'No use of an app is held.',
  )
  const others = [
    ...tunnels.map(({ gateway, quarters, ...days }) => {
      return `VPN tunnel to ${harmless(gateway)}: ${plural(quarters, 'quarter-hour')}, ${daysText(days)}`
    }),
    ...sessions.map(({ kind: of, records, ...days }) => `${plural(records, `record`)} of a ${of}, ${daysText(days)}`),
    ...answers.map(({ app, answers: count, ...days }) => {
      return `${plural(count, 'answer')} of DNS for ${harmless(app)}, ${daysText(days)}`
    }),
  ]
  section('Tunnels, leases and look-ups', others, 'None are held.')
  section('Findings', findings.length === 0 ? [] : [`${plural(findings.length, 'finding')}:`], 'None are held.')
  for (const { finding, reviews, statements, evidence } of findings) {
    const below = [
      ...reviews.flatMap(reviewLines),
      ...statements.flatMap(statementLines),
      ...(evidence > 0 ? [`${plural(evidence, 'frame or line', 'frames and lines')} of evidence, sealed`] : []),
    ]
    lines.push('', findingText(finding, style), ...below.map((line) => `  ${line}`))
  }
  lines.push('', ...restLines(held))
  return lines.join('\n')
}

function restLines({ goneReviews, suppressions, messages, holds }: HeldAbout): string[] {
  return [
    `${plural(goneReviews, 'review')} of findings that are gone, ${plural(suppressions, 'suppression')}, ${plural(messages, 'message')} waiting for receivers.`,
    holds.length === 0
      ? 'No legal hold names it.'
      : `${plural(holds.length, 'legal hold names', 'legal holds name')} it: number ${holds.map(({ seq }) => seq).join(', ')}.`,
  ]
}

function daysText({ firstDay, lastDay }: { readonly firstDay: Day; readonly lastDay: Day }): string {
  return firstDay === lastDay ? formatDay(firstDay) : `${formatDay(firstDay)} to ${formatDay(lastDay)}`
}
