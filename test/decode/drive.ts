import { formatAddress } from '../../src/base/address.ts'
import { Oddities } from '../../src/base/oddities.ts'
import { Decoder } from '../../src/decode/decode.ts'
import { Packet } from '../../src/model/packet.ts'

export interface Decoded {
  /** Whether there is a transport payload. */
  readonly ok: boolean
  readonly protocol: number
  /** `source port > destination port`, with what is known: no address where not even that could be read. */
  readonly flow: string
  /** Hexadecimal, of what was narrowed down to. */
  readonly payload: string
  readonly cut: boolean
  readonly oddities: [name: string, count: number][]
}

interface Surroundings {
  readonly wireLength?: number
  /** Bytes that stand around it in the window. */
  readonly before?: Uint8Array
  readonly behind?: Uint8Array
}

const NOTHING = new Uint8Array(0)

/** Decodes one captured packet. */
export function decode(
  linkType: number,
  bytes: Uint8Array,
  { wireLength = bytes.length, before = NOTHING, behind = NOTHING }: Surroundings = {},
): Decoded {
  const oddities = new Oddities()
  const packet = new Packet()
  packet.bytes = Uint8Array.from([...before, ...bytes, ...behind])
  packet.offset = before.length
  packet.end = before.length + bytes.length
  packet.wireLength = wireLength
  packet.linkType = linkType
  const ok = new Decoder(oddities).decode(packet)
  const source = `${formatAddress(packet.addresses, 0)} ${packet.sourcePort}`
  const destination = `${formatAddress(packet.addresses, 4)} ${packet.destinationPort}`
  return {
    ok,
    protocol: packet.protocol,
    flow: packet.protocol < 0 ? '' : `${source} > ${destination}`,
    payload: Buffer.from(packet.bytes.subarray(packet.offset, packet.end)).toString('hex'),
    cut: packet.cut,
    oddities: oddities.entries(),
  }
}
