import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** A control message of version 2 (RFC 2661 §3.1) or 3 (RFC 3931 §3.2.1): length and sequence are there. */
const CONTROL_2 = 0xc802
const CONTROL_3 = 0xc803
const HEADER_LENGTH = 12
const MESSAGE_LENGTH = 20
/** An AVP of 8 bytes of no vendor and of type 0: the message type (RFC 2661 §4.1, §4.4.1). Mandatory or not. */
const MESSAGE_TYPE = 0x0008
const MANDATORY = 0x8000
/** https://www.iana.org/assignments/l2tp-parameters */
const LAST_MESSAGE_TYPE = 29

/** The control messages of L2TP. Data that shows IP in clear is read through before it comes here. */
export const l2tp: Protocol = {
  transport: 'udp',
  first: [CONTROL_2 >> 8],
  canBe: (bytes, start, end, length) => isMessage(bytes, start, end, end - start < length),
  begin: () => new L2tp(),
}

function isControl(bytes: Uint8Array, start: number, end: number, cut: boolean): boolean {
  if (end - start < HEADER_LENGTH) return false
  const flags = uint16(bytes, start)
  const length = uint16(bytes, start + 2)
  if (flags !== CONTROL_2 && flags !== CONTROL_3) return false
  return cut ? length >= end - start : length === end - start
}

/** A control message that is more than an acknowledgement: it begins with its type. */
function isMessage(bytes: Uint8Array, start: number, end: number, cut: boolean): boolean {
  if (!isControl(bytes, start, end, cut) || end - start < MESSAGE_LENGTH) return false
  const type = uint16(bytes, start + 18)
  return (
    (uint16(bytes, start + 12) & ~MANDATORY) === MESSAGE_TYPE &&
    uint32(bytes, start + 14) === 0 &&
    type > 0 &&
    type <= LAST_MESSAGE_TYPE
  )
}

/** Confirmed where control goes both ways. */
class L2tp implements Candidate {
  readonly means = 'vpn'
  readonly protocol = 'l2tp'
  /** The ways (1, 2) that control went. */
  #ways = 0

  take(packet: Packet, up: boolean): Opinion {
    const { bytes, offset, end, cut } = packet
    if (isControl(bytes, offset, end, cut)) {
      if (end - offset > HEADER_LENGTH && !isMessage(bytes, offset, end, cut)) return 'no'
      this.#ways |= up ? 1 : 2
    } else if (!isData(bytes, offset, end)) return 'no'
    return this.#ways === 3 ? 'confirmed' : 'probable'
  }
}

/** A data message begins with a clear bit; the version stands in the same place. */
function isData(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 6 || (bytes[start]! & 0x80) !== 0) return false
  const version = bytes[start + 1]! & 0x0f
  return version === 2 || version === 3
}
