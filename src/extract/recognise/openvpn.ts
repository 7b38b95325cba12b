import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { OpenVpnSessions } from './openvpn-sessions.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** Message types stand in the upper five bits of the first byte, the number of a key in the others. */
const TYPE_SHIFT = 3
const CONTROL_TYPES = [1, 2, 3, 4, 5, 7, 8, 10, 11]
const DATA_TYPES = [6, 9]
/** Session, an empty list of acknowledgements and a number. */
const CONTROL_LENGTH = 14
/** Of control; what only stands at a beginning is sent with key 0. */
const FIRST_BYTES = [0x08, 0x10, ...range(0x18, 0x2f), 0x38, 0x40, 0x50, 0x58]

/** OpenVPN in datagrams: https://openvpn.net/community-resources/openvpn-protocol. */
export const openvpn: Protocol = {
  transport: 'udp',
  first: FIRST_BYTES,
  canBe: (bytes, start, end) => end - start >= CONTROL_LENGTH && isSession(bytes, start + 1),
  begin: () => new OpenVpn(),
}

/** The same in TCP, where each message stands behind its length; a stream begins with a short one. */
export const openvpnOverTcp: Protocol = {
  transport: 'tcp',
  first: range(0, 7),
  canBe(bytes, start, end) {
    if (end - start < 2 + CONTROL_LENGTH) return false
    const length = uint16(bytes, start)
    if (length < CONTROL_LENGTH || length > end - start - 2) return false
    return FIRST_BYTES.includes(bytes[start + 2]!) && isSession(bytes, start + 3)
  },
  begin: () => new OpenVpnOverTcp(),
}

/** Eight bytes that are random, as far as they can be told from zeros, counters and padding. */
function isSession(bytes: Uint8Array, at: number): boolean {
  const high = uint32(bytes, at)
  const low = uint32(bytes, at + 4)
  return high > 0xffff && low > 0xffff && high !== low
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/**
 * Only a handshake is told, by what its two sides show of one another. Static keys, scrambled headers and data without
 * its handshake have nothing that could be told.
 */
class OpenVpn implements Candidate {
  readonly means = 'vpn'
  readonly protocol = 'openvpn'
  readonly #sessions = new OpenVpnSessions()

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    return takeMessage(this.#sessions, bytes, offset, end, up ? 0 : 1)
  }
}

class OpenVpnOverTcp implements Candidate {
  readonly means = 'vpn'
  readonly protocol = 'openvpn'
  readonly #sessions = new OpenVpnSessions()
  /** Where the next message begins each way, as a sequence number; undefined before the first. */
  readonly #next: (number | undefined)[] = [undefined, undefined]
  /** Where a segment or a part of a length is missing, messages are no longer found. */
  readonly #lost = [false, false]

  /** Takes the messages that begin in the segment, as much of them as stands there. */
  take({ bytes, offset, end, sequence }: Packet, up: boolean): Opinion {
    const way = up ? 0 : 1
    let at = offset + (((this.#next[way] ?? sequence) - sequence) | 0)
    if (at < offset) this.#lost[way] = true
    while (!this.#lost[way] && at < end) {
      if (end - at < 2) {
        this.#lost[way] = true
        break
      }
      const message = at + 2
      at = message + uint16(bytes, at)
      if (at === message) return 'no'
      const last = Math.min(at, end)
      if (last < at && last - message < CONTROL_LENGTH) continue
      const opinion = takeMessage(this.#sessions, bytes, message, last, way)
      if (opinion === 'no' || opinion === 'confirmed') return opinion
    }
    this.#next[way] = (sequence + at - offset) >>> 0
    return this.#sessions.likely ? 'probable' : 'unknown'
  }
}

function takeMessage(sessions: OpenVpnSessions, bytes: Uint8Array, start: number, end: number, way: 0 | 1): Opinion {
  const type = bytes[start]! >> TYPE_SHIFT
  if (DATA_TYPES.includes(type)) return 'unknown'
  if (!CONTROL_TYPES.includes(type) || end - start < CONTROL_LENGTH || !isSession(bytes, start + 1)) return 'no'
  if (!sessions.take(bytes, start, end, type, way)) return 'no'
  if (sessions.proved) return 'confirmed'
  return sessions.likely ? 'probable' : 'unknown'
}
