import {
  ETHERTYPE_BRIDGED,
  ETHERTYPE_MPLS,
  ETHERTYPE_NSH,
  ETHERTYPE_PPP,
  ETHERTYPE_PROVIDER_BRIDGE,
  ETHERTYPE_VLAN,
} from '../ethertype.ts'
import type { Layer } from '../layer.ts'
import { ethernet } from '../link/ethernet.ts'
import { frameRelay } from '../link/frame-relay.ts'
import { logicalLinkControl } from '../logical-link-control.ts'
import { ayiya } from './ayiya.ts'
import { capwap } from './capwap.ts'
import { erspan2, erspan3 } from './erspan.ts'
import { geneve } from './geneve.ts'
import { gre } from './gre.ts'
import { gtpU } from './gtp.ts'
import { ipv4InIp, ipv6InIp } from './ip-in-ip.ts'
import { l2tp, l2tpv3 } from './l2tp.ts'
import { lisp } from './lisp.ts'
import { backboneServiceTag, bridgedFrame, etherIp, fabricPath, trill } from './mac-in-mac.ts'
import { macsec } from './macsec.ts'
import { mpls } from './mpls.ts'
import { nsh } from './nsh.ts'
import { pimRegister } from './pim.ts'
import { ppp } from './ppp.ts'
import { pppoe } from './pppoe.ts'
import { bridgePortExtension, ciscoMetaData, fourByteTag, vlanTag } from './tags.ts'
import { teredo } from './teredo.ts'
import { tzsp } from './tzsp.ts'
import { vxlan, vxlanGpe } from './vxlan.ts'
import { wccp } from './wccp.ts'

/** What stands between a link layer and IP, by EtherType (https://www.iana.org/assignments/ieee-802-numbers). */
export const layersByEtherType: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [ETHERTYPE_VLAN, vlanTag],
  [ETHERTYPE_PROVIDER_BRIDGE, vlanTag],
  // Three that were in use for stacked tags before 802.1ad.
  [0x9100, vlanTag],
  [0x9200, vlanTag],
  [0x9300, vlanTag],
  [0x8926, fourByteTag],
  [0x892f, fourByteTag],
  [0x893f, bridgePortExtension],
  [0x8909, ciscoMetaData],
  [0x88e5, macsec],
  [0x88e7, backboneServiceTag],
  [0x8903, fabricPath],
  [0x22f3, trill],
  [ETHERTYPE_BRIDGED, ethernet],
  [0x6559, frameRelay],
  // Jumbo frames whose length is above what a length field may say.
  [0x8870, logicalLinkControl],
  [0x8864, pppoe],
  [ETHERTYPE_PPP, ppp],
  [ETHERTYPE_MPLS, mpls],
  [0x8848, mpls],
  [ETHERTYPE_NSH, nsh],
  [0x88be, erspan2],
  [0x22eb, erspan3],
  [0x883e, wccp],
])

/** Tunnels within IP, by protocol (https://www.iana.org/assignments/protocol-numbers). */
export const layersByProtocol: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [4, ipv4InIp],
  [41, ipv6InIp],
  [47, gre],
  [94, ipv4InIp],
  [97, etherIp],
  [103, pimRegister],
  [115, l2tpv3],
  [137, mpls],
  [143, bridgedFrame],
])

/** Tunnels within UDP, by port (https://www.iana.org/assignments/service-names-port-numbers) of either end. */
export const layersByPort: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [1701, l2tp],
  [2152, gtpU],
  [3544, teredo],
  [4341, lisp],
  [4754, gre],
  [4789, vxlan],
  [4790, vxlanGpe],
  [5072, ayiya],
  [5247, capwap],
  [6081, geneve],
  [6635, mpls],
  // Linux before VXLAN had a port.
  [8472, vxlan],
  [37008, tzsp],
])
