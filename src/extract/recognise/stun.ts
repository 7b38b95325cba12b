import { uint16 } from '../../base/bytes.ts'
import { MediaFlow } from './media-flow.ts'
import { opensFrames, opensTurn } from './media-segments.ts'
import type { Protocol } from './protocol.ts'
import { isRtp } from './rtp-sources.ts'
import { StunMessage } from './stun-message.ts'

const message = new StunMessage()

/** STUN and TURN in datagrams (RFC 8489 §6.2.1): types up to those that applications made their own. */
export const stun: Protocol = {
  transport: 'udp',
  first: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  canBe: (bytes, start, end, length) =>
    message.read(bytes, start, end) && (message.end === end || (length > end - start && message.end > end)),
  begin: () => new MediaFlow(),
}

/** STUN and TURN over TCP: as such, or behind lengths. */
export const stunOverTcp: Protocol = {
  transport: 'tcp',
  first: [0, 1, 2, 3, 4, 5],
  canBe: (bytes, start, end) => opensTurn(bytes, start, end) || opensFrames(bytes, start, end),
  begin: () => new MediaFlow(),
}

const CHANNEL_HEADER = 4

/** RTP in a channel of TURN (RFC 8656 §12.4) whose beginning was not captured. */
export const turnChannel: Protocol = {
  transport: 'udp',
  first: [64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79],
  canBe: (bytes, start, end, length) =>
    isRtp(bytes, start + CHANNEL_HEADER, end) && CHANNEL_HEADER + uint16(bytes, start + 2) === length,
  begin: () => new MediaFlow(),
}
