import type { Day } from '../base/time.ts'
import type { Finding } from './finding.ts'
import type { FindingStatement, Hold } from './retention.ts'
import type { Review } from './review.ts'

/** All that a store holds about one pseudonym. */
export interface HeldAbout {
  /** `user-` and the whole tag. */
  readonly pseudonym: string
  /** As tables show it. */
  readonly label: string
  readonly kind: 'address' | 'user' | 'device'
  /** The identity itself; absent in a store that keeps pseudonyms. */
  readonly clear?: string
  /** The identity is held encrypted, for recipients. */
  readonly sealed?: true
  /** By app: what was seen, of whichever network. */
  readonly seen: readonly {
    readonly app: string
    readonly network: string
    readonly sightings: number
    readonly firstDay: Day
    readonly lastDay: Day
  }[]
  /** Packets to and from a gateway of the VPN, by gateway. */
  readonly tunnels: readonly {
    readonly gateway: string
    readonly quarters: number
    readonly firstDay: Day
    readonly lastDay: Day
  }[]
  /** Records of leases and tunnels that name it, and what they tell of it. */
  readonly sessions: readonly {
    readonly kind: 'tunnel' | 'lease'
    readonly records: number
    readonly firstDay: Day
    readonly lastDay: Day
  }[]
  /** Addresses of apps that its DNS was told. */
  readonly answers: readonly {
    readonly app: string
    readonly answers: number
    readonly firstDay: Day
    readonly lastDay: Day
  }[]
  readonly findings: readonly {
    readonly finding: Finding
    readonly reviews: readonly Review[]
    readonly statements: readonly FindingStatement[]
    /** Frames and lines in the evidence locker. */
    readonly evidence: number
  }[]
  /** Reviews of findings that are gone. */
  readonly goneReviews: number
  readonly suppressions: number
  readonly messages: number
  readonly holds: readonly Hold[]
}
