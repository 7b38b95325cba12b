import type { Micros } from '../base/time.ts'

/** tunnel: a VPN of somebody's. lease: an address was given to a device or user. */
export type MarkKind = 'tunnel' | 'lease'
/**
 * A tunnel of which a capture shows packets counts as up between two minutes with packets to a gateway where no more than this
 * many lie between. VPNs that are up keep themselves alive more often than that (IPsec's NAT keepalives every 20 seconds by
 * RFC 3948 §4, WireGuard's and OpenVPN's as commonly set every 10 to 25), so a longer silence is a tunnel that went down.
 */
export const IDLE_MINUTES = 2

export type MarkEvent = 'start' | 'alive' | 'end'

/**
 * What a log says of a tunnel or a lease at one moment: it began, it was there, it ended. Whatever of the fields is
 * known; start and end may stand in different inputs. One object for all marks of an input: a sink copies what it keeps.
 */
export class LogMark {
  kind: MarkKind = 'tunnel'
  event: MarkEvent = 'alive'
  time: Micros = 0
  /** When it began, where the record of its end or life says so; -1 where not. */
  since: Micros = -1
  /** Until when a lease was given; -1 where the record does not say. */
  until: Micros = -1
  /** The outer address (where the client came from) in words 0 to 3, the inner (which it was given) in 4 to 7. */
  readonly addresses = new Uint32Array(8)
  hasOuter = false
  hasInner = false
  /** As the input wrote them; '' where it named none. */
  user = ''
  device = ''
  /** The server of the tunnel or lease, by name or address. */
  gateway = ''
  /** What the tunnel speaks, or '' */
  protocol = ''
  /** The line it began on. */
  position = 0

  reset(): void {
    this.kind = 'tunnel'
    this.event = 'alive'
    this.time = 0
    this.since = -1
    this.until = -1
    this.hasOuter = false
    this.hasInner = false
    this.user = ''
    this.device = ''
    this.gateway = ''
    this.protocol = ''
    this.position = 0
  }
}
