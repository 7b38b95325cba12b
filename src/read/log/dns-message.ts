import { MAPPED } from '../../base/address.ts'
import { uint16, uint32 } from '../../base/bytes.ts'
import { escapeByte, NAME_LIMIT, nameByte } from '../../base/name.ts'
import { ANSWER_ADDRESS_LIMIT, ANSWER_ALIAS_LIMIT, type Observation } from '../../model/observation.ts'

const HEADER = 12
const RESPONSE = 0x8000
const OPCODE = 0x7800
const INTERNET = 1
const A = 1
const CNAME = 5
const AAAA = 28
const SVCB = 64
const HTTPS = 65
const DOT = 0x2e
/** A name has at most 127 labels, as it has 255 bytes, and each may stand elsewhere. */
const STEPS = 255
/** Records looked at: what is behind them is no answer of an address. */
const RECORD_LIMIT = 256

/** One DNS message (RFC 1035 §4) as software hands it on in a log: its question, and the addresses of its answers. */
export class DnsMessage {
  isResponse = false
  name = ''
  #bytes: Uint8Array = new Uint8Array(0)
  #start = 0
  #end = 0
  /** Behind what was read last. */
  #at = 0

  /** False where it is no message with a question of the Internet's class. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    this.name = ''
    if (end - start < HEADER) return false
    const flags = uint16(bytes, start + 2)
    if ((flags & OPCODE) !== 0 || uint16(bytes, start + 4) !== 1) return false
    this.isResponse = (flags & RESPONSE) !== 0
    this.#at = start + HEADER
    const name = this.#name()
    if (name === undefined || this.#at + 4 > end || uint16(bytes, this.#at + 2) !== INTERNET) return false
    this.name = name
    this.#at += 4
    return true
  }

  /** Puts what was answered into an observation, as far as the message is whole. To be called after `read`. */
  answers(observation: Observation): void {
    const bytes = this.#bytes
    const count = Math.min(uint16(bytes, this.#start + 6), RECORD_LIMIT)
    for (let i = 0; i < count; i++) {
      if (this.#name() === undefined || this.#at + 10 > this.#end) return
      const type = uint16(bytes, this.#at)
      const kind = uint16(bytes, this.#at + 2)
      const seconds = uint32(bytes, this.#at + 4)
      const from = this.#at + 10
      const to = from + uint16(bytes, this.#at + 8)
      if (to > this.#end) return
      if (kind === INTERNET) this.#record(type, seconds, from, to, observation)
      this.#at = to
    }
  }

  #record(type: number, seconds: number, from: number, to: number, observation: Observation): void {
    const length = to - from
    if ((type === A && length === 4) || (type === AAAA && length === 16)) {
      if (observation.answerCount === ANSWER_ADDRESS_LIMIT) return
      readWords(this.#bytes, from, length, observation.answerAddresses, 4 * observation.answerCount++)
    } else if (type === CNAME || ((type === SVCB || type === HTTPS) && length > 2)) {
      if (observation.aliases.length === ANSWER_ALIAS_LIMIT) return
      this.#at = type === CNAME ? from : from + 2
      const alias = this.#name()
      if (alias !== undefined && alias !== '' && alias !== this.name) observation.aliases.push(alias)
    } else return
    if (observation.timeToLive < 0 || seconds < observation.timeToLive) observation.timeToLive = seconds
  }

  /** The name at `#at` (RFC 1035 §4.1.4), which then stands behind it; undefined where there is none. */
  #name(): string | undefined {
    const bytes = this.#bytes
    let name = ''
    let at = this.#at
    let behind = -1
    let size = 1
    for (let step = 0; step < STEPS; step++) {
      if (at >= this.#end) return undefined
      const length = bytes[at]!
      if (length === 0) {
        this.#at = behind < 0 ? at + 1 : behind
        return name
      }
      if (length >= 0xc0) {
        if (at + 2 > this.#end) return undefined
        if (behind < 0) behind = at + 2
        at = this.#start + (uint16(bytes, at) & 0x3fff)
        continue
      }
      size += 1 + length
      if (length > 63 || at + 1 + length > this.#end || size > NAME_LIMIT) return undefined
      if (name !== '') name += '.'
      for (let i = at + 1; i <= at + length; i++) name += bytes[i] === DOT ? escapeByte(DOT) : nameByte(bytes[i]!)
      at += 1 + length
    }
    return undefined
  }
}

/** An address of four bytes or sixteen into four words; false where it has another length. */
export function readWords(bytes: Uint8Array, from: number, length: number, words: Uint32Array, at: number): boolean {
  if (length === 4) {
    words[at] = 0
    words[at + 1] = 0
    words[at + 2] = MAPPED
    words[at + 3] = uint32(bytes, from)
    return true
  }
  if (length !== 16) return false
  for (let i = 0; i < 4; i++) words[at + i] = uint32(bytes, from + 4 * i)
  return true
}
