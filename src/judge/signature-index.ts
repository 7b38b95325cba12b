import { type Indicator, indicatorKey, type Match, type Signature, type SignatureSet } from '../model/signature.ts'

/** From the indicator's key that a sighting carries to what the signatures say of it today. */
export interface SignatureIndex {
  get(key: string): Match | undefined
}

/** Its memory grows with the apps and indicators that are asked for: of a hundred thousand few are ever seen. */
export function indexSignatures({ signatures }: SignatureSet): SignatureIndex {
  const byId = new Map(signatures.map((signature) => [signature.id, signature]))
  const byApp = new Map<string, Map<string, Map<string, Indicator>>>()
  const asked = new Map<string, Match>()
  return {
    get: (key) => {
      const known = asked.get(key)
      if (known !== undefined) return known
      const [app, type] = key.split(' ', 2) as [string, string?]
      const signature = byId.get(app)
      if (signature === undefined || type === undefined) return undefined
      const byType = byApp.get(app) ?? indicatorsOf(signature)
      byApp.set(app, byType)
      const indicator = byType.get(type)?.get(key.slice(app.length + type.length + 2))
      if (indicator === undefined || indicatorKey(app, indicator) !== key) return undefined
      const match = { signature, indicator }
      asked.set(key, match)
      return match
    },
  }
}

/** By type, then by value: no key is made for them. */
function indicatorsOf({ indicators }: Signature): Map<string, Map<string, Indicator>> {
  const byType = new Map<string, Map<string, Indicator>>()
  for (const indicator of indicators) {
    const byValue = byType.get(indicator.type) ?? new Map<string, Indicator>()
    byValue.set(indicator.value, indicator)
    byType.set(indicator.type, byValue)
  }
  return byType
}
