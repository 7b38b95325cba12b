import { uint16 } from '../base/bytes.ts'
import type { Packet } from '../model/packet.ts'

/** https://www.iana.org/assignments/ieee-802-numbers */
export const ETHERTYPE_IPV4 = 0x0800
export const ETHERTYPE_IPV6 = 0x86dd

const ETHERTYPE_VLAN = 0x8100
const ETHERTYPE_PROVIDER_BRIDGE = 0x88a8
/** Two that were in use for stacked tags before 802.1ad. */
const ETHERTYPE_QINQ_OLD = 0x9100
const ETHERTYPE_QINQ_OTHER = 0x9200

const TAG_LIMIT = 16

/** Passes over a stack of VLAN tags (IEEE 802.1Q §9.6); gives the EtherType behind it, -1 where it is cut. */
export function skipTags(packet: Packet, type: number): number {
  let tags = 0
  while (
    type === ETHERTYPE_VLAN ||
    type === ETHERTYPE_PROVIDER_BRIDGE ||
    type === ETHERTYPE_QINQ_OLD ||
    type === ETHERTYPE_QINQ_OTHER
  ) {
    if (packet.end - packet.offset < 4 || ++tags > TAG_LIMIT) return -1
    type = uint16(packet.bytes, packet.offset + 2)
    packet.offset += 4
  }
  return type
}
