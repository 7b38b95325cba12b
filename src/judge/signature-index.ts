import { indicatorKey, type Match, type SignatureSet } from '../model/signature.ts'

/** From the indicator's key that a sighting carries to what the signatures say of it today. */
export type SignatureIndex = ReadonlyMap<string, Match>

export function indexSignatures(set: SignatureSet): SignatureIndex {
  return new Map(
    set.signatures.flatMap((signature) =>
      signature.indicators.map(
        (indicator) => [indicatorKey(signature.id, indicator), { signature, indicator }] as const,
      ),
    ),
  )
}
