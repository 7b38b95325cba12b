import { uint16 } from '../base/bytes.ts'
import type { Oddities } from '../base/oddities.ts'
import type { ProtocolName } from '../model/observation.ts'
import { type Packet, PROTOCOL_TCP, PROTOCOL_UDP } from '../model/packet.ts'
import { layersByEtherType, layersByPort, layersByProtocol } from './encapsulation/index.ts'
import { l2tp } from './encapsulation/l2tp.ts'
import { isTeredo, teredo } from './encapsulation/teredo.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from './ethertype.ts'
import { AUTHENTICATION, skipAuthentication, skipExtensions } from './extensions.ts'
import { Fragments } from './fragments.ts'
import { ipv4 } from './ipv4.ts'
import { ipv6 } from './ipv6.ts'
import { BY_LINK_TYPE, type Layer, NOT_IP, oddityOf } from './layer.ts'
import { LayerTable } from './layer-table.ts'
import { linkLayers, linkTypesWithoutIp } from './link/index.ts'
import { aggregatePart } from './link/wlan.ts'
import { privateTunnelOf } from './private-tunnel.ts'
import { soundIp } from './sound-ip.ts'
import { tcp } from './tcp.ts'
import { udp } from './udp.ts'

/** Headers of one packet that are looked at, of all layers; an honest stack of five tunnels has some twenty. */
const HEADER_LIMIT = 32

/** Authentication headers of one IP header; honest packets have one. */
const AUTHENTICATION_LIMIT = 4

const byEtherType = new LayerTable(layersByEtherType)
const byProtocol = new LayerTable(layersByProtocol)
const byPort = new LayerTable(layersByPort)

/** Who is told of headers that are passed on the way to the innermost payload. */
export interface DecoderListener {
  /** Each IP header of a packet, the outermost first, once its addresses are set. */
  readonly addresses?: ((packet: Packet) => void) | undefined
  /**
   * A packet of a virtual private network, whether it can be looked into or not: with the addresses of the tunnel's
   * ends, and the ports where it stands in UDP.
   */
  readonly tunnel?: ((packet: Packet, protocol: ProtocolName) => void) | undefined
}

/**
 * Narrows packets from the link layer, through whatever tunnels there are, to the transport payload of the innermost.
 * One decoder an input: it remembers the link layer in use, holds the fragments of datagrams that are not whole yet,
 * and counts what it could not read.
 */
export class Decoder {
  readonly #oddities: Oddities
  readonly #listener: DecoderListener
  readonly #fragments: Fragments
  #linkType = -1
  #link: Layer | undefined = undefined

  constructor(oddities: Oddities, listener: DecoderListener = {}) {
    this.#oddities = oddities
    this.#listener = listener
    this.#fragments = new Fragments(oddities)
  }

  /**
   * True where `packet` now holds the payload of a TCP segment or UDP datagram, with the addresses of the innermost IP
   * header; that of a datagram whose last missing fragment this is lies in a buffer of the decoder's own, until the
   * next packet. Where false, `protocol` is -1 if not even addresses could be read.
   */
  decode(packet: Packet): boolean {
    packet.protocol = -1
    packet.rest = 0
    packet.cut = packet.wireLength > packet.end - packet.offset
    if (packet.linkType !== this.#linkType) {
      this.#linkType = packet.linkType
      this.#link = linkLayers.get(packet.linkType)
    }
    const type = this.#link === undefined ? BY_LINK_TYPE : this.#link(packet, this.#oddities)
    return this.#layers(packet, type)
  }

  /** The same of the next packet in the frame, which begins at `packet.rest`. */
  decodeRest(packet: Packet): boolean {
    packet.protocol = -1
    packet.bytes = packet.restBytes
    packet.offset = packet.rest
    packet.end = packet.restEnd
    packet.cut = packet.restCut
    return this.#layers(packet, aggregatePart(packet))
  }

  #layers(packet: Packet, first: number): boolean {
    let type = first
    for (let headers = 1; headers < HEADER_LIMIT; headers++) {
      if (type !== ETHERTYPE_IPV4 && type !== ETHERTYPE_IPV6) {
        const layer =
          type === BY_LINK_TYPE ? linkLayers.get(packet.linkType) : type < 0 ? undefined : byEtherType.find(type)
        if (layer === undefined) return this.#stop(packet, type)
        type = layer(packet, this.#oddities)
        continue
      }
      if (!(type === ETHERTYPE_IPV4 ? this.#ipv4(packet) : this.#ipv6(packet))) return false
      if (packet.protocol === PROTOCOL_TCP) {
        if (tcp(packet)) return true
        this.#oddities.count('tcp_header_damaged')
        return false
      }
      if (packet.protocol === PROTOCOL_UDP) {
        if (!udp(packet)) {
          this.#oddities.count('udp_header_damaged')
          return false
        }
        const tunnel =
          byPort.find(packet.destinationPort) ??
          byPort.find(packet.sourcePort) ??
          (isTeredo(packet) ? teredo : undefined)
        if (tunnel === undefined) return true
        type = this.#tunnel(packet, tunnel, HEADER_LIMIT - headers)
        if (type < 0) return true
        continue
      }
      const isTunnel = this.#tellTunnel(packet)
      const layer = byProtocol.find(packet.protocol)
      if (layer === undefined) {
        if (!isTunnel) this.#oddities.count('transport_not_read')
        return false
      }
      type = layer(packet, this.#oddities)
    }
    this.#oddities.count('nested_too_deep')
    return false
  }

  /** Counts the datagrams that were never completed. */
  finish(): void {
    this.#fragments.finish()
  }

  #stop(packet: Packet, type: number): boolean {
    if (type !== BY_LINK_TYPE) this.#oddities.count(oddityOf(type))
    else if (linkTypesWithoutIp.has(packet.linkType)) this.#oddities.count('link_type_without_ip')
    else this.#oddities.count('link_type_not_supported')
    return false
  }

  #ipv4(packet: Packet): boolean {
    const { bytes, offset } = packet
    const fragment = ipv4(packet)
    if (fragment < 0) {
      this.#oddities.count('ipv4_header_damaged')
      return false
    }
    this.#listener.addresses?.(packet)
    if (fragment !== 0 && !this.#fragments.ipv4(packet, uint16(bytes, offset + 4), fragment)) return false
    return packet.protocol !== AUTHENTICATION || this.#skipExtensions(packet)
  }

  #ipv6(packet: Packet): boolean {
    if (!ipv6(packet)) {
      this.#oddities.count('ipv6_header_damaged')
      return false
    }
    this.#listener.addresses?.(packet)
    return this.#skipExtensions(packet)
  }

  #skipExtensions(packet: Packet): boolean {
    for (let count = 0; count < AUTHENTICATION_LIMIT; count++) {
      if (!skipExtensions(packet, this.#fragments, this.#oddities)) return false
      if (packet.protocol !== AUTHENTICATION) return true
      this.#tellTunnel(packet)
      if (!skipAuthentication(packet, this.#oddities)) return false
    }
    this.#oddities.count('nested_too_deep')
    return false
  }

  #tellTunnel(packet: Packet): boolean {
    const protocol = privateTunnelOf(packet)
    if (protocol === '') return false
    this.#listener.tunnel?.(packet, protocol)
    return true
  }

  /**
   * A datagram on the port of a tunnel is one only where a sound IP packet is found in it: gives that packet's
   * EtherType then. Gives -1, and leaves the datagram as it was, for every other.
   */
  #tunnel(packet: Packet, tunnel: Layer, headersLeft: number): number {
    const { offset, end, cut } = packet
    let type = tunnel(packet, this.#oddities)
    for (let left = headersLeft; left > 0 && type >= 0; left--) {
      if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) {
        if (soundIp(packet, packet.offset) === type) {
          if (tunnel === l2tp) this.#listener.tunnel?.(packet, 'l2tp')
          return type
        }
        break
      }
      const layer = byEtherType.find(type)
      type = layer === undefined ? NOT_IP : layer(packet, this.#oddities)
    }
    packet.offset = offset
    packet.end = end
    packet.cut = cut
    return -1
  }
}
