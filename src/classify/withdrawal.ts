import { indicatorKey, type Signature } from '../model/signature.ts'

/** An indicator that was taken back. */
export interface Withdrawal {
  /** `model/signature.ts` indicatorKey. */
  readonly indicator: string
  readonly reason: string
  /** ISO date on which it was taken back. */
  readonly date: string
}

/** The signatures with these indicators marked as withdrawn; the others stay the same objects. */
export function withdraw(signatures: readonly Signature[], withdrawals: readonly Withdrawal[]): readonly Signature[] {
  if (withdrawals.length === 0) return signatures
  const reasons = new Map(withdrawals.map(({ indicator, reason }) => [indicator, reason]))
  return signatures.map((signature) => {
    const reasonOf = (indicator: Signature['indicators'][number]) => reasons.get(indicatorKey(signature.id, indicator))
    if (signature.indicators.every((indicator) => reasonOf(indicator) === undefined)) return signature
    const indicators = signature.indicators.map((indicator) => {
      const withdrawn = reasonOf(indicator)
      return withdrawn === undefined ? indicator : { ...indicator, withdrawn }
    })
    return { ...signature, indicators }
  })
}
