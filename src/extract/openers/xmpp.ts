import { fixed, NONE, PARTIAL } from './preamble.ts'

const WORDS = ['<?xml ', '<stream:stream ', '<starttls '].map((word) => Buffer.from(word))
const LIMIT = 2048

/** A client's side of XMPP until TLS begins: XML declaration, stream header, `<starttls/>` (RFC 6120 §4.2, §5.4.2). */
export function xmpp(bytes: Uint8Array, start: number, end: number): number {
  for (const word of WORDS) {
    const at = fixed(bytes, start, end, word)
    if (at === NONE) continue
    if (at === PARTIAL) return PARTIAL
    const last = Math.min(end, start + LIMIT)
    for (let i = at; i < last; i++) if (bytes[i] === 0x3e) return i + 1
    return end - start < LIMIT ? PARTIAL : NONE
  }
  return NONE
}
