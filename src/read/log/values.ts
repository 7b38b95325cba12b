import { MAPPED, parseAddress } from '../../base/address.ts'
import { latin1 } from '../../base/bytes.ts'

/** The longest host name in bytes (RFC 1035 §2.3.4); what is longer in a log is no name. */
export const HOST_LIMIT = 255

/**
 * Reads an address, in brackets or not, into four words as `parseAddress` does, a dotted quad without making a string.
 * False, and the words untouched, where the field is none.
 */
export function readAddress(bytes: Uint8Array, start: number, end: number, words: Uint32Array, at: number): boolean {
  const first = bytes[start]!
  if (start === end) return false
  const quad = first <= 0x39 ? readQuad(bytes, start, end) : -1
  if (quad < 0) {
    const bracketed = first === 0x5b && bytes[end - 1] === 0x5d
    const from = bracketed ? start + 1 : start
    const to = bracketed ? end - 1 : end
    return beginsWithGroup(bytes, from, to) && parseAddress(latin1(bytes, from, to), words, at)
  }
  words[at] = 0
  words[at + 1] = 0
  words[at + 2] = MAPPED
  words[at + 3] = quad
  return true
}

/** `192.0.2.1` as 32 bits, or -1. */
function readQuad(bytes: Uint8Array, start: number, end: number): number {
  let quad = 0
  let part = 0
  let digits = 0
  let parts = 1
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 48
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && part === 0) return -1
      part = part * 10 + digit
      digits++
      if (part > 255) return -1
    } else if (digit === -2 && digits > 0 && parts < 4) {
      quad = quad * 256 + part
      part = 0
      digits = 0
      parts++
    } else return -1
  }
  return parts === 4 && digits > 0 ? quad * 256 + part : -1
}

/** Whether a colon stands where an IPv6 address has its first. */
function beginsWithGroup(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end && i < start + 5; i++) {
    if (bytes[i] === 0x3a) return true
  }
  return false
}

/** Decimal digits as a number; -1 where there is something else, nothing, or more than a double counts. */
export function readUnsigned(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return -1
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
    if (value > Number.MAX_SAFE_INTEGER) return -1
  }
  return value
}

/** A port number; 0 for an empty field, -1 where it is none. */
export function readPort(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0
  const port = readUnsigned(bytes, start, end)
  return port > 65535 ? -1 : port
}

/** Whether the field is, or begins with, a text of ASCII characters. */
export function fieldIs(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  return end - start === text.length && fieldBegins(bytes, start, end, text)
}

export function fieldBegins(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start < text.length) return false
  for (let i = 0; i < text.length; i++) {
    if (bytes[start + i] !== text.charCodeAt(i)) return false
  }
  return true
}
