import { uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ANY_BYTE } from './any-byte.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** WireGuard's messages without what stands before them, their indices, and the codes at their end. */
const INITIATION_LENGTH = 148
const INITIATION_SENDER = 4
const RESPONSE_LENGTH = 92
const RESPONSE_RECEIVER = 8
const CODE_LENGTH = 16
/** A code that is random has nearly as many values as bytes; 10 or fewer come once in two million. */
const CODE_VALUES = 10

/** WireGuard itself, which is told without all this. */
const UNALTERED_INITIATION = 0x01000000

/** Datagrams that an initiation may wait for its response. */
const PATIENCE = 8

/**
 * AmneziaWG up to 2.0: WireGuard with other types, and with random bytes before its messages. What stays is the form of
 * the handshake: both messages end with a code and with a second one that is all zeros (WireGuard's whitepaper, §5.4.4),
 * and the response names the initiation's sender. From 3.0 on headers are encrypted and nothing is left to see.
 */
export const amneziawg: Protocol = {
  transport: 'udp',
  first: ANY_BYTE,
  canBe: (bytes, start, end, length) =>
    end - start === length &&
    endsAsHandshake(bytes, start, end, INITIATION_LENGTH) &&
    uint32(bytes, start) !== UNALTERED_INITIATION,
  begin: () => new AmneziaWG(),
}

function endsAsHandshake(bytes: Uint8Array, start: number, end: number, length: number): boolean {
  if (end - start < length) return false
  for (let at = end - CODE_LENGTH; at < end; at += 4) if (uint32(bytes, at) !== 0) return false
  return distinct(bytes, end - 2 * CODE_LENGTH, end - CODE_LENGTH) > CODE_VALUES
}

/** How many different values stand in the few bytes `bytes[start…end)`. */
function distinct(bytes: Uint8Array, start: number, end: number): number {
  let count = 0
  for (let at = start; at < end; at++) {
    let before = start
    while (bytes[before] !== bytes[at]) before++
    if (before === at) count++
  }
  return count
}

class AmneziaWG implements Candidate {
  readonly means = 'vpn'
  readonly protocol = 'wireguard'
  /** Sender of the last initiation, which way it went, and what has come since. */
  #sender = 0
  #up = false
  #since = 0

  take(packet: Packet, up: boolean): Opinion {
    const { bytes, offset, end, cut } = packet
    if (this.#sender !== 0 && up !== this.#up && !cut && endsAsHandshake(bytes, offset, end, RESPONSE_LENGTH)) {
      if (uint32(bytes, end - RESPONSE_LENGTH + RESPONSE_RECEIVER) === this.#sender) return 'confirmed'
    }
    if (!cut && endsAsHandshake(bytes, offset, end, INITIATION_LENGTH)) {
      this.#sender = uint32(bytes, end - INITIATION_LENGTH + INITIATION_SENDER)
      this.#up = up
      this.#since = 0
    }
    return this.#since++ < PATIENCE ? 'unknown' : 'no'
  }
}
