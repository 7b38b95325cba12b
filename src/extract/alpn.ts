import { escapeByte } from '../base/name.ts'
import type { ClientHello } from './tls.ts'

const HYPHEN = 0x2d

/** The protocols that a hello offers behind TLS (RFC 7301 §3.1), bytes outside printable ASCII as `\ddd`. */
export function protocolsOf({ bytes, alpnStart, alpnEnd }: ClientHello): readonly string[] {
  const names: string[] = []
  for (let at = alpnStart; at < alpnEnd; at += 1 + bytes[at]!) {
    const end = at + 1 + bytes[at]!
    if (end > alpnEnd) break
    let name = ''
    for (let i = at + 1; i < end; i++) name += character(bytes[i]!)
    names.push(name)
  }
  return names
}

function character(byte: number): string {
  return byte > 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCharCode(byte) : escapeByte(byte)
}

/** Whether a hello offers this protocol, or a draft of it: its name with a hyphen and more behind it. */
export function offers({ bytes, alpnStart, alpnEnd }: ClientHello, protocol: Uint8Array): boolean {
  for (let at = alpnStart; at < alpnEnd; at += 1 + bytes[at]!) {
    const end = at + 1 + bytes[at]!
    if (end > alpnEnd) return false
    let i = 0
    while (i < protocol.length && at + 1 + i < end && bytes[at + 1 + i] === protocol[i]) i++
    if (i === protocol.length && (at + 1 + i === end || bytes[at + 1 + i] === HYPHEN)) return true
  }
  return false
}

/**
 * The first and the last character of the first protocol; where one of them is neither letter nor digit, those of its
 * hexadecimal form; `00` without any (https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md).
 */
export function firstProtocolEnds({ bytes, alpnStart, alpnEnd }: ClientHello): string {
  const start = alpnStart + 1
  if (start >= alpnEnd) return '00'
  const end = start + bytes[alpnStart]!
  if (end === start || end > alpnEnd) return '00'
  const first = bytes[start]!
  const last = bytes[end - 1]!
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last)
  return (first >>> 4).toString(16) + (last & 15).toString(16)
}

function isAlphanumeric(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
}
