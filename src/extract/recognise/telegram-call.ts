import { uint32, uint32le } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ANY_BYTE } from './any-byte.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** The call's tag of four words, twelve times 0xff, what is said, and what belongs to it. */
const TAG_WORDS = 4
const MARK = 16
const MARK_WORDS = 3
const KIND = 28
const SHORTEST = 32
const ONES = 0xffffffff

/** What a client asks a reflector: for its own address, with a number of eight bytes, or for its peer's. */
const QUESTIONS: readonly (readonly [kind: number, length: number])[] = [
  [0xfffffffe, 40],
  [ONES, 32],
]
/** What is answered: the address of the asker, that of the peer in both families. */
const ANSWERS = [0xc01572c7, 0x27d9371c, 0x83fc73b1]

/**
 * Calls of Telegram through its reflectors, by how the way to them is tried (libtgvoip's VoIPController.cpp and
 * PrivateDefines.h, https://github.com/telegramdesktop/libtgvoip). What the call itself sends is random.
 */
export const telegramCall: Protocol = {
  transport: 'udp',
  first: ANY_BYTE,
  canBe: (bytes, start, end) => isSpecial(bytes, start, end),
  begin: () => new TelegramCall(),
}

/** Confirmed where a reflector answers with the tag that it was asked with. */
class TelegramCall implements Candidate {
  readonly means = 'call'
  readonly protocol = 'telegram-call'
  readonly #tag = new Uint32Array(TAG_WORDS)
  #asked = false
  #up = false

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    if (!isSpecial(bytes, offset, end)) return 'no'
    const kind = uint32le(bytes, offset + KIND)
    if (ANSWERS.includes(kind))
      return this.#asked && up !== this.#up && this.#fits(bytes, offset) ? 'confirmed' : 'unknown'
    if (!QUESTIONS.some(([question, length]) => question === kind && length === end - offset)) return 'no'
    this.#asked = true
    this.#up = up
    for (let w = 0; w < TAG_WORDS; w++) this.#tag[w] = uint32(bytes, offset + 4 * w)
    return 'probable'
  }

  #fits(bytes: Uint8Array, start: number): boolean {
    return this.#tag.every((word, w) => word === uint32(bytes, start + 4 * w))
  }
}

/** Whether the mark stands behind a tag that is one, and says something that is known. */
function isSpecial(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SHORTEST) return false
  for (let w = 0; w < MARK_WORDS; w++) if (uint32(bytes, start + MARK + 4 * w) !== ONES) return false
  const first = uint32(bytes, start)
  // What repeats itself, ones or zeros most of all, is no tag.
  if (first === uint32(bytes, start + 4) && first === uint32(bytes, start + 8)) return false
  const kind = uint32le(bytes, start + KIND)
  return ANSWERS.includes(kind) || QUESTIONS.some(([question]) => question === kind)
}
