export const CATEGORIES = [
  'messaging',
  'conferencing',
  'collaboration',
  'social',
  'private-mail',
  'file-sharing',
  'concealment',
  'government-vpn',
] as const
export type Category = (typeof CATEGORIES)[number]

export const ROLES = [
  'messaging',
  'call',
  'media',
  'registration',
  'web-client',
  'push',
  'backup',
  'marketing',
  'shared',
  'tunnel',
  'resolver',
] as const
/** What the named host does for the app. */
export type Role = (typeof ROLES)[number]

export const STRENGTHS = ['distinctive', 'supporting', 'ambiguous'] as const
/**
 * distinctive: only this app uses it. supporting: so may something else, so a second one of another type or role is
 * needed. ambiguous: context only.
 */
export type Strength = (typeof STRENGTHS)[number]

/**
 * exact: that name. suffix: that name and every name under it. pattern: `*` stands for one label or a part of one.
 * protocol: what a flow speaks, recognised by its bytes (`model/observation.ts` PROTOCOLS).
 */
export const INDICATOR_TYPES = ['exact', 'suffix', 'pattern', 'protocol'] as const
export type IndicatorType = (typeof INDICATOR_TYPES)[number]

export interface Indicator {
  readonly type: IndicatorType
  readonly value: string
  readonly role: Role
  readonly strength: Strength
  /** Where the fact comes from: an address, or repository, path and commit. */
  readonly sources: readonly string[]
  /** ISO dates. */
  readonly firstSeen?: string | undefined
  readonly lastVerified?: string | undefined
  readonly validUntil?: string | undefined
  readonly note?: string | undefined
  /** Why it was taken back: it matches nothing any more, and what was seen of it raises nothing. */
  readonly withdrawn?: string | undefined
}

/** One app, as one file of `signatures/` describes it. */
export interface Signature {
  readonly id: string
  readonly name: string
  readonly vendor: string
  readonly category: Category
  readonly status: 'active' | 'retired'
  /** Of a retired app: the last day of service. */
  readonly retiredOn?: string | undefined
  /** proved: its distinctive indicators were seen on real traffic. experimental: findings are at most indicative. */
  readonly maturity: 'proved' | 'experimental'
  readonly revision: number
  /** Of this revision. */
  readonly date: string
  readonly description?: string | undefined
  readonly falsePositives: readonly string[]
  readonly indicators: readonly Indicator[]
  readonly shouldMatch: readonly string[]
  readonly shouldNotMatch: readonly string[]
}

/** The one indicator (per app) that decides on a name, most specific first. */
export interface Match {
  readonly signature: Signature
  readonly indicator: Indicator
}

/** `whatsapp exact g.whatsapp.net`: what a stored sighting refers to; role and strength are looked up by it. */
export function indicatorKey(app: string, indicator: Pick<Indicator, 'type' | 'value'>): string {
  return `${app} ${indicator.type} ${indicator.value}`
}

/** A checked set of signatures; `hash` changes with any file's content. */
export interface SignatureSet {
  readonly signatures: readonly Signature[]
  readonly hash: string
}
