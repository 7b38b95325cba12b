import { MediaFlow } from './media-flow.ts'
import type { Protocol } from './protocol.ts'
import { isRtp } from './rtp-sources.ts'

/** RTP alone (RFC 3550 §5.1): version 2, no padding, one contributor at most. */
export const rtp: Protocol = {
  transport: 'udp',
  first: [0x80, 0x81, 0x90, 0x91],
  canBe: (bytes, start, end) => isRtp(bytes, start, end),
  begin: () => new MediaFlow(),
}
