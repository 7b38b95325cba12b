import { uint16 } from '../base/bytes.ts'

const TCP = 6
const UDP = 17
/** RFC 4303 §2: what stands before the part that is encrypted. */
export const ESP = 50

/**
 * Where the headers of the IP packet at `at` end: behind those of TCP, UDP and ESP, of any other packet behind that of IP. So much
 * of a tunnel's packet tells who spoke with whom, when and how much, and nothing of what was in it.
 */
export function headersEnd(bytes: Uint8Array, at: number): number {
  if (at + 20 > bytes.length) return bytes.length
  const is4 = bytes[at]! >> 4 === 4
  const start = at + (is4 ? 4 * (bytes[at]! & 0x0f) : 40)
  // A later fragment begins in the middle of what is carried.
  const isBeginning = !is4 || (uint16(bytes, at + 6) & 0x1fff) === 0
  const length = isBeginning ? headerLength(bytes, start, is4 ? bytes[at + 9]! : bytes[at + 6]!) : 0
  return Math.min(bytes.length, start + length)
}

function headerLength(bytes: Uint8Array, start: number, protocol: number): number {
  if (protocol === UDP || protocol === ESP) return 8
  return protocol === TCP && start + 13 <= bytes.length ? 4 * (bytes[start + 12]! >> 4) : 0
}
