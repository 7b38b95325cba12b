import { uint16 } from '../base/bytes.ts'

/** Identifiers of one byte (ITU-T X.690 §8.1.2): the class, whether other elements are inside, the number. */
export const DER_INTEGER = 0x02
export const DER_OCTET_STRING = 0x04
export const DER_OBJECT_IDENTIFIER = 0x06
const DER_UTF8_STRING = 0x0c
const DER_PRINTABLE_STRING = 0x13
const DER_TELETEX_STRING = 0x14
const DER_IA5_STRING = 0x16
const DER_BMP_STRING = 0x1e
export const DER_SEQUENCE = 0x30
export const DER_SET = 0x31

/** A number of more bits takes further bytes; nothing that is read here has one. */
const LONG_IDENTIFIER = 0x1f
/** No length here takes more bytes. */
const LENGTH_BYTES_LIMIT = 4

/**
 * Goes over the elements of DER one after the other (ITU-T X.690 §8.1, §10.1). It goes into none by itself, so how deep
 * it gets is up to who asks.
 */
export class DerElement {
  /** After `read`: the identifier, and where the content stands, or as much of it as is there. */
  identifier = 0
  start = 0
  end = 0
  /** All of the content is there. */
  whole = false

  /** Reads the element at `at`. False where there is none before `end`, or its length is not told. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    if (end - at < 2) return false
    this.identifier = bytes[at]!
    if ((this.identifier & LONG_IDENTIFIER) === LONG_IDENTIFIER) return false
    let content = at + 2
    let length = bytes[at + 1]!
    if (length >= 0x80) {
      const count = length - 0x80
      if (count === 0 || count > LENGTH_BYTES_LIMIT || end - content < count) return false
      length = 0
      for (let i = 0; i < count; i++) length = length * 256 + bytes[content++]!
    }
    this.start = content
    this.whole = length <= end - content
    this.end = this.whole ? content + length : end
    return true
  }

  /** The same, where it has this identifier. */
  readAs(identifier: number, bytes: Uint8Array, at: number, end: number): boolean {
    return this.read(bytes, at, end) && this.identifier === identifier
  }

  /** Whether this is its content. */
  holds(bytes: Uint8Array, content: Uint8Array): boolean {
    if (this.end - this.start !== content.length) return false
    for (let i = 0; i < content.length; i++) if (bytes[this.start + i] !== content[i]) return false
    return true
  }

  /** Its content as text, cut at `limit` bytes; '' where it is none (RFC 5280 §4.1.2.4 lists the kinds). */
  text(bytes: Uint8Array, limit: number): string {
    const { start } = this
    const end = Math.min(this.end, start + limit)
    switch (this.identifier) {
      case DER_UTF8_STRING:
        return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
      case DER_PRINTABLE_STRING:
      case DER_TELETEX_STRING:
      case DER_IA5_STRING:
        return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
      case DER_BMP_STRING: {
        let text = ''
        for (let at = start; at + 2 <= end; at += 2) text += String.fromCharCode(uint16(bytes, at))
        return text.toWellFormed()
      }
      default:
        return ''
    }
  }
}
