import { parseAddress } from '../base/address.ts'
import type { Pseudonyms } from './pseudonyms.ts'

/** RFC 8489 §5: what STUN hides addresses with. */
const MAGIC_COOKIE = 0x2112_a442

const METHOD = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|PROPFIND) /

/**
 * Takes out of a payload what is known to tell who somebody is: addresses that were replaced, as bytes (plain, and as STUN
 * writes them) and as text, and of an HTTP request all but its method, its path and its host. Every change keeps the
 * length; `put` makes it.
 */
export function maskPayload(
  bytes: Uint8Array,
  start: number,
  end: number,
  isTcp: boolean,
  pseudonyms: Pseudonyms,
  put: (at: number, other: Uint8Array) => void,
): void {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start))
  if (isTcp && METHOD.test(payload.toString('latin1', 0, 10))) {
    const masked = maskRequest(payload.toString('latin1'))
    put(start, Buffer.from(masked, 'latin1'))
  }
  for (const [address, other] of pseudonyms.replaced) {
    for (const [from, to] of formsOf(address, other)) {
      for (let at = payload.indexOf(from); at >= 0; at = payload.indexOf(from, at + from.length)) put(start + at, to)
    }
  }
}

/** The bytes that an address stands as in payloads, and what takes their place. */
function formsOf(address: string, other: string): (readonly [Buffer, Buffer])[] {
  const [from, to] = [addressBytes(address), addressBytes(other)]
  const text = Buffer.from(address)
  const forms: [Buffer, Buffer][] = [
    [text, Buffer.alloc(text.length, 'x')],
    [from, to],
  ]
  if (from.length === 4) forms.push([hidden(from), hidden(to)])
  return forms
}

function hidden(address: Buffer): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE((address.readUInt32BE(0) ^ MAGIC_COOKIE) >>> 0)
  return bytes
}

function addressBytes(text: string): Buffer {
  const words = new Uint32Array(4)
  parseAddress(text, words, 0)
  const bytes = Buffer.alloc(16)
  for (let i = 0; i < 4; i++) bytes.writeUInt32BE(words[i]!, 4 * i)
  return text.includes(':') ? bytes : bytes.subarray(12)
}

/** A request, or the beginning of one, with `x` for everything that is neither method, path nor host. */
function maskRequest(text: string): string {
  let headers = true
  return text
    .split('\n')
    .map((line, n) => {
      if (!headers) return masked(line)
      if (line === '\r' || line === '') {
        headers = false
        return line
      }
      if (n === 0) return line.replace(/\?[^ ]*/, masked)
      if (/^host:/i.test(line)) return line
      return line.replace(/(?<=^[^:]{0,64}:).*/, masked)
    })
    .join('\n')
}

function masked(text: string): string {
  return text.replace(/[^\r\n]/g, 'x')
}
