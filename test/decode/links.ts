import {
  bsdLoop,
  bsdNull,
  carriers,
  concat,
  ethernet,
  LINKTYPE_ETHERNET,
  LINKTYPE_RAW,
  linuxSll,
  linuxSll2,
  tunnels,
  uint16,
} from '../build/index.ts'
import { type Carrier, isIPv6, typed, typeOf, zeros } from './carriers.ts'

/** A link layer: its frames stand alone. */
export interface LinkCarrier extends Carrier {
  readonly linkType: number
}

const { wlan, snap, ppp, ciscoHdlc, frameRelay } = carriers

const MAC = [0, 0, 0x5e, 0, 0x53, 1, 0, 0, 0x5e, 0, 0x53, 2]
const PREAMBLE = [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xd5]
const PREAMBLE_EPON = [0x55, 0x55, 0xd5, 0x55, 0x55, 0, 1, 0]

function arcnetOf(packet: Uint8Array): number {
  return isIPv6(packet) ? 196 : 212
}

function nlpid(packet: Uint8Array): Uint8Array {
  return concat([0xfe, 0xfe, 3, isIPv6(packet) ? 0x8e : 0xcc], packet)
}

function juniper(cookie: readonly number[], content: Uint8Array, flags = 0x80): Uint8Array {
  return concat([0x4d, 0x47, 0x43, flags], (flags & 0x80) !== 0 ? [0, 3, 3, 1, 1] : [], cookie, content)
}

export const links: readonly LinkCarrier[] = [
  { name: 'Ethernet', linkType: LINKTYPE_ETHERNET, wrap: (packet) => ethernet(packet) },
  { name: 'BSD loopback', linkType: 0, wrap: (packet) => bsdNull(packet) },
  { name: 'OpenBSD loopback', linkType: 108, wrap: bsdLoop },
  { name: 'nothing', linkType: LINKTYPE_RAW, wrap: (packet) => packet },
  { name: 'cooked capture', linkType: 113, wrap: linuxSll },
  { name: 'cooked capture 2', linkType: 276, wrap: linuxSll2 },
  { name: 'Token Ring', linkType: 6, wrap: (packet) => carriers.tokenRing(packet) },
  { name: 'Token Ring with a route', linkType: 6, wrap: (packet) => carriers.tokenRing(packet, { routed: true }) },
  { name: 'FDDI', linkType: 10, wrap: carriers.fddi },
  { name: 'SLIP', linkType: 8, wrap: (packet) => concat([0, 0x40, ...zeros(14)], packet), ours: true },
  { name: 'PPP', linkType: 9, wrap: (packet) => ppp(packet) },
  { name: 'PPP in HDLC', linkType: 50, wrap: (packet) => ppp(packet) },
  { name: 'PPP without address', linkType: 9, wrap: (packet) => ppp(packet, { address: false }) },
  { name: 'PPP with a short protocol', linkType: 9, wrap: (packet) => ppp(packet, { short: true }) },
  { name: "Cisco's HDLC on a PPP line", linkType: 50, wrap: ciscoHdlc },
  { name: 'PPPoE alone', linkType: 51, wrap: (packet) => tunnels.pppoe(ppp(packet, { address: false })), ours: true },
  {
    name: "pppd's capture",
    linkType: 166,
    wrap: (packet) => concat([1, 3], ppp(packet, { address: false })),
    ours: true,
  },
  { name: 'PPP with direction', linkType: 204, wrap: (packet) => concat([1], ppp(packet)) },
  { name: "Cisco's HDLC", linkType: 104, wrap: ciscoHdlc },
  { name: "Cisco's HDLC with direction", linkType: 205, wrap: (packet) => concat([0], ciscoHdlc(packet)), ours: true },
  { name: 'Frame Relay', linkType: 107, wrap: (packet) => frameRelay(packet) },
  { name: 'Frame Relay with SNAP', linkType: 107, wrap: (packet) => frameRelay(packet, 'snap') },
  { name: "Cisco's Frame Relay", linkType: 107, wrap: (packet) => frameRelay(packet, 'cisco') },
  { name: 'Frame Relay with direction', linkType: 206, wrap: (packet) => concat([1], frameRelay(packet)), ours: true },
  { name: 'multilink Frame Relay', linkType: 182, wrap: (packet) => concat([0xc0, 1], frameRelay(packet)), ours: true },
  {
    name: 'Ethernet in Frame Relay',
    linkType: 107,
    wrap: (packet) => concat([0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xc2, 0, 7], ethernet(packet)),
  },
  { name: 'ATM with LLC', linkType: 100, wrap: snap },
  { name: 'ATM alone', linkType: 100, wrap: (packet) => packet, ours: true },
  {
    name: 'Ethernet over ATM',
    linkType: 100,
    wrap: (packet) => concat([0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 7, 0, 0], ethernet(packet)),
  },
  { name: 'ATM with an NLPID', linkType: 100, wrap: nlpid },
  { name: 'ATM of Linux', linkType: 106, wrap: snap, ours: true },
  { name: 'SunATM', linkType: 123, wrap: (packet) => concat([0x82, 0, 0, 40], snap(packet)) },
  {
    name: 'LAN emulation',
    linkType: 123,
    wrap: (packet) => concat([0x81, 0, 0, 40, 0, 1], ethernet(packet)),
    ours: true,
  },
  { name: 'Fibre Channel', linkType: 122, wrap: (packet) => concat(zeros(16), snap(packet)) },
  { name: 'FireWire', linkType: 138, wrap: (packet) => typed(packet, zeros(16)) },
  {
    name: 'InfiniBand',
    linkType: 242,
    wrap: (packet) => concat(zeros(40), uint16(typeOf(packet)), [0, 0], packet),
    ours: true,
  },
  { name: 'ARCNET', linkType: 7, wrap: (packet) => concat([1, 2, arcnetOf(packet), 0, 0, 1], packet) },
  { name: 'ARCNET of Linux', linkType: 129, wrap: (packet) => concat([1, 2, 0, 0, arcnetOf(packet), 0, 0, 1], packet) },
  { name: "OpenBSD's IPsec", linkType: 109, wrap: (packet) => concat([2, ...zeros(11)], packet), ours: true },
  {
    name: 'pflog',
    linkType: 117,
    wrap: (packet) => concat([61, isIPv6(packet) ? 24 : 2, ...zeros(62)], packet),
    ours: true,
  },
  {
    name: 'Solaris IPNET',
    linkType: 226,
    wrap: (packet) => concat([1, isIPv6(packet) ? 26 : 2, ...zeros(4)], uint16(packet.length), zeros(16), packet),
  },
  { name: 'NFLOG', linkType: 239, wrap: carriers.nflog },
  { name: '802.11', linkType: 105, wrap: (packet) => wlan(packet) },
  { name: '802.11 with quality of service', linkType: 105, wrap: (packet) => wlan(packet, { quality: true }) },
  { name: '802.11 with HT control', linkType: 105, wrap: (packet) => wlan(packet, { highThroughput: true }) },
  { name: '802.11 between bridges', linkType: 105, wrap: (packet) => wlan(packet, { bridge: true, quality: true }) },
  { name: '802.11 and radiotap', linkType: 127, wrap: (packet) => carriers.radiotap(wlan(packet, { quality: true })) },
  {
    name: '802.11 and radiotap, padded',
    linkType: 127,
    wrap: (packet) => carriers.radiotap(wlan(packet, { quality: true, padded: true }), { padded: true }),
  },
  { name: '802.11 and Prism', linkType: 119, wrap: (packet) => carriers.prism(wlan(packet)) },
  { name: '802.11 and AVS', linkType: 163, wrap: (packet) => carriers.avs(wlan(packet)) },
  { name: '802.11 and AVS where Prism is said', linkType: 119, wrap: (packet) => carriers.avs(wlan(packet)) },
  { name: 'PPI', linkType: 192, wrap: (packet) => carriers.ppi(105, wlan(packet)) },
  { name: 'PKTAP', linkType: 258, wrap: (packet) => carriers.pktap(1, ethernet(packet)), ours: true },
  { name: 'a Broadcom tag', linkType: 281, wrap: (packet) => typed(packet, [...MAC, 0x20, 0, 0, 1]), ours: true },
  {
    name: 'a Broadcom tag in front',
    linkType: 282,
    wrap: (packet) => concat([0, 0, 0, 1], ethernet(packet)),
    ours: true,
  },
  { name: 'a Marvell tag', linkType: 284, wrap: (packet) => typed(packet, [...MAC, 0xc0, 0, 0, 1]), ours: true },
  {
    name: 'a Marvell tag with a type',
    linkType: 285,
    wrap: (packet) => typed(packet, [...MAC, 0xda, 0xda, 0, 0, 0xc0, 0, 0, 1]),
    ours: true,
  },
  { name: 'netANALYZER', linkType: 240, wrap: (packet) => concat(zeros(4), ethernet(packet), zeros(4)), ours: true },
  {
    name: 'netANALYZER, transparent',
    linkType: 241,
    wrap: (packet) => concat(zeros(4), PREAMBLE, ethernet(packet), zeros(4)),
    ours: true,
  },
  { name: 'EPON', linkType: 259, wrap: (packet) => concat(PREAMBLE_EPON, ethernet(packet)), ours: true },
  {
    name: 'an Ethernet mPacket',
    linkType: 274,
    wrap: (packet) => concat(PREAMBLE, ethernet(packet), zeros(4)),
    ours: true,
  },
  { name: 'Juniper Ethernet', linkType: 178, wrap: (packet) => juniper([], ethernet(packet)) },
  { name: 'Juniper PPPoE', linkType: 167, wrap: (packet) => juniper([], ethernet(packet)) },
  { name: 'Juniper PPP', linkType: 179, wrap: (packet) => juniper([], ppp(packet)) },
  { name: 'Juniper Frame Relay', linkType: 180, wrap: (packet) => juniper([], frameRelay(packet)) },
  { name: 'Juniper HDLC', linkType: 181, wrap: (packet) => juniper([], ciscoHdlc(packet)) },
  { name: 'Juniper ATM 1', linkType: 137, wrap: (packet) => juniper([0, 0, 0, 1], snap(packet)) },
  { name: 'Juniper ATM 2', linkType: 135, wrap: (packet) => juniper(zeros(8), snap(packet)) },
  { name: 'Juniper monitor', linkType: 164, wrap: (packet) => juniper(zeros(8), packet), ours: true },
  { name: 'Juniper services', linkType: 136, wrap: (packet) => juniper([0x47, ...zeros(7)], packet), ours: true },
  { name: 'Juniper GGSN', linkType: 133, wrap: (packet) => juniper(zeros(8), packet), ours: true },
  { name: 'Juniper PPPoE over ATM', linkType: 168, wrap: (packet) => juniper([], typed(packet, [])), ours: true },
  {
    name: 'Juniper without link header',
    linkType: 178,
    wrap: (packet) => juniper([0, 0, 0, 2], packet, 0x02),
    ours: true,
  },
]
