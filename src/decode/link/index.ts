import type { Packet } from '../../model/packet.ts'
import { ethernet } from './ethernet.ts'
import { linuxSll, linuxSll2 } from './linux-sll.ts'
import { loop, nullLoopback } from './null-loopback.ts'
import { rawIp } from './raw-ip.ts'

/** Moves `offset` behind the link header; gives the EtherType of what follows, -1 where the packet is cut or not IP. */
export type LinkLayer = (packet: Packet) => number

/** By LINKTYPE_ value (https://www.tcpdump.org/linktypes.html): a file and a line here add one. */
export const linkLayers: ReadonlyMap<number, LinkLayer> = new Map([
  [0, nullLoopback],
  [1, ethernet],
  // DLT_RAW of most systems and of OpenBSD, in files written before LINKTYPE_ values were agreed on.
  [12, rawIp],
  [14, rawIp],
  [101, rawIp],
  [108, loop],
  [113, linuxSll],
  [228, rawIp],
  [229, rawIp],
  [276, linuxSll2],
])
