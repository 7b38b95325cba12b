import { uint32 } from '../../base/bytes.ts'

/** Elements of a message, and bytes of a name. */
const ELEMENT_LIMIT = 64
const NAME_LIMIT = 64

const TYPE_INTEGER = 0
const TYPE_TEXT = 2
const TYPE_LAST_TEXT = 3
const TYPE_LONG = 4

const OPERATION = 'opcode'
const TRANSACTION = 'tran_id'
const OPERATIONS = ['get_token', 'nat_t_register', 'nat_t_connect_request', 'nat_t_connect_relay']

/**
 * A message to or from a relay of SoftEther: named values, of which one says what is asked and one numbers it.
 *
 *     elements 4 | (length + 1 4, name | type 4 | values 4 | value: integer 4, long 8, or length 4 and bytes)…
 */
export class SoftEtherPack {
  /** After `read`: where the eight bytes stand that number the transaction. */
  transaction = 0
  /** Whether what is asked was found, and is known. */
  #known = false

  /** Whether a message can begin there: a few elements, and a name of small letters. */
  static begins(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < 24) return false
    const elements = uint32(bytes, start)
    const name = uint32(bytes, start + 4) - 1
    const letter = bytes[start + 8]!
    return (
      elements >= 2 && elements <= ELEMENT_LIMIT && name > 1 && name <= NAME_LIMIT && letter > 0x60 && letter < 0x7b
    )
  }

  /** True where all of it is a message that asks or answers something known. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (!SoftEtherPack.begins(bytes, start, end)) return false
    this.transaction = 0
    this.#known = false
    const elements = uint32(bytes, start)
    let at = start + 4
    for (let i = 0; i < elements && at >= 0; i++) at = this.#element(bytes, at, end)
    return at === end && this.#known && this.transaction !== 0
  }

  /** Reads one element; gives where the next begins, or -1. */
  #element(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < 12) return -1
    const length = uint32(bytes, start) - 1
    const name = start + 4
    const type = name + length
    if (length < 1 || length > NAME_LIMIT || end - type < 12) return -1
    const kind = uint32(bytes, type)
    // Lists are not sent to relays.
    if (uint32(bytes, type + 4) !== 1) return -1
    const value = type + 8
    if (kind === TYPE_INTEGER) return value + 4
    if (kind === TYPE_LONG) {
      if (end - value < 8) return -1
      if (isText(bytes, name, length, TRANSACTION)) this.transaction = value
      return value + 8
    }
    if (kind > TYPE_LAST_TEXT) return -1
    const size = uint32(bytes, value)
    if (size > end - value - 4) return -1
    if (kind === TYPE_TEXT && isText(bytes, name, length, OPERATION)) {
      this.#known = OPERATIONS.some((operation) => isText(bytes, value + 4, size, operation))
    }
    return value + 4 + size
  }
}

function isText(bytes: Uint8Array, start: number, length: number, text: string): boolean {
  if (length !== text.length) return false
  for (let i = 0; i < length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false
  return true
}
