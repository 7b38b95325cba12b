import type { ExemptionLook, Verdict } from '../model/finding.ts'

/** How many exemptions a verdict tells of. */
const LOOKS_LIMIT = 5

/**
 * What a verdict tells of the exemptions that its passages were held against: each with each reason once, those that
 * counted first. Nothing where there were none.
 */
export function citeExemptions(looks: readonly ExemptionLook[]): Pick<Verdict, 'exemptions' | 'exemptionsOmitted'> {
  if (looks.length === 0) return {}
  const unique = [...new Map(looks.map((look) => [`${look.name}\0${look.reason}`, look])).values()]
  const told = unique.toSorted((a, b) => Number(b.applies) - Number(a.applies)).slice(0, LOOKS_LIMIT)
  const omitted = unique.length - told.length
  return { exemptions: told, ...(omitted > 0 && { exemptionsOmitted: omitted }) }
}
