import type { Oddities } from '../base/oddities.ts'
import { type Packet, PROTOCOL_TCP, PROTOCOL_UDP } from '../model/packet.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, skipTags } from './ethertype.ts'
import { ipv4 } from './ipv4.ts'
import { ipv6 } from './ipv6.ts'
import { type LinkLayer, linkLayers } from './link/index.ts'
import { tcp } from './tcp.ts'
import { udp } from './udp.ts'

/**
 * Narrows packets from the link layer to the transport payload. One decoder an input: it remembers the link layer in use
 * and counts what it could not read.
 */
export class Decoder {
  readonly #oddities: Oddities
  #linkType = -1
  #link: LinkLayer | undefined = undefined

  constructor(oddities: Oddities) {
    this.#oddities = oddities
  }

  /**
   * True where `packet` now holds the payload of a TCP segment or UDP datagram. Where false, `protocol` is -1 if not even
   * the addresses could be read.
   */
  decode(packet: Packet): boolean {
    packet.protocol = -1
    packet.cut = packet.wireLength > packet.end - packet.offset
    if (packet.linkType !== this.#linkType) {
      this.#linkType = packet.linkType
      this.#link = linkLayers.get(packet.linkType)
    }
    if (this.#link === undefined) {
      this.#oddities.count('link_type_not_supported')
      return false
    }
    const type = skipTags(packet, this.#link(packet))
    if (type === ETHERTYPE_IPV4) {
      if (!ipv4(packet, this.#oddities)) return false
    } else if (type === ETHERTYPE_IPV6) {
      if (!ipv6(packet, this.#oddities)) return false
    } else {
      this.#oddities.count('not_ip')
      return false
    }
    if (packet.protocol === PROTOCOL_TCP) {
      if (tcp(packet)) return true
      this.#oddities.count('tcp_header_damaged')
    } else if (packet.protocol === PROTOCOL_UDP) {
      if (udp(packet)) return true
      this.#oddities.count('udp_header_damaged')
    } else this.#oddities.count('transport_not_read')
    return false
  }
}
