import { type Cipheriv, createCipheriv, createDecipheriv, type Decipheriv, hkdfSync } from 'node:crypto'
import { type Period, periodOf, type Rotation } from './period.ts'
import type { Micros } from './time.ts'

/** Periods that are remembered: those of ten years of months; with more, they are made anew. */
const REMEMBERED = 128

/**
 * What gives a client another tag in each period: its tag of 128 bits, encrypted as one block of AES-256 (FIPS 197) under
 * a key of the period, which is derived from the store's (HKDF, RFC 5869). No two clients have one tag in a period. Without
 * the key nothing joins the tags that a client has in two; whoever has it can make the one of the other.
 */
export class PeriodTags {
  readonly rotation: Rotation
  readonly #key: Uint8Array
  readonly #byName = new Map<string, PeriodTag>()
  #present: PeriodTag | undefined

  constructor(key: Uint8Array, rotation: Rotation) {
    this.#key = key
    this.rotation = rotation
  }

  /** Of the period that a time lies in. */
  at(time: Micros): PeriodTag {
    const present = this.#present
    if (present !== undefined && time >= present.period.from && time < present.period.until) return present
    const period = periodOf(time, this.rotation)
    let found = this.#byName.get(period.name)
    if (found === undefined) {
      found = new PeriodTag(this.#key, period)
      if (this.#byName.size >= REMEMBERED) this.#byName.clear()
      this.#byName.set(period.name, found)
    }
    this.#present = found
    return found
  }
}

/** The tags of one period. */
export class PeriodTag {
  readonly period: Period
  readonly #cipher: Cipheriv
  readonly #decipher: Decipheriv

  constructor(key: Uint8Array, period: Period) {
    const derived = Buffer.from(hkdfSync('sha256', key, '', `offchannel pseudonyms of ${period.name}`, 32))
    this.period = period
    // Every block stands alone, so each is made once and takes any number.
    this.#cipher = createCipheriv('aes-256-ecb', derived, null).setAutoPadding(false)
    this.#decipher = createDecipheriv('aes-256-ecb', derived, null).setAutoPadding(false)
  }

  /** The tag in this period of what has `lasting` for ever; 16 bytes each. */
  of(lasting: Uint8Array): Buffer {
    return this.#cipher.update(lasting)
  }

  /** What has this tag in this period, as it would be for ever: 16 bytes that mean nothing where none has. */
  lasting(tag: Uint8Array): Buffer {
    return this.#decipher.update(tag)
  }
}
