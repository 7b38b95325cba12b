import { uint16 } from '../base/bytes.ts'

/** RFC 9849 §4: the code point of the extension that it is for. */
const VERSION = 0xfe0d
/** Version and length. */
const HEADER = 4

/**
 * Goes through a list of configurations for Encrypted Client Hello (RFC 9849 §4):
 *
 *     ECHConfigList       uint16 length, then one ECHConfig or more
 *     ECHConfig           uint16 version, uint16 length, contents
 *     ECHConfigContents   uint8 config_id, uint16 kem_id, public_key<1..2^16-1>, cipher_suites<4..2^16-4>,
 *                         uint8 maximum_name_length, public_name<1..255>, extensions<0..2^16-1>
 */
export class EchConfigs {
  /** After `next` said true: what a hello says that uses this configuration. */
  configId = 0
  /** After `next` said true: where the name stands that such a hello shows instead of the real one. */
  nameStart = 0
  nameEnd = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #end = 0

  /** Takes the list in `bytes[start…end)`. False where lengths do not fit into each other: then it holds none. */
  begin(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes
    this.#at = this.#end = end
    if (end - start < 2 + HEADER || uint16(bytes, start) !== end - start - 2) return false
    let at = start + 2
    while (at < end) {
      if (end - at < HEADER) return false
      at += HEADER + uint16(bytes, at + 2)
    }
    if (at > end) return false
    this.#at = start + 2
    return true
  }

  /** Goes to the next that can be read: those of other versions, and damaged ones, are left out. */
  next(): boolean {
    while (this.#at < this.#end) {
      const contents = this.#at + HEADER
      const version = uint16(this.#bytes, this.#at)
      this.#at = contents + uint16(this.#bytes, this.#at + 2)
      if (version === VERSION && this.#read(contents, this.#at)) return true
    }
    return false
  }

  #read(start: number, end: number): boolean {
    const bytes = this.#bytes
    let at = start + 3
    for (let field = 0; field < 2; field++) {
      if (at + 2 > end) return false
      at += 2 + uint16(bytes, at)
    }
    if (at + 2 > end) return false
    const name = at + 2
    const nameEnd = name + bytes[at + 1]!
    if (nameEnd === name || nameEnd + 2 > end || nameEnd + 2 + uint16(bytes, nameEnd) !== end) return false
    this.configId = bytes[start]!
    this.nameStart = name
    this.nameEnd = nameEnd
    return true
  }
}
