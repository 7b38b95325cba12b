import type { RecordFields } from './record-fields.ts'

const BACKSLASH = 0x5c

/** Undoes the escapes of a JSON string (RFC 8259 §7) as UTF-8; an unknown one stays as it is. */
export function unescapeJson(bytes: Uint8Array, start: number, end: number, fields: RecordFields): void {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte !== BACKSLASH || i + 1 === end) {
      fields.put(byte)
      continue
    }
    const kind = bytes[++i]!
    if (kind === 0x75) {
      let code = hexadecimal(bytes, i + 1, end)
      if (code < 0) {
        fields.put(BACKSLASH)
        fields.put(kind)
        continue
      }
      i += 4
      if (code >= 0xd800 && code < 0xdc00 && bytes[i + 1] === BACKSLASH && bytes[i + 2] === 0x75) {
        const low = hexadecimal(bytes, i + 3, end)
        if (low >= 0xdc00 && low < 0xe000) {
          code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
          i += 6
        }
      }
      putCodePoint(code >= 0xd800 && code < 0xe000 ? 0xfffd : code, fields)
    } else {
      const plain = ESCAPES[kind]!
      if (plain === 0) fields.put(BACKSLASH)
      fields.put(plain === 0 ? kind : plain)
    }
  }
}

const ESCAPES = new Uint8Array(256)
for (const [letter, byte] of Object.entries({ '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  ESCAPES[letter.charCodeAt(0)] = byte
}

/** Four hexadecimal digits, or -1. */
function hexadecimal(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1
  let value = 0
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i]! | 0x20
    const digit = byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : bytes[i]! - 0x30
    if (digit < 0 || digit > 15 || (digit > 9 && byte < 0x61)) return -1
    value = value * 16 + digit
  }
  return value
}

function putCodePoint(code: number, fields: RecordFields): void {
  if (code < 0x80) {
    fields.put(code)
    return
  }
  if (code < 0x800) fields.put(0xc0 | (code >> 6))
  else {
    if (code < 0x10000) fields.put(0xe0 | (code >> 12))
    else {
      fields.put(0xf0 | (code >> 18))
      fields.put(0x80 | ((code >> 12) & 0x3f))
    }
    fields.put(0x80 | ((code >> 6) & 0x3f))
  }
  fields.put(0x80 | (code & 0x3f))
}
