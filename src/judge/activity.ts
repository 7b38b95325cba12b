import { bytesText, plural } from '../base/text.ts'
import type { Activity, Judged } from '../model/finding.ts'
import type { Role } from '../model/signature.ts'
import { basisOf, type Hit, isLookup } from './hits.ts'
import { type Traffic, trafficOf } from './traffic.ts'

interface ActivityRule {
  readonly rule: string
  readonly value: Activity
  /** The reason, with its figures; undefined where the rule does not apply. */
  reason(hits: readonly Hit[], flows: readonly Hit[]): string | undefined
}

/** Sent to open a flow: a greeting with a post-quantum key share, and a first request with its cookies. */
export const OPENING_BYTES = 3_000
/** Sent in a minute to keep a flow open. */
export const KEEPING_BYTES = 300
/** Sent beyond both of these, it is more than an app says by itself when it connects. */
export const MESSAGES_BYTES = 4_000
/** Sent to where files are kept, beyond what opens the flows: a small picture, ten seconds of speech. */
export const FILE_SENT_BYTES = 20_000
/** Fetched from there: more than a thumbnail. */
export const FILE_FETCHED_BYTES = 64_000
/** Of speech, in a minute: 4 kbit/s, less than any codec in use has while somebody speaks. */
export const CALL_BYTES = 30_000
/** Of what is recognised as a call by its bytes, in all: a second of speech. */
export const SPEECH_BYTES = 3_000

const UNTOLD = 'how much was not told'

/** The first that applies decides. Only traffic shows use: what was merely looked up shows the app's presence. */
export const ACTIVITY_RULES: readonly ActivityRule[] = [
  {
    rule: 'site-visit',
    value: 'site-visit',
    reason: (hits) =>
      when(
        hits.every(({ match }) => match.indicator.role === 'marketing'),
        "Nothing but the app's public site was visited here.",
      ),
  },
  {
    rule: 'lookups-alone',
    value: 'background',
    reason: (hits) => when(hits.every(isLookup), 'Names were looked up, which apps do by themselves; no use was seen.'),
  },
  {
    rule: 'blocked',
    value: 'background',
    reason: (hits) =>
      when(
        hits.every(({ sighting }) => sighting.action === 'blocked'),
        'Every attempt was blocked; apps try by themselves, so that no use was seen.',
      ),
  },
  {
    rule: 'registration',
    value: 'registration',
    reason: (_, flows) =>
      when(hasRole(flows, 'registration'), 'Traffic went to where the app registers a device or an account.'),
  },
  {
    rule: 'call',
    value: 'call',
    reason: (_, flows) => {
      const calls = spoken(flows)
      if (calls.length === 0) return undefined
      const traffic = trafficOf(calls)
      const { minutes, stretches } = traffic
      const what =
        stretches === 1
          ? `A call of ${plural(minutes, 'minute')} was seen`
          : `${plural(stretches, 'call')} of ${plural(minutes, 'minute')} in all were seen`
      return withFigures(what, traffic)
    },
  },
  {
    rule: 'call-set-up',
    value: 'call',
    reason: (_, flows) => {
      const calls = flows.filter(
        (hit) => hit.sighting.means === 'call' || (basisOf(hit) === 'bytes' && hit.match.indicator.role === 'call'),
      )
      if (calls.length === 0) return undefined
      return withFigures('A call was set up or tried, and nobody was seen speaking', trafficOf(calls))
    },
  },
  {
    rule: 'media-sent',
    value: 'media',
    reason: (_, flows) => {
      const { up, flows: count } = trafficOf(ofRoles(flows, 'media'))
      return when(
        up >= FILE_SENT_BYTES + OPENING_BYTES * count,
        `The client sent ${bytesText(up)} to where the app keeps files, pictures or voice messages.`,
      )
    },
  },
  {
    rule: 'messaging',
    value: 'messaging',
    reason: (_, flows) => {
      const { traffic, needed } = conversation(flows)
      return when(
        traffic.up >= needed + MESSAGES_BYTES,
        `${sentOver(traffic)}; to connect and to stay connected takes no more than ${bytesText(needed)}.`,
      )
    },
  },
  {
    rule: 'web-client',
    value: 'messaging',
    reason: (_, flows) => {
      const clients = ofRoles(flows, 'web-client')
      return when(
        clients.length > 0 && trafficOf(clients).up < 0,
        `The app was opened in a browser, which no browser does by itself; ${UNTOLD}.`,
      )
    },
  },
  {
    rule: 'media-fetched',
    value: 'media',
    reason: (_, flows) => {
      const { down } = trafficOf(ofRoles(flows, 'media'))
      return when(
        down >= FILE_FETCHED_BYTES,
        `The client fetched ${bytesText(down)} from where the app keeps files, pictures or voice messages, which apps also do by themselves.`,
      )
    },
  },
  {
    rule: 'media-unmeasured',
    value: 'media',
    reason: (_, flows) => {
      const media = ofRoles(flows, 'media')
      const { up, down } = trafficOf(media)
      return when(
        media.length > 0 && up < 0 && down < 0,
        `Traffic went to where the app keeps files, pictures or voice messages; ${UNTOLD}.`,
      )
    },
  },
  {
    rule: 'kept-open',
    value: 'background',
    reason: (_, flows) => {
      const { traffic } = conversation(flows)
      return when(traffic.up >= 0, `${sentOver(traffic)}, as an app sends by itself to connect and to stay connected.`)
    },
  },
  {
    rule: 'unmeasured',
    value: 'background',
    reason: (_, flows) =>
      when(
        hasRole(flows, 'messaging', 'web-client'),
        `A connection that carries messages was seen; apps hold it open while nobody writes, and ${UNTOLD}.`,
      ),
  },
  {
    rule: 'call-servers',
    value: 'background',
    reason: (_, flows) => {
      const calls = ofRoles(flows, 'call')
      if (calls.length === 0) return undefined
      const traffic = trafficOf(calls)
      return withFigures(`Little went in ${plural(traffic.minutes, 'minute')} to where the app makes calls`, traffic)
    },
  },
  {
    rule: 'concealed',
    value: 'background',
    reason: (_, flows) =>
      when(hasRole(flows, 'tunnel', 'resolver'), 'What is inside the tunnel or encrypted look-up cannot be seen.'),
  },
  {
    rule: 'by-itself',
    value: 'background',
    reason: () => 'Only what the app does by itself was seen (notifications, backups, a little of anything else).',
  },
]

/** What was done, as far as the hits of a verdict show it, by the first rule that applies. */
export function activityOf(hits: readonly Hit[]): Judged<Activity> {
  const flows = flowsOf(hits)
  for (const { rule, value, reason } of ACTIVITY_RULES) {
    const said = reason(hits, flows)
    if (said !== undefined) return { value, rule, reason: said }
  }
  throw new Error('the last rule applies to everything')
}

/** Without certificates where anything else is known of flows: nothing tells how much went on behind them. */
function flowsOf(hits: readonly Hit[]): readonly Hit[] {
  const flows = hits.filter((hit) => !isLookup(hit))
  const told = flows.filter((hit) => basisOf(hit) !== 'certificate')
  return told.length > 0 ? told : flows
}

function when(applies: boolean, reason: string): string | undefined {
  return applies ? reason : undefined
}

function ofRoles(flows: readonly Hit[], ...roles: readonly Role[]): readonly Hit[] {
  return flows.filter(({ match }) => roles.includes(match.indicator.role))
}

function hasRole(flows: readonly Hit[], ...roles: readonly Role[]): boolean {
  return flows.some(({ match }) => roles.includes(match.indicator.role))
}

/** What carries messages, and as many bytes as an app sends by itself to have it. */
function conversation(flows: readonly Hit[]): { traffic: Traffic; needed: number } {
  const traffic = trafficOf(ofRoles(flows, 'messaging', 'web-client'))
  return { traffic, needed: OPENING_BYTES * traffic.flows + KEEPING_BYTES * traffic.minutes }
}

/**
 * A call's own traffic: recognised by its bytes, or as much to where the app makes calls as speech takes. A named flow
 * can be the pages around a call, so that only what it sends counts; where nothing told how much, it counts.
 */
function spoken(flows: readonly Hit[]): readonly Hit[] {
  const calls = flows.filter((hit) => basisOf(hit) !== 'certificate' && basisOf(hit) !== 'fingerprint')
  const byIndicator = Map.groupBy(calls, ({ sighting }) =>
    [sighting.reading.id, sighting.means, sighting.indicator].join(' '),
  )
  return [...byIndicator.values()].filter(isSpoken).flat()
}

/** Of hits of one indicator in one input. */
function isSpoken(hits: readonly Hit[]): boolean {
  const { sighting, match } = hits[0]!
  const basis = basisOf(hits[0]!)
  const { up, down, minutes } = trafficOf(hits)
  const untold = up < 0 && down < 0
  if (sighting.means === 'call') return untold || Math.max(up, down) >= SPEECH_BYTES
  if (match.indicator.role !== 'call') return false
  if (untold) return basis !== 'bytes'
  return (basis === 'named' ? up : Math.max(up, down)) >= CALL_BYTES * minutes
}

function sentOver(traffic: Traffic): string {
  return `The client sent ${bytesText(traffic.up)} over ${plural(traffic.flows, 'connection')} in ${plural(traffic.minutes, 'minute')}`
}

/** A sentence with what was carried, as far as anything told it. */
function withFigures(what: string, { up, down }: Traffic): string {
  const figures = [up < 0 ? '' : `${bytesText(up)} sent`, down < 0 ? '' : `${bytesText(down)} received`]
  const told = figures.filter((figure) => figure !== '').join(' and ')
  return told === '' ? `${what}; ${UNTOLD}.` : `${what}: ${told}.`
}
