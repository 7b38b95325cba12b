import { uint32le } from '../../base/bytes.ts'
import type { Candidate, Protocol } from './protocol.ts'

/** How long the key is that follows, how it is encrypted (RSA), and what with it will be (AES). */
const KEY_LENGTH = 256
const KEY_KINDS = [12, 14, 15, 16]
const CIPHERS = [2, 3]
const HEADER = 12

/** LOCO, which carries KakaoTalk's messages, by its client's key (https://github.com/storycraft/loco-protocol-rs). */
export const loco: Protocol = {
  transport: 'tcp',
  first: [KEY_LENGTH & 0xff],
  canBe: isKey,
  begin: (): Candidate => ({
    means: 'payload',
    protocol: 'loco',
    take: ({ bytes, offset, end, cut, wireLength }, up) =>
      up && isKey(bytes, offset, end, cut ? wireLength : end - offset) ? 'confirmed' : 'no',
  }),
}

function isKey(bytes: Uint8Array, start: number, end: number, length: number): boolean {
  if (end - start < HEADER || length < HEADER + KEY_LENGTH) return false
  if (uint32le(bytes, start) !== KEY_LENGTH) return false
  return KEY_KINDS.includes(uint32le(bytes, start + 4)) && CIPHERS.includes(uint32le(bytes, start + 8))
}
