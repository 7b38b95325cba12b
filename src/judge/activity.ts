import type { Activity, Judged } from '../model/finding.ts'
import type { Role } from '../model/signature.ts'
import { type Hit, isLookup } from './hits.ts'

interface ActivityRule {
  readonly rule: string
  readonly value: Activity
  applies(flows: ReadonlySet<Role>, hits: readonly Hit[]): boolean
  readonly reason: string
}

/** The first that applies decides. Only traffic shows use: what was merely looked up shows the app's presence. */
export const ACTIVITY_RULES: readonly ActivityRule[] = [
  {
    rule: 'site-visit',
    value: 'site-visit',
    applies: (_, hits) => hits.every(({ match }) => match.indicator.role === 'marketing'),
    reason: "Nothing but the app's public site was visited here.",
  },
  {
    rule: 'lookups-alone',
    value: 'background',
    applies: (_, hits) => hits.every(isLookup),
    reason: 'Names were looked up, which apps do by themselves; no use was seen.',
  },
  {
    rule: 'blocked',
    value: 'background',
    applies: (_, hits) => hits.every(({ sighting }) => sighting.action === 'blocked'),
    reason: 'Every attempt was blocked; apps try by themselves, so that no use was seen.',
  },
  {
    rule: 'registration',
    value: 'registration',
    applies: (flows) => flows.has('registration'),
    reason: 'Traffic went to where the app registers a device or an account.',
  },
  {
    rule: 'call',
    value: 'call',
    applies: (flows, hits) => flows.has('call') || hits.some(({ sighting }) => sighting.means === 'call'),
    reason: 'Traffic of a call was seen.',
  },
  {
    rule: 'media',
    value: 'media',
    applies: (flows) => flows.has('media'),
    reason: 'Traffic went to where the app keeps files, pictures or voice messages.',
  },
  {
    rule: 'messaging',
    value: 'messaging',
    applies: (flows) => flows.has('messaging') || flows.has('web-client'),
    reason: 'A connection that carries messages was seen; apps hold it open while nobody writes, too.',
  },
  {
    rule: 'concealed',
    value: 'background',
    applies: (flows) => flows.has('tunnel') || flows.has('resolver'),
    reason: 'What is inside the tunnel or encrypted look-up cannot be seen.',
  },
  {
    rule: 'by-itself',
    value: 'background',
    applies: () => true,
    reason: 'Only what the app does by itself was seen (notifications, backups).',
  },
]

/** What was done, as far as the hits of a verdict show it, by the first rule that applies. */
export function activityOf(hits: readonly Hit[]): Judged<Activity> {
  const flows = new Set(hits.filter((hit) => !isLookup(hit)).map(({ match }) => match.indicator.role))
  const { value, rule, reason } = ACTIVITY_RULES.find((candidate) => candidate.applies(flows, hits))!
  return { value, rule, reason }
}
