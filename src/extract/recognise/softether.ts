import { uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'
import { SoftEtherPack } from './softether-pack.ts'

/** What a client or a server asks a relay, of one byte: which address and port are seen of it. */
const QUESTIONS = [0x41, 0x42]
const ADDRESS = 'IP='
const PORT = ',PORT='
const LONGEST_ANSWER = 64

/**
 * SoftEther, as far as it is in clear (src/Mayaqua/Network.c and Pack.c of SoftEtherVPN): what its clients and servers
 * ask the relays that find a way through address translation. The tunnel itself is TLS, or datagrams that are random
 * from the first byte on, which show nothing; what it puts into ICMP and DNS is not looked at.
 */
export const softether: Protocol = {
  transport: 'udp',
  first: [0, ADDRESS.charCodeAt(0)],
  canBe: (bytes, start, end) => isAnswer(bytes, start, end) || SoftEtherPack.begins(bytes, start, end),
  begin: () => new SoftEther(),
}

/** Whether it is `IP=`, an address, `,PORT=` and a number, and what follows a `#`. */
function isAnswer(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > LONGEST_ANSWER || !startsWith(bytes, start, end, ADDRESS)) return false
  let at = start + ADDRESS.length
  while (at < end && isOfAddress(bytes[at]!)) at++
  if (at - start < ADDRESS.length + 2 || !startsWith(bytes, at, end, PORT)) return false
  at += PORT.length
  const digits = at
  while (at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++
  return at > digits && at - digits <= 5 && (at === end || bytes[at] === 0 || bytes[at] === 0x23)
}

/** Digits, and what parts them in both families. */
function isOfAddress(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x3a) || byte === 0x2e || (byte >= 0x61 && byte <= 0x66)
}

function startsWith(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start < text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false
  return true
}

/** Confirmed where a relay's answer repeats the number of the transaction. */
class SoftEther implements Candidate {
  readonly means = 'vpn'
  readonly protocol = 'softether'
  readonly #pack = new SoftEtherPack()
  /** The ways (1, 2) that questions of one byte and their answers went. */
  #asked = 0
  #answered = 0
  /** The last transaction each way, in two words. */
  readonly #high = [0, 0]
  readonly #low = [0, 0]

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    const way = up ? 0 : 1
    if (end - offset === 1 && QUESTIONS.includes(bytes[offset]!)) this.#asked |= up ? 1 : 2
    else if (isAnswer(bytes, offset, end)) this.#answered |= up ? 1 : 2
    else if (this.#pack.read(bytes, offset, end)) {
      this.#high[way] = uint32(bytes, this.#pack.transaction)
      this.#low[way] = uint32(bytes, this.#pack.transaction + 4)
    } else return 'no'
    if (this.#high[0] !== 0 && this.#high[0] === this.#high[1] && this.#low[0] === this.#low[1]) return 'confirmed'
    if (this.#high[0] !== 0 || this.#high[1] !== 0) return 'probable'
    // The answer alone is a line of text.
    return (this.#asked | this.#answered) === 3 ? 'probable' : this.#answered !== 0 ? 'indicative' : 'unknown'
  }
}
