import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** What a message stands between; many a protocol of machines has the same two. */
const BEGINNING = 0x02
const ENDING = 0x03
const PORT = 8000
/** Beginning, version, command, sequence, the number of the account, and the ending. */
const SHORTEST = 1 + 2 + 2 + 2 + 4 + 1
const COMMAND = 3
const NUMBER = 7
/** The version that clients for computers send. */
const VERSION = 0x3b0b
/** The commands have one byte and some gaps (Wireshark epan/dissectors/packet-oicq.c), newer ones 0x08 before it. */
const LARGEST_COMMAND = 0x00ff
const NEWER_COMMANDS = 0x08

/** OICQ, which QQ speaks over UDP. */
export const oicq: Protocol = {
  transport: 'udp',
  first: [BEGINNING],
  ports: [PORT],
  canBe: isMessage,
  begin: () => new Oicq(),
}

/** Probable by the version that is known; confirmed where the other side answers command, sequence and account. */
class Oicq implements Candidate {
  readonly means = 'payload'
  readonly protocol = 'oicq'
  /** By direction, of the last message: command and sequence, and the account; -1 before the first. */
  readonly #command = [-1, -1]
  readonly #number = [-1, -1]

  take({ bytes, offset, end, cut }: Packet, up: boolean): Opinion {
    if (!isMessage(bytes, offset, end, cut ? end - offset + 1 : end - offset)) return 'no'
    const way = up ? 0 : 1
    this.#command[way] = uint32(bytes, offset + COMMAND)
    this.#number[way] = uint32(bytes, offset + NUMBER)
    const answers = this.#command[0] === this.#command[1] && this.#number[0] === this.#number[1]
    if (answers) return 'confirmed'
    return uint16(bytes, offset + 1) === VERSION ? 'probable' : 'unknown'
  }
}

function isMessage(bytes: Uint8Array, start: number, end: number, length: number): boolean {
  if (end - start < SHORTEST || bytes[start] !== BEGINNING) return false
  if (length === end - start && bytes[end - 1] !== ENDING) return false
  const command = uint16(bytes, start + COMMAND)
  if (command === 0 || (command > LARGEST_COMMAND && command >>> 8 !== NEWER_COMMANDS)) return false
  return uint16(bytes, start + 1) !== 0 && uint32(bytes, start + NUMBER) !== 0
}
