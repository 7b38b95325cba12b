import type { Layer } from '../layer.ts'
import { arcnet, arcnetLinux } from './arcnet.ts'
import { atm, sunAtm } from './atm.ts'
import { ciscoHdlc, ciscoHdlcWithDirection } from './cisco-hdlc.ts'
import { ethernet } from './ethernet.ts'
import { epon, mPacket, netAnalyzer, netAnalyzerTransparent } from './ethernet-preamble.ts'
import {
  appleFireWire,
  ipOverFibreChannel,
  ipOverInfiniBand,
  openBsdEncapsulation,
  packetFilterLog,
  slip,
  solarisIpnet,
} from './fixed-header.ts'
import { frameRelay, frameRelayWithDirection, multilinkFrameRelay } from './frame-relay.ts'
import {
  juniperAtm1,
  juniperAtm2,
  juniperEthernet,
  juniperFrameRelay,
  juniperHdlc,
  juniperPpp,
  juniperPppoeAtm,
  juniperService,
} from './juniper.ts'
import { linuxSll, linuxSll2 } from './linux-sll.ts'
import { nflog } from './nflog.ts'
import { loop, nullLoopback } from './null-loopback.ts'
import { pktap } from './pktap.ts'
import { ppi } from './ppi.ts'
import { pppd, pppEther, pppLink, pppWithDirection } from './ppp.ts'
import { avs, prism } from './prism.ts'
import { radiotap } from './radiotap.ts'
import { rawIp } from './raw-ip.ts'
import { fddi, tokenRing } from './ring.ts'
import { etherTypedSwitchTag, prependedSwitchTag, switchTag } from './switch-tag.ts'
import { wlan } from './wlan.ts'

/** By LINKTYPE_ value (https://www.tcpdump.org/linktypes.html): a file and a line here add one. */
export const linkLayers: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [0, nullLoopback],
  [1, ethernet],
  [6, tokenRing],
  [7, arcnet],
  [8, slip],
  [9, pppLink],
  [10, fddi],
  // DLT_ATM_RFC1483, and DLT_RAW of most systems and of OpenBSD, in files older than the LINKTYPE_ values and in
  // headers that give a DLT_.
  [11, atm],
  [12, rawIp],
  [14, rawIp],
  [50, pppLink],
  [51, pppEther],
  [100, atm],
  [101, rawIp],
  [104, ciscoHdlc],
  [105, wlan],
  [106, atm],
  [107, frameRelay],
  [108, loop],
  [109, openBsdEncapsulation],
  [113, linuxSll],
  [117, packetFilterLog],
  [119, prism],
  [122, ipOverFibreChannel],
  [123, sunAtm],
  [127, radiotap],
  [129, arcnetLinux],
  [133, juniperService],
  [135, juniperAtm2],
  [136, juniperService],
  [137, juniperAtm1],
  [138, appleFireWire],
  [163, avs],
  [164, juniperService],
  [166, pppd],
  [167, juniperEthernet],
  [168, juniperPppoeAtm],
  [178, juniperEthernet],
  [179, juniperPpp],
  [180, juniperFrameRelay],
  [181, juniperHdlc],
  [182, multilinkFrameRelay],
  [192, ppi],
  [204, pppWithDirection],
  [205, ciscoHdlcWithDirection],
  [206, frameRelayWithDirection],
  [226, solarisIpnet],
  [228, rawIp],
  [229, rawIp],
  [239, nflog],
  [240, netAnalyzer],
  [241, netAnalyzerTransparent],
  [242, ipOverInfiniBand],
  [258, pktap],
  [259, epon],
  [274, mPacket],
  [276, linuxSll2],
  [281, switchTag],
  [282, prependedSwitchTag],
  [284, switchTag],
  [285, etherTypedSwitchTag],
])

/**
 * LINKTYPE_ values of what carries no IP: SS7 and GSM signalling, IrDA, LIN, FlexRay, MOST, CAN, USB, Bluetooth, IPMB,
 * NFC, netlink and vsock.
 */
export const linkTypesWithoutIp: ReadonlySet<number> = new Set([
  139, 140, 141, 142, 144, 186, 187, 189, 190, 199, 201, 209, 210, 211, 212, 217, 218, 220, 227, 245, 249, 251, 253,
  254, 255, 256, 266, 271, 272, 288,
])
