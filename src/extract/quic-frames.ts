import type { Pieces } from './pieces.ts'
import { variableInteger, variableLength } from './quic-header.ts'

/** RFC 9000 §19 */
const PADDING = 0x00
const PING = 0x01
const ACK = 0x02
const ACK_WITH_ECN = 0x03
const CRYPTO = 0x06

/** In Google's versions Q050, T050 and T051. */
const GOOGLE_PING = 0x07
const GOOGLE_CRYPTO = 0x08

/** What was found: CRYPTO frames with new bytes; none with any; more than may be held. */
export type FramesResult = 'added' | 'nothing' | 'full'

/**
 * Puts the CRYPTO frames of an Initial packet into their places. It stops at the first frame that ends the connection,
 * does not belong there or does not fit: what came before it counts.
 */
export function readFrames(bytes: Uint8Array, googleFrames: boolean, into: Pieces): FramesResult {
  const end = bytes.length
  const crypto = googleFrames ? GOOGLE_CRYPTO : CRYPTO
  const ping = googleFrames ? GOOGLE_PING : PING
  let result: FramesResult = 'nothing'
  for (let at = 0; at < end; ) {
    const type = bytes[at++]!
    if (type === PADDING || type === ping) continue
    if (type === crypto) {
      const offset = variableInteger(bytes, at, end)
      if (offset < 0) break
      at += variableLength(bytes, at)
      const length = variableInteger(bytes, at, end)
      if (length < 0) break
      at += variableLength(bytes, at)
      if (length > end - at) break
      const put = into.put(bytes, at, at + length, offset)
      if (put === 'full') return 'full'
      if (put === 'added') result = 'added'
      at += length
    } else if (!googleFrames && (type === ACK || type === ACK_WITH_ECN)) {
      at = skipAcknowledgement(bytes, at, type === ACK_WITH_ECN)
      if (at < 0) break
    } else break
  }
  return result
}

/** RFC 9000 §19.3: one past the frame whose fields begin at `start`, or -1. */
function skipAcknowledgement(bytes: Uint8Array, start: number, withEcn: boolean): number {
  const end = bytes.length
  let at = start
  // The largest number, the delay, how many ranges follow, the first range; then two numbers a range.
  let left = 4
  for (let field = 0; field < left; field++) {
    const value = variableInteger(bytes, at, end)
    if (value < 0) return -1
    if (field === 2) left += 2 * value + (withEcn ? 3 : 0)
    at += variableLength(bytes, at)
  }
  return at
}
