import { carriers, concat, ethernet, filler, tunnels, uint16 } from '../build/index.ts'
import { type Carrier, isIPv6, typed, typeOf, zeros } from './carriers.ts'

const { wlan, snap, ppp, frameRelay } = carriers
const { ETHERTYPE_BRIDGED, ETHERTYPE_PPP, gre, PROTOCOL_GRE, tunnelIp, tunnelUdp } = tunnels

/** 1 for IPv4 and 2 for IPv6, as NSH and VXLAN-GPE number them. */
function nextOf(packet: Uint8Array): number {
  return isIPv6(packet) ? 2 : 1
}

function etherTyped(type: number, header: readonly number[]): Carrier['wrap'] {
  return (packet) => ethernet(typed(packet, header), { etherType: type })
}

/** Between Ethernet and IP: each gives an Ethernet frame. */
export const tags: readonly Carrier[] = [
  { name: 'a VLAN tag', wrap: (packet) => ethernet(packet, { vlans: [{ id: 110 }] }) },
  {
    name: 'sixteen VLAN tags',
    wrap: (packet) => ethernet(packet, { vlans: Array(16).fill({ id: 1, protocol: 0x9100 }) }),
  },
  { name: 'an E-TAG', wrap: etherTyped(0x893f, zeros(6)) },
  { name: 'a VN-Tag', wrap: etherTyped(0x8926, zeros(4)) },
  { name: 'an HSR tag', wrap: etherTyped(0x892f, [0, 60, 0, 1]) },
  { name: 'Cisco MetaData', wrap: etherTyped(0x8909, [1, 1, 0, 1, 0, 7]) },
  {
    name: 'a service tag of provider backbone bridges',
    wrap: (packet) => ethernet(concat(zeros(4), ethernet(packet)), { etherType: 0x88e7 }),
  },
  {
    name: 'FabricPath',
    wrap: (packet) => ethernet(concat([0, 0x60], ethernet(packet)), { etherType: 0x8903 }),
    ours: true,
  },
  {
    name: 'TRILL',
    wrap: (packet) => ethernet(concat([0, 0x7f, 0, 1, 0, 2, 1, 1, 1, 1], ethernet(packet)), { etherType: 0x22f3 }),
    ours: true,
  },
  {
    name: 'MACsec without encryption',
    wrap: (packet) => ethernet(tunnels.macsec(typeOf(packet), packet), { etherType: 0x88e5 }),
  },
  { name: 'MPLS labels', wrap: (packet) => ethernet(tunnels.mpls([16, 17], packet), { etherType: 0x8847 }) },
  {
    name: 'a pseudowire with a control word',
    wrap: (packet) => ethernet(tunnels.mpls([16], concat([0, 0, 0, 0], ethernet(packet))), { etherType: 0x8847 }),
  },
  {
    name: 'a pseudowire without',
    wrap: (packet) => ethernet(tunnels.mpls([16], ethernet(packet)), { etherType: 0x8848 }),
  },
  { name: 'PPPoE', wrap: (packet) => ethernet(tunnels.pppoe(ppp(packet, { address: false })), { etherType: 0x8864 }) },
  {
    name: 'PPP with multilink',
    wrap: (packet) =>
      ethernet(tunnels.pppoe(concat([0, 0x3d, 0xc0, 0, 0, 1], ppp(packet, { address: false }))), { etherType: 0x8864 }),
  },
  {
    name: 'PPP with bridging',
    wrap: (packet) => ethernet(tunnels.pppoe(concat([0, 0x31, 0, 1], ethernet(packet))), { etherType: 0x8864 }),
    ours: true,
  },
  {
    name: 'MPLS in PPP',
    wrap: (packet) => ethernet(tunnels.pppoe(concat([2, 0x81], tunnels.mpls([3], packet))), { etherType: 0x8864 }),
  },
  { name: 'NSH', wrap: (packet) => ethernet(tunnels.nsh(nextOf(packet), packet), { etherType: 0x894f }) },
  { name: 'LLC behind a jumbo type', wrap: (packet) => ethernet(snap(packet), { etherType: 0x8870 }), ours: true },
]

function greIp(content: Uint8Array): Uint8Array {
  return tunnelIp(PROTOCOL_GRE, content)
}

/** Within IP: each gives an IP packet of the tunnel's ends. */
export const ipTunnels: readonly Carrier[] = [
  { name: 'IP in IP', wrap: (packet) => tunnelIp(isIPv6(packet) ? 41 : 4, packet) },
  {
    name: 'IP in IPv6',
    wrap: (packet) =>
      tunnelIp(isIPv6(packet) ? 41 : 4, packet, { source: '2001:db8::11', destination: '2001:db8::12' }),
  },
  { name: 'GRE', wrap: (packet) => greIp(gre(packet)) },
  {
    name: 'GRE with every field',
    wrap: (packet) => greIp(gre(packet, { checksum: true, key: 7, sequence: 9 })),
    ours: true,
  },
  {
    name: 'GRE with a source route',
    wrap: (packet) =>
      greIp(concat([0x40, 0], uint16(typeOf(packet)), zeros(4), [8, 0, 0, 4, 192, 0, 2, 9], zeros(4), packet)),
    ours: true,
  },
  { name: 'Ethernet in GRE', wrap: (packet) => greIp(gre(ethernet(packet), { type: ETHERTYPE_BRIDGED, key: 0x2a00 })) },
  { name: "PPTP's GRE", wrap: (packet) => greIp(tunnels.pptp(ppp(packet))) },
  { name: 'PPP in GRE', wrap: (packet) => greIp(gre(ppp(packet, { address: false }), { type: ETHERTYPE_PPP })) },
  { name: 'MPLS in GRE', wrap: (packet) => greIp(gre(tunnels.mpls([99], packet), { type: 0x8847 })) },
  { name: 'Frame Relay in GRE', wrap: (packet) => greIp(gre(frameRelay(packet), { type: 0x6559 })) },
  { name: 'NSH in GRE', wrap: (packet) => greIp(gre(tunnels.nsh(nextOf(packet), packet), { type: 0x894f })) },
  { name: 'ERSPAN I', wrap: (packet) => greIp(gre(ethernet(packet), { type: tunnels.ETHERTYPE_ERSPAN })) },
  {
    name: 'ERSPAN II',
    wrap: (packet) => greIp(gre(tunnels.erspan2(ethernet(packet)), { type: tunnels.ETHERTYPE_ERSPAN, sequence: 1 })),
  },
  {
    name: 'ERSPAN III',
    wrap: (packet) => greIp(gre(tunnels.erspan3(ethernet(packet)), { type: tunnels.ETHERTYPE_ERSPAN_3, sequence: 1 })),
  },
  { name: "Aruba's GRE", wrap: (packet) => greIp(gre(wlan(packet, { quality: true }), { type: 0x8200 })) },
  { name: 'WCCP', wrap: (packet) => greIp(gre(packet, { type: 0x883e })), ours: true },
  { name: 'WCCP version 2', wrap: (packet) => greIp(gre(concat([1, 2, 3, 4], packet), { type: 0x883e })) },
  { name: 'EtherIP', wrap: (packet) => tunnelIp(97, concat([0x30, 0], ethernet(packet))) },
  { name: 'L2TPv3', wrap: (packet) => tunnelIp(115, tunnels.l2tpv3(ethernet(packet))), ours: true },
  {
    name: 'L2TPv3 with a long cookie',
    wrap: (packet) => tunnelIp(115, tunnels.l2tpv3(packet, { cookie: 8 })),
    ours: true,
  },
  { name: 'PIM', wrap: (packet) => tunnelIp(103, concat([0x21, 0, 0, 0, 0, 0, 0, 0], packet)), ours: true },
  { name: 'MPLS in IP', wrap: (packet) => tunnelIp(137, tunnels.mpls([5], packet)) },
  {
    name: 'an authentication header',
    wrap: (packet) => tunnelIp(51, concat([isIPv6(packet) ? 41 : 4, 4, 0, 0], filler(20, 8), packet)),
  },
  {
    name: 'Ethernet in IPv6',
    wrap: (packet) => tunnelIp(143, ethernet(packet), { source: '2001:db8::11', destination: '2001:db8::12' }),
  },
  { name: 'VXLAN', wrap: (packet) => tunnelUdp(4789, tunnels.vxlan(ethernet(packet))) },
  { name: 'VXLAN of old Linux', wrap: (packet) => tunnelUdp(8472, tunnels.vxlan(ethernet(packet))), ours: true },
  { name: 'VXLAN-GPE', wrap: (packet) => tunnelUdp(4790, tunnels.vxlanGpe(nextOf(packet), packet)) },
  { name: 'Ethernet in VXLAN-GPE', wrap: (packet) => tunnelUdp(4790, tunnels.vxlanGpe(3, ethernet(packet))) },
  {
    name: 'NSH in VXLAN-GPE',
    wrap: (packet) => tunnelUdp(4790, tunnels.vxlanGpe(4, tunnels.nsh(3, ethernet(packet)))),
  },
  { name: 'Geneve', wrap: (packet) => tunnelUdp(6081, tunnels.geneve(typeOf(packet), packet)) },
  {
    name: 'Ethernet in Geneve',
    wrap: (packet) => tunnelUdp(6081, tunnels.geneve(ETHERTYPE_BRIDGED, ethernet(packet))),
  },
  { name: 'GTP-U', wrap: (packet) => tunnelUdp(2152, tunnels.gtpU(packet)) },
  {
    name: 'GTP-U with an extension header',
    wrap: (packet) => tunnelUdp(2152, tunnels.gtpU(packet, { extended: true })),
  },
  { name: 'L2TP', wrap: (packet) => tunnelUdp(1701, tunnels.l2tp(ppp(packet))) },
  {
    name: 'L2TPv3 over UDP',
    wrap: (packet) => tunnelUdp(1701, concat([0, 3, 0, 0], tunnels.l2tpv3(ethernet(packet)))),
    ours: true,
  },
  { name: 'CAPWAP', wrap: (packet) => tunnelUdp(5247, tunnels.capwap(ethernet(packet))), ours: true },
  {
    name: 'CAPWAP with 802.11',
    wrap: (packet) => tunnelUdp(5247, tunnels.capwap(wlan(packet), { native: true })),
    ours: true,
  },
  {
    name: 'CAPWAP with bytes swapped',
    wrap: (packet) => tunnelUdp(5247, tunnels.capwap(swapped(wlan(packet)), { native: true })),
  },
  { name: 'TZSP', wrap: (packet) => tunnelUdp(37008, tunnels.tzsp(1, ethernet(packet))) },
  { name: 'TZSP with 802.11', wrap: (packet) => tunnelUdp(37008, tunnels.tzsp(18, wlan(packet))) },
  {
    name: 'TZSP with Prism',
    wrap: (packet) => tunnelUdp(37008, tunnels.tzsp(119, carriers.prism(wlan(packet)))),
    ours: true,
  },
  {
    name: 'TZSP with AVS',
    wrap: (packet) => tunnelUdp(37008, tunnels.tzsp(127, carriers.avs(wlan(packet)))),
    ours: true,
  },
  { name: 'MPLS in UDP', wrap: (packet) => tunnelUdp(6635, tunnels.mpls([5], packet)) },
  { name: 'GRE in UDP', wrap: (packet) => tunnelUdp(4754, gre(packet, { key: 1 })) },
  { name: 'LISP', wrap: (packet) => tunnelUdp(4341, tunnels.lisp(packet)) },
]

/** Those that carry only IPv6. */
export const ipv6Tunnels: readonly Carrier[] = [
  { name: 'Teredo', wrap: (packet) => tunnelUdp(3544, tunnels.teredo(packet)) },
  { name: 'Teredo with indications', wrap: (packet) => tunnelUdp(3544, tunnels.teredo(packet, { indicated: true })) },
  { name: 'AYIYA', wrap: (packet) => tunnelUdp(5072, tunnels.ayiya(packet)) },
]

function swapped(frame: Uint8Array): Uint8Array {
  return concat([frame[1]!, frame[0]!], frame.subarray(2))
}
