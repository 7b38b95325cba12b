import type { Finding, Verdict } from '../model/finding.ts'

/** What the rules that gave a quality leave open, and what would make it another one. */
interface Open {
  /** What could not be known; '' where nothing is left open. */
  readonly unknown: string
  /** What would change the verdict; '' where nothing that could be seen would. */
  readonly change: string
}

const PROOF_OF_TUNNEL = "the VPN server's log of these minutes, or a capture on the device or its access line"

/** By the rule that gave the route. */
export const OPEN_ROUTES: Readonly<Record<string, Open>> = {
  'no-declaration': {
    unknown: 'which way it took',
    change: "a line of the policy's inputs that says where this was taken",
  },
  'blind-vantage': { unknown: 'which way it took', change: PROOF_OF_TUNNEL },
  'no-gateways': { unknown: 'whether a tunnel was up', change: "the VPN's gateways in the policy" },
  'other-gateway': {
    unknown: 'what went through the tunnel',
    change: "the gateway in the policy's gateways, if it is yours",
  },
  'lookup-outside-tunnel': {
    unknown: 'which way the traffic took',
    change: 'a capture or log that shows the traffic itself',
  },
  'lookup-alone': { unknown: 'which way the traffic took', change: 'a capture or log that shows the traffic itself' },
  'log-without-tunnel': { unknown: 'whether a tunnel was up', change: PROOF_OF_TUNNEL },
  'tunnel-up': { unknown: '', change: 'a rule or exemption that lets the app go outside the tunnel' },
  'tunnel-down': {
    unknown: '',
    change: "a tunnel in these minutes by the VPN server's log, or a rule that lets the app go outside",
  },
}

/** By the rule that gave the grade. */
export const OPEN_GRADES: Readonly<Record<string, Open>> = {
  'distinctive-lookup': {
    unknown: 'whether traffic followed the look-up',
    change: 'traffic to what only this app uses',
  },
  'two-supporting': {
    unknown: 'whether it was another app that uses the same',
    change: 'traffic to what only this app uses',
  },
  'two-supporting-lookups': {
    unknown: 'whether traffic followed the look-ups',
    change: 'traffic to what only this app uses',
  },
  experimental: { unknown: '', change: "a proof of the app's signature on real traffic" },
  'rest-of-day': {
    unknown: 'whether it was this app on this route',
    change: 'traffic to what only this app uses, on this route',
  },
}

/** What could not be known of a verdict, in the order in which the qualities are told. */
export function unknownsOf(finding: Finding, verdict: Verdict): readonly string[] {
  const { route, grade, activity } = verdict
  return said([
    OPEN_ROUTES[route.rule]?.unknown ?? (route.value === 'unknown' ? 'which way it took' : ''),
    finding.scope === 'unknown' ? "whether the device is the organisation's" : '',
    OPEN_GRADES[grade.rule]?.unknown ?? '',
    finding.category === 'concealment' ? 'what went through it' : '',
    activity.value === 'messaging' || activity.value === 'media' ? 'what was written or sent: it is encrypted' : '',
  ])
}

/** What would change a verdict. */
export function changesOf(finding: Finding, verdict: Verdict): readonly string[] {
  const { route, ruling, grade } = verdict
  const outside = route.value === 'split-tunnel' || route.value === 'no-tunnel'
  return said([
    OPEN_ROUTES[route.rule]?.change ?? (route.value === 'unknown' ? PROOF_OF_TUNNEL : ''),
    outside && finding.scope === 'unknown'
      ? 'a register, or a network of known scope, that says whose device it is'
      : '',
    RULING_CHANGES[ruling.value],
    OPEN_GRADES[grade.rule]?.change ?? '',
  ])
}

const RULING_CHANGES: Readonly<Record<Verdict['ruling']['value'], string>> = {
  prohibited: 'an exemption, or a more specific rule that permits it',
  permitted: 'a rule that prohibits it',
  exempt: 'the end of the exemption',
  'not-in-force': 'a policy that was in force then',
}

function said(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== ''))]
}
