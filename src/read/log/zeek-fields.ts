import { nameFromBytes } from '../../base/name.ts'
import { HOST_LIMIT } from './values.ts'

/**
 * The wanted fields of one Zeek record, by their index in the list of wanted names, whichever way the record was
 * written: `bytes[starts[i]…ends[i])`, an empty range where the field is unset, empty or missing.
 */
export class ZeekFields {
  bytes: Uint8Array = new Uint8Array(0)
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Between the elements of a set or vector. */
  listSeparator = 0

  constructor(count: number) {
    this.starts = new Int32Array(count)
    this.ends = new Int32Array(count)
  }

  isSet(field: number): boolean {
    return this.starts[field]! < this.ends[field]!
  }
}

const BACKSLASH = 0x5c

/**
 * Undoes the escapes of Zeek's ASCII writer, `\xHH` for a byte and `\\` for a backslash; an unknown one stays as it is.
 * The bytes themselves where there is none.
 */
export function unescapeZeek(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const field = bytes.subarray(start, end)
  if (!field.includes(BACKSLASH)) return field
  const plain = new Uint8Array(field.length)
  let length = 0
  for (let i = 0; i < field.length; i++) {
    let byte = field[i]!
    if (byte === BACKSLASH && field[i + 1] === BACKSLASH) i++
    else if (byte === BACKSLASH && field[i + 1] === 0x78) {
      const code = String.fromCharCode(field[i + 2] ?? 0, field[i + 3] ?? 0)
      if (/^[0-9A-Fa-f]{2}$/.test(code)) {
        byte = Number.parseInt(code, 16)
        i += 3
      }
    }
    plain[length++] = byte
  }
  return plain.subarray(0, length)
}

/** A name with Zeek's escapes undone; undefined where it is longer than any name. */
export function readZeekName(bytes: Uint8Array, start: number, end: number): string | undefined {
  const plain = unescapeZeek(bytes, start, end)
  return plain.length > HOST_LIMIT ? undefined : nameFromBytes(plain, 0, plain.length)
}
