import { uint32, uint32le } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** https://discord.com/developers/docs/topics/voice-connections#ip-discovery: type and length, source, address, port. */
const QUESTION = 0x00010046
const ANSWER = 0x00020046
const DISCOVERY_LENGTH = 74
const ADDRESS = 8
const ADDRESS_LENGTH = 64

/** What the apps measure the way to voice servers with: a number that comes back. */
const PING = 0x1337cafe
const PING_LENGTH = 8

/** Voice of Discord, by what stands before the call: how the client learns its address, and pings. */
export const discord: Protocol = {
  transport: 'udp',
  first: [0x00, 0x13],
  canBe: isOwn,
  begin: () => new DiscordVoice(),
}

/** Confirmed where an answer has the source of the question, or a ping comes back. */
class DiscordVoice implements Candidate {
  readonly means = 'call'
  readonly protocol = 'discord-voice'
  /** By direction: the source that was asked for, the number that was sent; -1 for none. */
  readonly #asked = [-1, -1]
  readonly #pinged = [-1, -1]

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    if (!isOwn(bytes, offset, end)) return 'no'
    const way = up ? 0 : 1
    const kind = uint32(bytes, offset)
    const number = kind === PING ? uint32le(bytes, offset + 4) : uint32(bytes, offset + 4)
    if (kind === PING) {
      this.#pinged[way] = number
      return this.#pinged[1 - way] === number ? 'confirmed' : 'unknown'
    }
    if (kind === ANSWER) return this.#asked[1 - way] === number ? 'confirmed' : 'probable'
    this.#asked[way] = number
    return 'probable'
  }
}

function isOwn(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start === PING_LENGTH) return uint32(bytes, start) === PING
  if (end - start !== DISCOVERY_LENGTH) return false
  const kind = uint32(bytes, start)
  if (kind === QUESTION) return isZero(bytes, start + ADDRESS, end)
  if (kind !== ANSWER) return false
  let at = start + ADDRESS
  const last = at + ADDRESS_LENGTH
  while (at < last && isOfAddress(bytes[at]!)) at++
  return at > start + ADDRESS + 1 && isZero(bytes, at, last)
}

/** Digits, and what parts them in both families. */
function isOfAddress(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x3a) || byte === 0x2e || (byte >= 0x61 && byte <= 0x66)
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false
  return true
}
