import type { Chunks } from '../../../base/chunks.ts'
import type { Damage } from '../../../model/reader.ts'
import type { Records } from './records.ts'

const ZERO = 0x30
const NINE = 0x39
const LESS_THAN = 0x3c
const OPEN_LIST = 0x5b
const OPEN = 0x7b

/** Whether a text is JSON, by its first two bytes behind spaces. */
export function beginsJson(first: number): boolean {
  return first === OPEN || first === OPEN_LIST
}

/** Whether it is XML, and not a message with a priority (`<134>`). */
export function beginsXml(first: number, second: number): boolean {
  return first === LESS_THAN && (second < ZERO || second > NINE)
}

/** Records of a text that may be of one kind or another: what its first two bytes are behind spaces decides. */
export class EitherRecords implements Records {
  readonly bytes: Uint8Array
  readonly #chunks: Chunks
  readonly #isOne: (first: number, second: number) => boolean
  readonly #one: Records
  readonly #other: Records
  #chosen: Records | undefined = undefined

  constructor(chunks: Chunks, isOne: (first: number, second: number) => boolean, one: Records, other: Records) {
    this.bytes = chunks.bytes
    this.#chunks = chunks
    this.#isOne = isOne
    this.#one = one
    this.#other = other
  }

  get start(): number {
    return this.#records.start
  }

  get end(): number {
    return this.#records.end
  }

  get number(): number {
    return this.#records.number
  }

  get damage(): Damage | undefined {
    return this.#records.damage
  }

  get unterminated(): boolean {
    return this.#records.unterminated
  }

  next(): boolean {
    if (this.#chosen === undefined && !this.#choose()) return false
    return this.#records.next()
  }

  more(): Promise<boolean> {
    return this.#records.more()
  }

  get #records(): Records {
    return this.#chosen ?? this.#other
  }

  #choose(): boolean {
    const { bytes, start, end, ended } = this.#chunks
    let at = start
    if (end - start < 3 && !ended) return false
    if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3
    while (at < end && bytes[at]! <= 0x20) at++
    if (at + 1 >= end && !ended && end < bytes.length) return false
    const second = at + 1 < end ? bytes[at + 1]! : 0
    this.#chosen = at < end && this.#isOne(bytes[at]!, second) ? this.#one : this.#other
    return true
  }
}
