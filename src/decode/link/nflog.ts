import { uint16le } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ipByVersion } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

/** <linux/netfilter/nfnetlink_log.h>: NFULA_PAYLOAD. */
const PAYLOAD = 9
const ATTRIBUTE_LIMIT = 64

/**
 * LINKTYPE_NFLOG: family, version, group; then attributes of length (with its own four bytes), type and value, aligned
 * to four, in the byte order of the capturing machine, which is taken to be little-endian. The payload is an IP packet.
 */
export function nflog(packet: Packet): number {
  const { bytes, offset, end } = packet
  let at = offset + 4
  for (let count = 0; count < ATTRIBUTE_LIMIT && at + 4 <= end; count++) {
    const length = uint16le(bytes, at)
    if (length < 4) return NOT_IP
    if (uint16le(bytes, at + 2) === PAYLOAD) {
      packet.offset = at + 4
      if (at + length <= end) packet.end = at + length
      else packet.cut = true
      return ipByVersion(packet)
    }
    at += (length + 3) & ~3
  }
  return NOT_IP
}
