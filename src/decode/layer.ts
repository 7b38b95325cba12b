import type { Oddities } from '../base/oddities.ts'
import type { Packet } from '../model/packet.ts'

/**
 * Moves `offset` past one header, and `end` where the header says where its content ends. Gives the EtherType of what
 * follows, or one of the results below. Reads nothing at or past `end`; where little was captured it may leave `offset`
 * behind `end`, so the next layer checks before it reads.
 */
export type Layer = (packet: Packet, oddities: Oddities) => number

/** Cut, damaged, or no IP follows. */
export const NOT_IP = -1
/** What follows is a frame of the link type that the layer put into `packet.linkType`. */
export const BY_LINK_TYPE = -2
export const MACSEC_ENCRYPTED = -3
export const WLAN_PROTECTED = -4
export const WLAN_FRAGMENT = -5
export const PPP_COMPRESSED = -6

/** What a result that leads nowhere is counted as. */
export function oddityOf(result: number): string {
  switch (result) {
    case MACSEC_ENCRYPTED:
      return 'macsec_encrypted'
    case WLAN_PROTECTED:
      return 'wlan_protected'
    case WLAN_FRAGMENT:
      return 'wlan_fragment'
    case PPP_COMPRESSED:
      return 'ppp_compressed'
    default:
      return 'not_ip'
  }
}
