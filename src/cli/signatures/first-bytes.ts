import { parseAddress } from '../../base/address.ts'
import { Oddities } from '../../base/oddities.ts'
import { Extractor } from '../../extract/extract.ts'
import { protocols } from '../../extract/recognise/index.ts'
import type { Means, Observation } from '../../model/observation.ts'
import { Packet, PROTOCOL_TCP, PROTOCOL_UDP } from '../../model/packet.ts'

/** What the first bytes of a flow say of it. */
export interface Recognised {
  readonly transport: 'tcp' | 'udp'
  /** The server's port, where the bytes alone are not enough; undefined where any port does. */
  readonly port: number | undefined
  readonly means: Means
  /** '' where the means is that of a protocol. */
  readonly name: string
  readonly protocol: Observation['protocol']
  readonly certainty: Observation['certainty']
}

/** Ports that no protocol here asks about (RFC 6335 §6: dynamic ports). */
const CLIENT_PORT = 50_001
const ANY_PORT = 50_002

/** RFC 9293 §3.1 */
const SYN = 0x02
const PUSH_AND_ACK = 0x18

/**
 * What these bytes are recognised as, where a flow to an unknown server begins with them: as the first datagram, and as
 * the first data of a TCP connection. Ports are tried only where the bytes say nothing on any.
 */
export function recognise(bytes: Uint8Array): readonly Recognised[] {
  return (['udp', 'tcp'] as const).flatMap((transport) => {
    const found = observe(bytes, transport, ANY_PORT).map((one) => ({ ...one, port: undefined }))
    if (found.length > 0) return found
    const ports = new Set(
      protocols.flatMap((protocol) => (protocol.transport === transport ? (protocol.ports ?? []) : [])),
    )
    return [...ports].flatMap((port) => observe(bytes, transport, port))
  })
}

/** A protocol whose flows can begin so, on these ports alone where it says any. */
export interface Possible {
  readonly transport: 'tcp' | 'udp'
  readonly protocol: Observation['protocol']
  readonly ports: readonly number[]
}

/** What else a flow that begins so can be, where it takes more than the first bytes to tell. */
export function possibilities(bytes: Uint8Array): readonly Possible[] {
  const { length } = bytes
  return protocols
    .filter(({ first, canBe }) => length > 0 && first.includes(bytes[0]!) && canBe(bytes, 0, length, length))
    .map(({ transport, ports = [], begin }) => ({ transport, protocol: begin().protocol, ports }))
}

function observe(bytes: Uint8Array, transport: 'tcp' | 'udp', port: number): Recognised[] {
  const found = new Map<string, Recognised>()
  const extractor = new Extractor(new Oddities(), ({ means, name, protocol, certainty }) => {
    // Of a protocol the last observation is the surest.
    found.set(`${means} ${name}`, { transport, port, means, name, protocol, certainty })
  })
  const packet = new Packet()
  packet.protocol = transport === 'tcp' ? PROTOCOL_TCP : PROTOCOL_UDP
  parseAddress('192.0.2.1', packet.addresses, 0)
  parseAddress('198.51.100.1', packet.addresses, 4)
  packet.sourcePort = CLIENT_PORT
  packet.destinationPort = port
  const send = (payload: Uint8Array, flags: number, sequence: number) => {
    packet.bytes = payload
    packet.offset = 0
    packet.end = packet.wireLength = payload.length
    packet.frame++
    packet.flags = flags
    packet.sequence = sequence
    extractor.packet(packet)
  }
  if (transport === 'tcp') send(new Uint8Array(0), SYN, 0)
  send(bytes, PUSH_AND_ACK, 1)
  extractor.finish()
  return [...found.values()]
}
