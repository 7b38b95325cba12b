import { latin1 } from './bytes.ts'

/**
 * Host names as offchannel writes them: lower case, no trailing dot, every byte outside printable ASCII (and the
 * backslash itself) as `\ddd`, as in RFC 1035 §5.1. What is written so holds no control character and no space.
 */

const PLAIN = new Uint8Array(256)
for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789-_.')) PLAIN[byte] = 1

/** By byte: 1 for a letter, a digit, and what else stands in the name of a host. */
export const HOST_BYTES = PLAIN.slice()
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')) HOST_BYTES[byte] = 1

/** The longest name in bytes (RFC 1035 §2.3.4): no host has a longer one. */
export const NAME_LIMIT = 255

/** `\046` for 46. */
export function escapeByte(byte: number): string {
  return `\\${String(byte).padStart(3, '0')}`
}

/** A name as it stands in text form on the wire (TLS, HTTP, a log field): dots separate labels. */
export function nameFromBytes(bytes: Uint8Array, start: number, end: number): string {
  let last = end
  if (last > start && bytes[last - 1] === 0x2e) last--
  let i = start
  while (i < last && PLAIN[bytes[i]!] === 1) i++
  if (i === last) return latin1(bytes, start, last)
  let text = ''
  for (i = start; i < last; i++) text += nameByte(bytes[i]!)
  return text
}

/** The same for a string whose characters are bytes or Unicode (then as UTF-8). */
export function nameFromText(text: string): string {
  const bytes = Buffer.from(text, 'utf8')
  return nameFromBytes(bytes, 0, bytes.length)
}

/** One byte of a name, lower case and made harmless. */
export function nameByte(byte: number): string {
  if (byte >= 0x41 && byte <= 0x5a) return String.fromCharCode(byte + 32)
  if (byte > 0x20 && byte < 0x7f && byte !== 0x5c) return String.fromCharCode(byte)
  return escapeByte(byte)
}
