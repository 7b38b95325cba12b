import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { bytesFrom } from '../openers/opener.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** Kind, 0xf1, version, length: alert, handshake, data, and data before the handshake is done. */
const HEADER = 5
const KINDS = [0x15, 0x16, 0x17, 0x19]
/** A connection begins with a handshake, or with early data where the keys of an earlier one are used again. */
const FIRST_KINDS = [0x16, 0x19]
const MARK = 0xf1
const VERSIONS = bytesFrom(3, 4)
const LONGEST = 0x4400

/**
 * WeChat's mmtls on its long connection: records like those of TLS, with another mark
 * (https://citizenlab.ca/2024/10/should-we-chat-too-security-analysis-of-wechats-mmtls-encryption-protocol/).
 */
export const mmtls: Protocol = {
  transport: 'tcp',
  first: FIRST_KINDS,
  canBe: isHeader,
  begin: () => new Mmtls(),
}

/** Probable where both sides send records that end where the next begins; nothing in them is more of a proof. */
class Mmtls implements Candidate {
  readonly means = 'payload'
  readonly protocol = 'mmtls'
  /** By direction: headers that were read, and bytes to the next one. */
  readonly #records = [0, 0]
  readonly #rest = [0, 0]

  take({ bytes, offset, end, cut }: Packet, up: boolean): Opinion {
    const way = up ? 0 : 1
    let at = offset + this.#rest[way]!
    while (at < end) {
      // The rest of a header may come in the next segment, or was not captured.
      if (end - at < HEADER) return 'unknown'
      if (!isHeader(bytes, at, end)) return 'no'
      this.#records[way]!++
      at += HEADER + uint16(bytes, at + 3)
    }
    this.#rest[way] = cut ? 0 : at - end
    const [there, back] = this.#records as [number, number]
    if (there > 0 && back > 0) return 'probable'
    return there + back > 1 ? 'indicative' : 'unknown'
  }
}

function isHeader(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER || !KINDS.includes(bytes[start]!) || bytes[start + 1] !== MARK) return false
  const length = uint16(bytes, start + 3)
  return VERSIONS.includes(bytes[start + 2]!) && length > 0 && length <= LONGEST
}
