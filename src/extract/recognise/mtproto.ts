import { uint32le } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** Bytes before the message, by what the transport begins with: abridged, intermediate, padded intermediate, full. */
const ABRIDGED = 0xef
const INTERMEDIATE = 0xeeeeeeee
const PADDED = 0xdddddddd
/** An unencrypted message: eight zero bytes for the key's id, eight of message id, four of length. */
const MESSAGE_HEADER = 20
/** req_pq_multi and req_pq, with which a client begins to agree on a key; both have a nonce of 16 bytes. */
const REQUESTS = [0xbe7e8ef1, 0x60469778]
const REQUEST_LENGTH = 20

/**
 * Telegram's MTProto where it is not obfuscated: the request for a key that has never been agreed on
 * (https://core.telegram.org/mtproto/mtproto-transports, https://core.telegram.org/mtproto/auth_key). Today's apps
 * obfuscate the transport, and then nothing in it can be told from chance.
 */
export const mtproto: Protocol = {
  transport: 'tcp',
  first: [ABRIDGED, INTERMEDIATE & 0xff, PADDED & 0xff],
  canBe: isRequest,
  begin: () => new Mtproto(),
}

class Mtproto implements Candidate {
  readonly means = 'payload'
  readonly protocol = 'mtproto'

  take({ bytes, offset, end }: Packet): Opinion {
    return isRequest(bytes, offset, end) ? 'confirmed' : 'no'
  }
}

function isRequest(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 + MESSAGE_HEADER + REQUEST_LENGTH) return false
  let at = start
  if (bytes[start] === ABRIDGED) at += 2
  else {
    const tag = uint32le(bytes, start)
    if (tag !== INTERMEDIATE && tag !== PADDED) return false
    at += 8
  }
  if (end - at < MESSAGE_HEADER + REQUEST_LENGTH) return false
  if (uint32le(bytes, at) !== 0 || uint32le(bytes, at + 4) !== 0) return false
  if (uint32le(bytes, at + 16) !== REQUEST_LENGTH) return false
  return REQUESTS.includes(uint32le(bytes, at + MESSAGE_HEADER))
}
