import { uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { bytesFrom } from '../openers/opener.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0060548: sound and picture. */
const PORTS = bytesFrom(8801, 8810)
/** How client and server begin: whose message it is, 0, a small number; behind them what names the session. */
const CLIENT = 0x01
const SERVER = 0x02
const SESSION = 3
const SESSION_WORDS = 4
const SHORTEST = SESSION + 4 * SESSION_WORDS

/** Zoom's connection for sound and picture, by the session that the server repeats; what follows is encrypted. */
export const zoom: Protocol = {
  transport: 'udp',
  first: [CLIENT, SERVER],
  ports: PORTS,
  canBe: isBeginning,
  begin: () => new ZoomMedia(),
}

function isBeginning(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= SHORTEST && bytes[start + 1] === 0 && bytes[start + 2]! > 0 && bytes[start + 2]! < 8
}

class ZoomMedia implements Candidate {
  readonly means = 'call'
  readonly protocol = 'zoom'
  readonly #session = new Uint32Array(SESSION_WORDS)
  /** Whose beginning was seen, and which way it went. */
  #of = 0
  #up = false

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    const of = bytes[offset]!
    if ((of !== CLIENT && of !== SERVER) || !isBeginning(bytes, offset, end)) return 'no'
    if (this.#of !== 0 && of !== this.#of && up !== this.#up) return this.#repeats(bytes, offset) ? 'confirmed' : 'no'
    this.#of = of
    this.#up = up
    for (let w = 0; w < SESSION_WORDS; w++) this.#session[w] = uint32(bytes, offset + SESSION + 4 * w)
    return 'unknown'
  }

  #repeats(bytes: Uint8Array, start: number): boolean {
    const [first] = this.#session
    if (this.#session.every((word) => word === first)) return false
    return this.#session.every((word, w) => word === uint32(bytes, start + SESSION + 4 * w))
  }
}

/** Participants that look for a way to one another: who it is for, an address as text, and an identifier as text. */
const PEER_HEADER = [0x1f, 0x02, 0x01]
const ADDRESS_LENGTH = 24
const ADDRESS = ADDRESS_LENGTH + 4
const LONGEST_ADDRESS = 45
const IDENTIFIER_LENGTH = 36
const HYPHENS = [8, 13, 18, 23]

/** What participants of a meeting of two send one another to meet without a server. */
export const zoomPeer: Protocol = {
  transport: 'udp',
  first: [PEER_HEADER[0]!],
  canBe: isPeer,
  begin: (): Candidate => ({
    means: 'call',
    protocol: 'zoom',
    take: ({ bytes, offset, end }) => (isPeer(bytes, offset, end) ? 'confirmed' : 'no'),
  }),
}

function isPeer(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < ADDRESS || PEER_HEADER.some((byte, i) => bytes[start + i] !== byte)) return false
  const length = uint32(bytes, start + ADDRESS_LENGTH)
  if (length < 2 || length > LONGEST_ADDRESS) return false
  const identifier = start + ADDRESS + length + 4
  if (identifier + IDENTIFIER_LENGTH > end || uint32(bytes, identifier - 4) !== IDENTIFIER_LENGTH) return false
  return HYPHENS.every((at) => bytes[identifier + at] === 0x2d)
}
