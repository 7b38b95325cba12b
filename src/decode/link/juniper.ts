import { uint16, uint24 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ppp } from '../encapsulation/ppp.ts'
import { ipByVersion } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { atm } from './atm.ts'
import { ciscoHdlc } from './cisco-hdlc.ts'
import { ethernet } from './ethernet.ts'
import { frameRelay } from './frame-relay.ts'

type Inner = (packet: Packet) => number

/** "MGC" */
const MAGIC = 0x4d4743
const NO_LINK_HEADER = 0x02
const EXTENSIONS = 0x80

/** The first byte of cookies that are longer than their interface's. */
const COOKIE_AS = 0x47

/**
 * LINKTYPE_JUNIPER_…: magic number and flags, extensions if there are any, a cookie of the interface card, and what the
 * interface carries. Where the router took the link header off, four bytes of protocol family stand there and IP
 * follows.
 */
function juniper(packet: Packet, cookieLength: number, inner: Inner): number {
  const { bytes, offset, end } = packet
  if (end - offset < 6 || uint24(bytes, offset) !== MAGIC) return NOT_IP
  const flags = bytes[offset + 3]!
  packet.offset = offset + 4 + ((flags & EXTENSIONS) !== 0 ? 2 + uint16(bytes, offset + 4) : 0)
  if (packet.offset >= end) return NOT_IP
  if ((flags & NO_LINK_HEADER) !== 0) {
    packet.offset += 4
    return ipByVersion(packet)
  }
  packet.offset += cookieLength > 0 && bytes[packet.offset] === COOKIE_AS ? 8 : cookieLength
  return inner(packet)
}

/** LINKTYPE_JUNIPER_ETHER and LINKTYPE_JUNIPER_PPPOE. */
export function juniperEthernet(packet: Packet): number {
  return juniper(packet, 0, ethernet)
}

/** LINKTYPE_JUNIPER_PPP */
export function juniperPpp(packet: Packet): number {
  return juniper(packet, 0, ppp)
}

/** LINKTYPE_JUNIPER_FRELAY */
export function juniperFrameRelay(packet: Packet): number {
  return juniper(packet, 0, frameRelay)
}

/** LINKTYPE_JUNIPER_CHDLC */
export function juniperHdlc(packet: Packet): number {
  return juniper(packet, 0, ciscoHdlc)
}

/** LINKTYPE_JUNIPER_ATM1 */
export function juniperAtm1(packet: Packet): number {
  return juniper(packet, 4, atm)
}

/** LINKTYPE_JUNIPER_ATM2 */
export function juniperAtm2(packet: Packet): number {
  return juniper(packet, 8, atm)
}

/** LINKTYPE_JUNIPER_GGSN, LINKTYPE_JUNIPER_MONITOR, LINKTYPE_JUNIPER_SERVICES: eight bytes of the service, then IP. */
export function juniperService(packet: Packet): number {
  return juniper(packet, 8, ipByVersion)
}

/** LINKTYPE_JUNIPER_PPPOE_ATM: an EtherType, then what it says. */
export function juniperPppoeAtm(packet: Packet): number {
  return juniper(packet, 0, etherType)
}

function etherType(packet: Packet): number {
  if (packet.end - packet.offset < 2) return NOT_IP
  packet.offset += 2
  return uint16(packet.bytes, packet.offset - 2)
}
