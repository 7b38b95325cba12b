import { MICROS_PER_QUARTER, type Quarter } from '../base/time.ts'
import type { ExemptionLook, Grade, Judged, Route, Ruling, Severity } from '../model/finding.ts'
import type { Policy, RuleRoute } from '../model/policy.ts'
import { hindranceOf, hindranceText } from './hindrance.ts'
import { parseInForce } from './in-force.ts'
import { placesOf, scopeOf } from './places.ts'
import { isOutside } from './routes.ts'
import { type RuledApp, ruleOn, rulesFor } from './rulings.ts'
import { type SeverityFacts, severityOf } from './severity.ts'

/** A question to a policy. */
export interface PolicyQuestion {
  readonly app: RuledApp
  readonly quarter: Quarter
  /** Name of one of the policy's networks; '' for an address in none. */
  readonly network: string
  /** The policy's groups that the subject is in. */
  readonly groups: ReadonlySet<string>
  /** undefined where it is what the network shows alone. */
  readonly route: RuleRoute | undefined
}

/** What a policy answers, before anything was seen. */
export interface PolicyAnswer {
  readonly route: Route
  readonly bypass: boolean
  readonly ruling: Judged<Ruling>
  /** Those that name the app or its category, in the order in which they are asked. */
  readonly rules: readonly { readonly name: string; readonly decides: boolean; readonly reason: string }[]
  readonly exemptions: readonly ExemptionLook[]
  /** Of use that is no call, file or registration, for each grade; and of what was blocked. */
  readonly severity: readonly { readonly of: Grade | 'blocked'; readonly severity: Judged<Severity> }[]
  /** Why no finding would be made; '' where one would. */
  readonly noFinding: string
}

/** Asks a policy what it says of an app, a time, a place and a route: the same code that judges facts. */
export function explainPolicy(policy: Policy, { app, quarter, network, groups, route }: PolicyQuestion): PolicyAnswer {
  const place = placesOf(policy).network(network)
  const scope = scopeOf(place)
  const inside =
    place?.kind === 'vpn-pool' ||
    place?.kind === 'vpn-egress' ||
    (place?.scope === 'managed' && (place.kind === 'office' || place.kind === 'perimeter'))
  const way = route ?? (inside ? 'government' : 'unknown')
  const seen = { quarter, network, groups, route: way }
  const { ruling, splitTunnel, exemptions } = ruleOn(policy, app, seen)
  const outside = isOutside(way)
  const bypass = outside && !splitTunnel && scope === 'managed'
  const early = quarter * MICROS_PER_QUARTER < policy.inForce
  const decisive = early
    ? undefined
    : rulesFor(policy, app).find(({ rule }) => hindranceOf(rule, seen, policy) === undefined)
  const facts: SeverityFacts = {
    ruling: ruling.value,
    bypass,
    blocked: false,
    activity: 'messaging',
    grade: 'confirmed',
  }
  const severity = (given: Partial<SeverityFacts>) => severityOf({ ...facts, ...given }, policy.severity)
  return {
    route: outside && splitTunnel ? 'permitted-split' : way,
    bypass,
    ruling,
    rules: rulesFor(policy, app).map((planned) => {
      const { rule } = planned
      const hindrance = hindranceOf(rule, seen, policy)
      const counts = early ? 'The policy was not in force.' : 'It counts, but a rule above it decides.'
      if (planned === decisive) return { name: rule.name, decides: true, reason: 'It decides.' }
      return { name: rule.name, decides: false, reason: hindrance ? hindranceText(hindrance, rule, policy) : counts }
    }),
    exemptions,
    severity: [
      { of: 'confirmed', severity: severity({}) },
      { of: 'probable', severity: severity({ grade: 'probable' }) },
      { of: 'indicative', severity: severity({ grade: 'indicative' }) },
      { of: 'blocked', severity: severity({ blocked: true, bypass: false, activity: 'background' }) },
    ],
    noFinding: scope === 'unmanaged' ? `The network "${network}" is one of visitors, of whom no finding is made.` : '',
  }
}

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/
const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2}))?$/

/**
 * The quarter-hour of `2026-05-12T14:05` in the policy's zone, or of a time with `Z` or an offset; what is wrong with
 * the text where it is none.
 */
export function parseQuarter(text: string, zone: string): Quarter | string {
  if (WITH_ZONE.test(text)) {
    const at = Date.parse(text)
    return Number.isNaN(at) || at < 0 ? `${JSON.stringify(text)} is not in the calendar` : quarterAt(at * 1000)
  }
  const [, day, hour = '00', minute = '00'] = LOCAL.exec(text) ?? []
  if (day === undefined || Number(minute) > 59) {
    return `${JSON.stringify(text)} is not a time: write 2026-05-12T14:05, or 2026-05-12T12:05Z`
  }
  const quarter = String(Number(minute) - (Number(minute) % 15)).padStart(2, '0')
  const at = parseInForce(`${day}T${hour}:${quarter}`, zone)
  return typeof at === 'string' ? `${at} (or write it in UTC, with a Z behind it)` : quarterAt(at)
}

function quarterAt(micros: number): Quarter {
  return Math.floor(micros / MICROS_PER_QUARTER)
}
