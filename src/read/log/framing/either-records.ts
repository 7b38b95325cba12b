import type { Chunks } from '../../../base/chunks.ts'
import type { Damage } from '../../../model/reader.ts'
import type { Records } from './records.ts'

const OPEN_LIST = 0x5b
const OPEN = 0x7b

/** Records of a text that may be JSON or a table: what its first byte is that is no space decides. */
export class EitherRecords implements Records {
  readonly bytes: Uint8Array
  readonly #chunks: Chunks
  readonly #json: Records
  readonly #rows: Records
  #chosen: Records | undefined = undefined

  constructor(chunks: Chunks, json: Records, rows: Records) {
    this.bytes = chunks.bytes
    this.#chunks = chunks
    this.#json = json
    this.#rows = rows
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
    return this.#chosen ?? this.#rows
  }

  #choose(): boolean {
    const { bytes, start, end, ended } = this.#chunks
    let at = start
    if (end - start < 3 && !ended) return false
    if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3
    while (at < end && bytes[at]! <= 0x20) at++
    if (at === end && !ended && end < bytes.length) return false
    this.#chosen = at < end && (bytes[at] === OPEN || bytes[at] === OPEN_LIST) ? this.#json : this.#rows
    return true
  }
}
