import { uint16 } from '../base/bytes.ts'
import { type Packet, PROTOCOL_TCP } from '../model/packet.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_PROVIDER_BRIDGE, ETHERTYPE_VLAN } from './ethertype.ts'

const HOP_BY_HOP = 0
const NO_NEXT_HEADER = 59

/**
 * The EtherType of the IP packet at `at`, -1 where there is none whose header is sound and whose length fits into
 * `packet`: what is asked where nothing but a port or a guess says that IP follows.
 */
export function soundIp(packet: Packet, at: number): number {
  const { bytes, end } = packet
  if (end - at < 20) return -1
  const version = bytes[at]! >> 4
  if (version === 4) {
    const headerLength = (bytes[at]! & 0x0f) * 4
    const length = uint16(bytes, at + 2)
    if (headerLength < 20 || at + headerLength > end) return -1
    // Only TCP has a total length of 0: segmentation offload leaves it.
    if (length === 0) return bytes[at + 9] === PROTOCOL_TCP ? ETHERTYPE_IPV4 : -1
    return length >= headerLength && (at + length <= end || packet.cut) ? ETHERTYPE_IPV4 : -1
  }
  if (version !== 6 || end - at < 40) return -1
  const length = uint16(bytes, at + 4)
  if (length === 0) {
    const next = bytes[at + 6]!
    return next === PROTOCOL_TCP || next === HOP_BY_HOP || next === NO_NEXT_HEADER ? ETHERTYPE_IPV6 : -1
  }
  return at + 40 + length <= end || packet.cut ? ETHERTYPE_IPV6 : -1
}

/** Whether an Ethernet frame with sound IP or a VLAN tag stands at `at`. */
export function soundEthernet(packet: Packet, at: number): boolean {
  if (packet.end - at < 18) return false
  const type = uint16(packet.bytes, at + 12)
  if (type === ETHERTYPE_VLAN || type === ETHERTYPE_PROVIDER_BRIDGE) return true
  return (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) && soundIp(packet, at + 14) === type
}
