import type { Micros, Quarter } from '../base/time.ts'
import type { Action, Means } from './observation.ts'

/** Who: a keyed pseudonym of an address at a site, or of a user or device that the input named. */
export interface Client {
  readonly kind: 'address' | 'user' | 'device'
  /** 16 bytes of HMAC as 32 hexadecimal digits. */
  readonly tag: string
  /** The identity itself; only where the operator chose `--identities clear` or `sealed`. */
  readonly clear: string | undefined
}

/**
 * A fact: in this quarter-hour this client used these means on what this indicator names. Minutes are the measure:
 * masks merge by OR, so overlapping inputs cannot inflate it; counts and bytes are by this input.
 */
export interface Sighting {
  /** The address (or, where the input has none, the device or user). */
  readonly client: Client
  /** The user that the input named beside it. */
  readonly user: Client | undefined
  /** Name of the policy network that the client's address is in; '' for none. */
  readonly network: string
  readonly app: string
  /** `model/signature.ts` indicatorKey. */
  readonly indicator: string
  readonly means: Means
  readonly action: Action
  readonly quarter: Quarter
  /** Bit n: active in minute n of the quarter-hour. */
  mask: number
  count: number
  /** Sums of what was known; -1 where no record told. */
  bytesUp: number
  bytesDown: number
  first: Micros
  last: Micros
  /** Frame or line of the first and the last; 0 where it began under the pseudonym of the period before, which it would tell. */
  firstAt: number
  lastAt: number
}
