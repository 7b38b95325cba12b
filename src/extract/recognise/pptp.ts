import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

const CONTROL_MESSAGE = 1
const MAGIC_COOKIE = 0x1a2b3c4d
const HEADER_LENGTH = 12
/** How long each control message is, by its type from 1 on (RFC 2637 §2.1 to §2.15). */
const LENGTHS = [156, 156, 16, 16, 16, 20, 168, 32, 220, 24, 28, 16, 148, 40, 24]

/** PPTP's control connection; its data is GRE. */
export const pptp: Protocol = {
  transport: 'tcp',
  first: [0],
  canBe: (bytes, start, end) => isControl(bytes, start, end),
  begin: () => new Pptp(),
}

/**
 * Whether a control message begins at `start` (RFC 2637 §1.4).
 *
 *     length 2 | type 2 | magic cookie 4 | control type 2 | reserved 2
 */
function isControl(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER_LENGTH) return false
  if (uint16(bytes, start + 2) !== CONTROL_MESSAGE || uint32(bytes, start + 4) !== MAGIC_COOKIE) return false
  return uint16(bytes, start) === LENGTHS[uint16(bytes, start + 8) - 1] && uint16(bytes, start + 10) === 0
}

/** Confirmed where control messages go both ways. */
class Pptp implements Candidate {
  readonly means = 'vpn'
  readonly protocol = 'pptp'
  /** The ways (1, 2) that messages went. */
  #ways = 0

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    if (isControl(bytes, offset, end)) this.#ways |= up ? 1 : 2
    else if (this.#ways === 0) return 'no'
    return this.#ways === 3 ? 'confirmed' : 'probable'
  }
}
