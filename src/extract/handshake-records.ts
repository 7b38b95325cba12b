import { uint16 } from '../base/bytes.ts'
import { CONTENT_HANDSHAKE } from './tls-values.ts'

const RECORD_HEADER = 5
/** RFC 8446 §5.1 allows 2^14; some senders exceed it by what RFC 5246 §6.2.3 allowed for ciphertext. */
const RECORD_LIMIT = (1 << 14) + 2048

/** So many bytes can be taken at once. RFC 8446 §4 would allow messages of 2^24; real hellos stay below 20 KiB. */
export const MESSAGE_LIMIT = 64 * 1024

/** What there is of what was looked for: it is none; not all of it is there yet; all of it is there. */
export type HandshakeState = 'none' | 'partial' | 'whole'

/**
 * Reads what TLS records of handshake messages hold, in order and whatever the records cut (RFC 8446 §5.1). One object
 * is used again and again.
 */
export class HandshakeRecords {
  /** After `take`: what was asked for, or as much of it as is there, in `bytes[start…end)`. */
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0
  /** Why `take` gave less than all: the stream goes on with something else, or the rest has not come. */
  state: HandshakeState = 'whole'
  /** After `take` or `canTake` was false because the rest has not come: so many bytes are missing at least. */
  missing = 0
  #source: Uint8Array = this.bytes
  #sourceEnd = 0
  #at = 0
  /** One past the record that `#at` stands in; it can lie behind what has come. */
  #recordEnd = 0
  #joined: Buffer = Buffer.alloc(0)

  /** Whether `bytes[start…end)` can be the beginning of such records: decided on the first five bytes. */
  static canStart(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (length <= 0 || bytes[start] !== CONTENT_HANDSHAKE) return false
    if (length > 1 && bytes[start + 1] !== 3) return false
    if (length > 2 && bytes[start + 2]! > 4) return false
    if (length < RECORD_HEADER) return true
    const record = uint16(bytes, start + 3)
    return record > 0 && record <= RECORD_LIMIT
  }

  /** Whether the first message has this type, as far as it is there. */
  static canStartWith(type: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (!HandshakeRecords.canStart(bytes, start, end)) return false
    return end - start <= RECORD_HEADER || bytes[start + RECORD_HEADER] === type
  }

  begin(bytes: Uint8Array, start: number, end: number): void {
    this.#source = bytes
    this.#sourceEnd = end
    this.#at = this.#recordEnd = start
    this.state = 'whole'
    this.missing = 0
  }

  /** So many bytes may be there: where this is false they are not. */
  canTake(count: number): boolean {
    this.missing = Math.max(0, count - Math.max(0, this.#sourceEnd - this.#at))
    return this.state === 'whole' && this.missing === 0
  }

  /** Takes the next bytes, `MESSAGE_LIMIT` at most. False where not all of them are there. */
  take(count: number): boolean {
    this.bytes = this.#source
    this.start = this.end = Math.min(this.#at, this.#sourceEnd)
    if (this.state !== 'whole' || count === 0) return this.state === 'whole'
    const there = this.#enterRecord() && this.#take(count)
    this.missing = count - (this.end - this.start)
    return there
  }

  #take(count: number): boolean {
    this.start = this.#at
    if (this.#at + count > this.#recordEnd) return this.#join(count)
    this.#at += count
    this.end = Math.min(this.#at, this.#sourceEnd)
    if (this.end < this.#at) this.state = 'partial'
    return this.state === 'whole'
  }

  /** They lie over several records. */
  #join(count: number): boolean {
    if (this.#joined.length === 0) this.#joined = Buffer.allocUnsafeSlow(MESSAGE_LIMIT)
    this.bytes = this.#joined
    this.start = this.end = 0
    while (this.end < count && this.#enterRecord()) {
      const last = Math.min(this.#recordEnd, this.#sourceEnd, this.#at + count - this.end)
      this.#joined.set(this.#source.subarray(this.#at, last), this.end)
      this.end += last - this.#at
      this.#at = last
      if (last === this.#sourceEnd && last < this.#recordEnd) break
    }
    if (this.end < count && this.state === 'whole') this.state = 'partial'
    return this.end === count
  }

  /** Goes to the next record where one is at its end. */
  #enterRecord(): boolean {
    if (this.#at < this.#recordEnd) return true
    const left = this.#sourceEnd - this.#at
    if (left > 0 && !HandshakeRecords.canStart(this.#source, this.#at, this.#sourceEnd)) this.state = 'none'
    else if (left < RECORD_HEADER) this.state = 'partial'
    else {
      this.#recordEnd = this.#at + RECORD_HEADER + uint16(this.#source, this.#at + 3)
      this.#at += RECORD_HEADER
      return true
    }
    return false
  }
}
