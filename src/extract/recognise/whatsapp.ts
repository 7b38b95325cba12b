import { uint24 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** As much of what the client says first as is looked at. */
const BEGINNING = 64
/** `ED`, 0, 1: how the connection is to be routed stands before its own header. */
const ROUTING = [0x45, 0x44, 0x00, 0x01]
/** Those three bytes of length, behind `ED`. */
const ROUTING_HEADER = 7
/** `WA`, the protocol's version, and that of its dictionary. */
const HEADER = 4
/** A frame's length has three bytes; what it holds is a protocol buffer. */
const FRAME_HEADER = 3
/** The client's hello is the second field of the handshake, with a length before it. */
const CLIENT_HELLO = 0x12
const FRAME_LIMIT = 0x2000
/** Before that handshake there were lists in frames: what a frame holds begins with this byte, and another follows. */
const OLD_VERSION = 0x01
const LIST = 0xf8

/**
 * WhatsApp's connection for messages: TCP with the Noise protocol in frames, no TLS, so that it carries no name
 * (https://github.com/tulir/whatsmeow socket/constants.go and socket/framesocket.go).
 */
export const whatsapp: Protocol = {
  transport: 'tcp',
  first: [0x45, 0x57],
  canBe: (bytes, start, end) => verdictOf(bytes, start, end) !== 'no',
  begin: () => new WhatsApp(),
}

/** Confirmed where the header is followed by the frame of a handshake; the client may send it in pieces. */
class WhatsApp implements Candidate {
  readonly means = 'payload'
  readonly protocol = 'whatsapp'
  readonly #bytes = new Uint8Array(BEGINNING)
  #length = 0

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    // The server waits for the client.
    if (!up) return this.#length === 0 ? 'no' : 'unknown'
    for (let i = offset; i < end && this.#length < BEGINNING; i++) this.#bytes[this.#length++] = bytes[i]!
    return verdictOf(this.#bytes, 0, this.#length)
  }
}

/** What the first bytes of a client are: unknown where they end too early. */
function verdictOf(bytes: Uint8Array, start: number, end: number): Opinion {
  let at = start
  if (bytes[at] === ROUTING[0]) {
    for (let i = 1; i < ROUTING.length; i++) if (at + i < end && bytes[at + i] !== ROUTING[i]) return 'no'
    if (end - at < ROUTING_HEADER) return 'unknown'
    const length = uint24(bytes, at + 4)
    if (length === 0 || length > BEGINNING - ROUTING_HEADER - HEADER - FRAME_HEADER - 1) return 'no'
    at += ROUTING_HEADER + length
  }
  if (at >= end) return 'unknown'
  if (bytes[at] !== 0x57 || (at + 1 < end && bytes[at + 1] !== 0x41)) return 'no'
  if (end - at < HEADER + FRAME_HEADER + 1) return 'unknown'
  const length = uint24(bytes, at + HEADER)
  if (length === 0 || length >= FRAME_LIMIT) return 'no'
  const frame = at + HEADER + FRAME_HEADER
  if (bytes[at + 2] !== OLD_VERSION) return bytes[frame] === CLIENT_HELLO ? 'confirmed' : 'no'
  if (bytes[frame] !== LIST) return 'no'
  const next = frame + length
  if (next + FRAME_HEADER >= start + BEGINNING) return 'probable'
  if (next + FRAME_HEADER >= end) return 'unknown'
  return uint24(bytes, next) < FRAME_LIMIT && bytes[next + FRAME_HEADER] === LIST ? 'confirmed' : 'no'
}
