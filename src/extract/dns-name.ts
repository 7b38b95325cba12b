import { escapeByte, NAME_LIMIT, nameByte } from '../base/name.ts'

/** A name of the longest kind has so many labels: more pointers lead nowhere. */
const POINTER_LIMIT = 127

const PLAIN_LABEL = new Uint8Array(256)
for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789-_')) PLAIN_LABEL[byte] = 1

/**
 * Reads names from DNS messages (RFC 1035 §4.1.4). A compression pointer must point before the part of the name it
 * ends, so that no byte is read twice and no loop is possible. A dot inside a label becomes `\046`: it never forges a
 * label.
 */
export class DnsName {
  /** The name as `base/name.ts` writes names; '' is the root. Valid after `read` said true. */
  text = ''
  /** One past the name where it stood (behind the pointer, where it had one). */
  next = 0
  readonly #scratch = Buffer.alloc(NAME_LIMIT + 1)

  /** @param message where the message begins: pointers count from there. */
  read(bytes: Uint8Array, message: number, start: number, end: number): boolean {
    if (!this.skip(bytes, start, end)) return false
    const scratch = this.#scratch
    let length = 0
    let plain = true
    let at = start
    let runStart = start
    let pointers = 0
    for (;;) {
      if (at >= end) return false
      const head = bytes[at]!
      if (head === 0) break
      if (head >= 0xc0) {
        if (at + 2 > end) return false
        const target = message + (((head & 0x3f) << 8) | bytes[at + 1]!)
        if (target >= runStart || ++pointers > POINTER_LIMIT) return false
        at = target
        runStart = target
        continue
      }
      if (head > 63 || at + 1 + head > end || length + head + 1 > NAME_LIMIT) return false
      scratch[length++] = head
      for (let i = at + 1; i <= at + head; i++) {
        const byte = bytes[i]!
        if (PLAIN_LABEL[byte] === 0) plain = false
        scratch[length++] = byte
      }
      at += head + 1
    }
    this.text = plain ? this.#plainText(length) : this.#escapedText(length)
    return true
  }

  /** Finds the end of a name without reading it. */
  skip(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start
    while (at < end) {
      const head = bytes[at]!
      if (head === 0) {
        this.next = at + 1
        return true
      }
      if (head >= 0xc0) {
        this.next = at + 2
        return at + 2 <= end
      }
      if (head > 63 || at - start > NAME_LIMIT) return false
      at += head + 1
    }
    return false
  }

  /** The labels in the scratch buffer, each behind its length, joined by dots: the lengths become the dots. */
  #plainText(length: number): string {
    const scratch = this.#scratch
    for (let at = 0; at < length; ) {
      const label = scratch[at]!
      scratch[at] = 0x2e
      at += label + 1
    }
    return length === 0 ? '' : scratch.toString('latin1', 1, length)
  }

  #escapedText(length: number): string {
    const scratch = this.#scratch
    let text = ''
    for (let at = 0; at < length; ) {
      const end = at + 1 + scratch[at]!
      if (at > 0) text += '.'
      for (let i = at + 1; i < end; i++) text += scratch[i] === 0x2e ? escapeByte(0x2e) : nameByte(scratch[i]!)
      at = end
    }
    return text
  }
}
