import { ascii, concat, filler, uint16, uint24, uint32 } from '../../build/index.ts'

/** What apps say first, as their recognisers know it. */

function little32(value: number): Uint8Array {
  return concat(uint32(value)).reverse()
}

/** Discord's question for one's own address, or the answer with it. */
export function discordDiscovery(source: number, address = ''): Uint8Array {
  const text = concat(ascii(address), new Uint8Array(64 - address.length))
  return concat(uint16(address === '' ? 1 : 2), uint16(70), uint32(source), text, uint16(address === '' ? 0 : 50_000))
}

export function discordPing(number: number): Uint8Array {
  return concat([0x13, 0x37, 0xca, 0xfe], little32(number))
}

export function oicqMessage({ version = 0x3b0b, command = 0x17, sequence = 1, number = 123_456, ending = 3 } = {}) {
  return concat([2], uint16(version), uint16(command), uint16(sequence), uint32(number), filler(24, sequence), [ending])
}

/** How Zoom's client and server begin; the session is the same where the seed is. */
export function zoomBeginning(side: 1 | 2, seed: number): Uint8Array {
  return concat([side, 0, side === 1 ? 2 : 1], filler(16, seed), filler(side === 1 ? 88 : 16, 90 + side))
}

export function zoomPeerMessage(address: string, identifier = '0A1B2C3D-0001-4002-8003-0A1B2C3D4E5F'): Uint8Array {
  const text = concat(uint32(address.length), ascii(address), uint32(identifier.length), ascii(identifier))
  return concat([0x1f, 2, 1, 0, 8, 0, 1, 0, 4, 0], filler(14, 3), text, new Uint8Array(4))
}

const ONES = new Uint8Array(12).fill(0xff)

/** To a reflector of Telegram, with a tag: who am I? */
export function reflectorQuestion(tag: Uint8Array): Uint8Array {
  return concat(tag, ONES, little32(0xfffffffe), filler(8, 5))
}

export function reflectorAnswer(tag: Uint8Array): Uint8Array {
  return concat(tag, ONES, little32(0xc01572c7), filler(32, 6))
}

export function mmtlsRecord(kind: number, length: number, version = 3): Uint8Array {
  return concat([kind, 0xf1, version], uint16(length), filler(length, kind))
}

/** The key that KakaoTalk's client begins with. */
export function locoKey({ length = 256, kind = 12, cipher = 2 } = {}): Uint8Array {
  return concat(little32(length), little32(kind), little32(cipher), filler(length, 8))
}

export function dropboxAnnouncement(id = '123456789012345678'): Uint8Array {
  return ascii(`{"version": [2, 0], "port": 17500, "host_int": ${id}, "displayname": "", "namespaces": [1, 2]}`)
}

export function tailscaleDisco(): Uint8Array {
  return concat([0x54, 0x53, 0xf0, 0x9f, 0x92, 0xac], filler(32, 1), filler(24, 2), filler(30, 3))
}

function frame(...content: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const all = concat(...content)
  return concat(uint24(all.length), all)
}

/** How WhatsApp's connection begins: behind routing or not, with the hello of a handshake. */
export function whatsappHello({ routed = false } = {}): Uint8Array {
  const routing = routed ? concat(ascii('ED'), [0, 1, 0, 0, 4], [8, 9, 8, 2]) : []
  return concat(routing, ascii('WA'), [6, 3], frame([0x12, 0x24, 0x0a, 0x20], filler(32, 4)))
}

/** The same of about 2015: lists in frames. */
export function oldWhatsappHello(): Uint8Array {
  return concat(ascii('WA'), [1, 5], frame([0xf8, 5, 1], filler(20, 4)), frame([0xf8, 2], filler(23, 5)), filler(80, 6))
}

/** The request for a key with which MTProto begins where it is not obfuscated. */
export function mtprotoRequest(transport: 'abridged' | 'intermediate' | 'padded', method = 0xbe7e8ef1): Uint8Array {
  const message = concat(new Uint8Array(8), filler(8, 7), little32(20), little32(method), filler(16, 8))
  if (transport === 'abridged') return concat([0xef, message.length / 4], message)
  const tag = transport === 'intermediate' ? 0xee : 0xdd
  return concat([tag, tag, tag, tag], little32(message.length), message)
}
