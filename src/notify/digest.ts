import { grouped, plural } from '../base/text.ts'
import { formatMinute } from '../base/time.ts'
import { SEVERITIES } from '../model/finding.ts'
import { findingIn, gravityOf, NOTICE_EVENTS, type Notice } from '../model/notice.ts'

/** Messages of one kind that a digest lists. */
const LISTED = 50

const HEADINGS = {
  found: 'New',
  changed: 'Changed',
  gone: 'Withdrawn: no longer found, or of no concern',
  suppressed: 'Suppressed',
} as const

/** Subject and plain text of one mail about all of these messages. */
export function digest(notices: readonly Notice[]): { readonly subject: string; readonly text: string } {
  const paragraphs: string[] = []
  const counts: string[] = []
  const summaries = notices.filter(({ event }) => event === 'summary')
  for (const { title, reason } of summaries) paragraphs.push(`${title}\n${reason}`)
  if (summaries.length > 0) counts.push(plural(summaries.length, 'summary', 'summaries'))
  // Each proof on a line of its own, so that it is whole in the mail as it was sent.
  const heads = notices.filter((notice) => notice.event === 'head')
  if (heads.length > 0) counts.push(plural(heads.length, 'head of the audit log', 'heads of the audit log'))
  for (const event of NOTICE_EVENTS) {
    const some = notices.filter((notice) => notice.event === event)
    if (some.length === 0) continue
    counts.push(`${grouped(some.length)} ${event === 'found' ? 'new' : event}`)
    // The worst first; those that are alike stay in their order.
    some.sort((a, b) => SEVERITIES.indexOf(gravityOf(a)) - SEVERITIES.indexOf(gravityOf(b)))
    const lines = some.slice(0, LISTED).map(lineOf)
    if (some.length > LISTED) lines.push(`  and ${grouped(some.length - LISTED)} more`)
    paragraphs.push(`${HEADINGS[event]} (${grouped(some.length)})\n${lines.join('\n')}`)
  }
  if (heads.length > 0) {
    const lines = heads.map(({ title, proof }) => `  ${title}\n${proof}`)
    paragraphs.push(
      `Heads of the audit log (${grouped(heads.length)}), for \`audit verify --heads\`\n${lines.join('\n')}`,
    )
  }
  const last = Math.max(...notices.map(({ at }) => at))
  const foot = `As judged up to ${formatMinute(last)} UTC. \`offchannel show ID\` tells why, and on what evidence.`
  return { subject: `offchannel: ${counts.join(', ')}`, text: `${[...paragraphs, foot].join('\n\n')}\n` }
}

function lineOf(notice: Notice): string {
  const finding = findingIn(notice)
  if (finding === undefined) return `  ${notice.title}`
  const gravity = gravityOf(notice)
  return `  ${finding.id}  ${gravity === 'none' ? '' : `${gravity}: `}${notice.title}`
}
