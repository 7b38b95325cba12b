import { type Indicator, indicatorKey, type Signature } from '../model/signature.ts'

/** What differs between two states of the signatures, by app id and by indicator key. */
export interface SignatureDiff {
  readonly apps: {
    readonly added: readonly string[]
    readonly removed: readonly string[]
    /** In service before, and not any more. */
    readonly retired: readonly string[]
    /** Other changes that judgement minds: category, maturity, end of service. */
    readonly changed: readonly Changed[]
  }
  readonly indicators: {
    /** Those that match from now on, also where a withdrawal ended. */
    readonly added: readonly string[]
    /** Those that match nothing any more. */
    readonly removed: readonly string[]
    readonly withdrawn: readonly Withdrawn[]
    /** Role, strength, and how long they are valid. */
    readonly changed: readonly Changed[]
  }
}

/** `key` is an app id or an indicator key; values are as files write them, '' where a file says nothing. */
export interface Changed {
  readonly key: string
  readonly what: string
  readonly from: string
  readonly to: string
}

export interface Withdrawn {
  readonly key: string
  readonly reason: string
}

/** Compares two sets of signatures; everything in it is sorted by key. An indicator of another type is another one. */
export function diffSignatures(before: readonly Signature[], after: readonly Signature[]): SignatureDiff {
  const [appsBefore, appsAfter] = [before, after].map((all) => new Map(all.map((one) => [one.id, one])))
  const [keysBefore, keysAfter] = [before, after].map(indicatorsOf)
  const kept = pairs(keysBefore!, keysAfter!)
  return {
    apps: {
      added: missingIn(appsBefore!, appsAfter!),
      removed: missingIn(appsAfter!, appsBefore!),
      retired: pairs(appsBefore!, appsAfter!)
        .filter(([, old, now]) => old.status === 'active' && now.status === 'retired')
        .map(([id]) => id),
      changed: pairs(appsBefore!, appsAfter!).flatMap(([key, old, now]) => [
        ...changeOf(key, 'category', old.category, now.category),
        ...changeOf(key, 'maturity', old.maturity, now.maturity),
        ...changeOf(key, 'retired-on', old.retiredOn, now.retiredOn),
      ]),
    },
    indicators: {
      added: [
        ...missingIn(keysBefore!, keysAfter!),
        ...kept.filter(([, old, now]) => isWithdrawn(old) && !isWithdrawn(now)).map(([key]) => key),
      ]
        .filter((key) => !isWithdrawn(keysAfter!.get(key)!))
        .sort(),
      removed: missingIn(keysAfter!, keysBefore!),
      withdrawn: kept
        .filter(([, old, now]) => !isWithdrawn(old) && isWithdrawn(now))
        .map(([key, , now]) => ({ key, reason: now.withdrawn! })),
      changed: kept.flatMap(([key, old, now]) => [
        ...changeOf(key, 'role', old.role, now.role),
        ...changeOf(key, 'strength', old.strength, now.strength),
        ...changeOf(key, 'valid-until', old.validUntil, now.validUntil),
      ]),
    },
  }
}

function indicatorsOf(signatures: readonly Signature[]): ReadonlyMap<string, Indicator> {
  return new Map(
    signatures.flatMap(({ id, indicators }) => indicators.map((one) => [indicatorKey(id, one), one] as const)),
  )
}

function isWithdrawn({ withdrawn }: Indicator): boolean {
  return withdrawn !== undefined
}

function missingIn(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): readonly string[] {
  return [...other.keys()].filter((key) => !one.has(key)).sort()
}

/** What stands in both, by key. */
function pairs<T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): readonly (readonly [string, T, T])[] {
  return [...one]
    .flatMap(([key, value]) => (other.has(key) ? [[key, value, other.get(key)!] as const] : []))
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function changeOf(key: string, what: string, from = '', to = ''): Changed[] {
  return from === to ? [] : [{ key, what, from, to }]
}
