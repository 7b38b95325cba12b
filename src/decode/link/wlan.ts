import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { NOT_IP, WLAN_FRAGMENT, WLAN_PROTECTED } from '../layer.ts'
import { logicalLinkControl } from '../logical-link-control.ts'

/** IEEE 802.11-2020 §9.2.4.1: bits of the frame control field, the first four in its first byte. */
const VERSION = 0x03
const TYPE = 0x0c
const TYPE_DATA = 0x08
const NO_DATA = 0x40
const QUALITY_OF_SERVICE = 0x80
const BOTH_DISTRIBUTION_SYSTEMS = 0x03
const PROTECTED = 0x40
const HT_CONTROL = 0x80

/** §9.2.4.5: in the quality-of-service field. */
const AGGREGATE = 0x80
const MESH_CONTROL = 0x01

/** LINKTYPE_IEEE802_11: a data frame of IEEE 802.11 that is not encrypted, with LLC in it. */
export function wlan(packet: Packet): number {
  return wlanFrame(packet, false, false)
}

/**
 * IEEE 802.11-2020 §9.3.2.1. Of an aggregate (A-MSDU) this is the first part; `packet.rest` is where the next begins.
 * @param padded the header is filled up to a multiple of four bytes, as some radios do
 * @param swapped the two bytes of frame control have changed places, as some controllers send them
 */
export function wlanFrame(packet: Packet, padded: boolean, swapped: boolean): number {
  const { bytes, offset, end } = packet
  if (end - offset < 24) return NOT_IP
  const control = bytes[swapped ? offset + 1 : offset]!
  const flags = bytes[swapped ? offset : offset + 1]!
  if ((control & (VERSION | TYPE | NO_DATA)) !== TYPE_DATA) return NOT_IP
  if ((flags & PROTECTED) !== 0) return WLAN_PROTECTED
  if ((bytes[offset + 22]! & 0x0f) !== 0) return WLAN_FRAGMENT
  let length = (flags & BOTH_DISTRIBUTION_SYSTEMS) === BOTH_DISTRIBUTION_SYSTEMS ? 30 : 24
  let quality = 0
  let more = 0
  if ((control & QUALITY_OF_SERVICE) !== 0) {
    if (offset + length + 2 > end) return NOT_IP
    quality = bytes[offset + length]!
    more = bytes[offset + length + 1]!
    length += (flags & HT_CONTROL) !== 0 ? 6 : 2
  }
  if (padded) length = (length + 3) & ~3
  packet.offset = offset + length
  if ((quality & AGGREGATE) !== 0) return aggregatePart(packet)
  const type = logicalLinkControl(packet)
  return type === NOT_IP && (more & MESH_CONTROL) !== 0 ? behindMeshControl(packet) : type
}

/** One part of an aggregate, §9.3.2.2.2: destination, source, length, and LLC. */
export function aggregatePart(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 14) return NOT_IP
  const last = offset + 14 + uint16(bytes, offset + 12)
  // The next one begins at a multiple of four bytes; what is shorter than a header is padding, or a check sequence.
  const next = offset + ((last - offset + 3) & ~3)
  packet.rest = next + 14 <= end ? next : 0
  packet.restEnd = end
  packet.restBytes = bytes
  packet.restCut = packet.cut
  packet.offset = offset + 14
  if (last < end) packet.end = last
  return logicalLinkControl(packet)
}

/** §9.2.4.7.3: flags, time to live, sequence number, and up to three addresses. */
function behindMeshControl(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (offset >= end) return NOT_IP
  packet.offset = offset + 6 + 6 * (bytes[offset]! & 3)
  return logicalLinkControl(packet)
}
