import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { avs, prism } from '../link/prism.ts'
import { wlan } from '../link/wlan.ts'

const VERSION = 1
/** Received from the air, or to be sent. */
const RECEIVED = 0
const TRANSMIT = 1

const TAG_PADDING = 0
const TAG_END = 1
const TAG_LIMIT = 64

/** TaZmen Sniffer Protocol: version, type, what it holds; tags until the one that ends them; then a mirrored frame. */
export function tzsp(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 5 || bytes[offset] !== VERSION) return NOT_IP
  if (bytes[offset + 1] !== RECEIVED && bytes[offset + 1] !== TRANSMIT) return NOT_IP
  packet.offset = offset + 4
  if (!skipTags(packet)) return NOT_IP
  switch (uint16(bytes, offset + 2)) {
    case 1:
      return ETHERTYPE_BRIDGED
    case 18:
      return wlan(packet)
    case 119:
      return prism(packet)
    case 127:
      return avs(packet)
    default:
      return NOT_IP
  }
}

function skipTags(packet: Packet): boolean {
  const { bytes, end } = packet
  let at = packet.offset
  for (let tags = 0; tags < TAG_LIMIT && at < end; tags++) {
    const tag = bytes[at++]!
    if (tag === TAG_END) {
      packet.offset = at
      return true
    }
    if (tag !== TAG_PADDING) {
      if (at >= end) return false
      at += 1 + bytes[at]!
    }
  }
  return false
}
