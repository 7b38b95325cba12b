import { formatDay } from '../base/time.ts'
import { indicatorKey, type Signature } from '../model/signature.ts'

/** An indicator that nobody has verified for long. */
export interface StaleIndicator {
  /** `model/signature.ts` indicatorKey. */
  readonly indicator: string
  /** ISO date: when it was last verified, else the day of the signature's revision. */
  readonly since: string
}

const MILLISECONDS_PER_DAY = 86_400_000

/**
 * Indicators that are older than so many days and count: of apps in service, not withdrawn, not expired. The oldest
 * first.
 * @param today ISO date.
 */
export function staleIndicators(
  signatures: readonly Signature[],
  today: string,
  days: number,
): readonly StaleIndicator[] {
  const before = formatDay(Math.max(0, Date.parse(today) / MILLISECONDS_PER_DAY - days))
  return signatures
    .filter(({ status }) => status === 'active')
    .flatMap((signature) =>
      signature.indicators
        .filter(({ withdrawn, validUntil }) => withdrawn === undefined && (validUntil ?? today) >= today)
        .map((indicator) => ({
          indicator: indicatorKey(signature.id, indicator),
          since: indicator.lastVerified ?? signature.date,
        })),
    )
    .filter(({ since }) => since < before)
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : a.indicator < b.indicator ? -1 : 1))
}
