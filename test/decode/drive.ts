import { formatAddress } from '../../src/base/address.ts'
import { Oddities } from '../../src/base/oddities.ts'
import { Decoder } from '../../src/decode/decode.ts'
import { Packet } from '../../src/model/packet.ts'
import { concat } from '../build/index.ts'

export interface Decoded {
  /** Whether there is a transport payload. */
  readonly ok: boolean
  readonly protocol: number
  /** `source port > destination port`, with what is known: no address where not even that could be read. */
  readonly flow: string
  /** Hexadecimal, of what was narrowed down to. */
  readonly payload: string
  readonly cut: boolean
}

interface Surroundings {
  readonly wireLength?: number
  /** Microseconds. */
  readonly time?: number
  /** Bytes that stand around it in the window. */
  readonly before?: Uint8Array
  readonly behind?: Uint8Array
}

const NOTHING = new Uint8Array(0)

/** A decoder as one input has it, and what it counts. */
export class Driver {
  readonly #oddities = new Oddities()
  readonly #packet = new Packet()
  /** `source > destination` of each IP header that was met. */
  readonly headers: string[] = []
  /** Virtual private networks that were passed, as `esp 10.0.0.1 > 10.0.0.2`. */
  readonly tunnels: string[] = []
  readonly #decoder = new Decoder(this.#oddities, {
    addresses: ({ addresses }) => {
      this.headers.push(`${formatAddress(addresses, 0)} > ${formatAddress(addresses, 4)}`)
    },
    tunnel: ({ addresses }, protocol) => {
      this.tunnels.push(`${protocol} ${formatAddress(addresses, 0)} > ${formatAddress(addresses, 4)}`)
    },
  })

  decode(linkType: number, bytes: Uint8Array, surroundings: Surroundings = {}): Decoded {
    const { wireLength = bytes.length, time = 0, before = NOTHING, behind = NOTHING } = surroundings
    const packet = this.#packet
    packet.bytes = concat(before, bytes, behind)
    packet.offset = before.length
    packet.end = before.length + bytes.length
    packet.wireLength = wireLength
    packet.time = time
    packet.linkType = linkType
    packet.sourcePort = packet.destinationPort = 0
    packet.addresses.fill(0)
    return this.#told(this.#decoder.decode(packet))
  }

  /** The next packet of the same frame; undefined where there is none. */
  decodeRest(): Decoded | undefined {
    return this.#packet.rest === 0 ? undefined : this.#told(this.#decoder.decodeRest(this.#packet))
  }

  #told(ok: boolean): Decoded {
    const packet = this.#packet
    const source = `${formatAddress(packet.addresses, 0)} ${packet.sourcePort}`
    const destination = `${formatAddress(packet.addresses, 4)} ${packet.destinationPort}`
    return {
      ok,
      protocol: packet.protocol,
      flow: packet.protocol < 0 ? '' : `${source} > ${destination}`,
      payload: Buffer.from(packet.bytes.subarray(packet.offset, packet.end)).toString('hex'),
      cut: packet.cut,
    }
  }

  /** What was counted up to now. */
  get oddities(): [name: string, count: number][] {
    return this.#oddities.entries()
  }

  /** What was counted in all. */
  finish(): [name: string, count: number][] {
    this.#decoder.finish()
    return this.oddities
  }
}

/** Decodes one captured packet, the only one of its input. */
export function decode(
  linkType: number,
  bytes: Uint8Array,
  surroundings?: Surroundings,
): Decoded & { readonly oddities: [name: string, count: number][] } {
  const driver = new Driver()
  const decoded = driver.decode(linkType, bytes, surroundings)
  return { ...decoded, oddities: driver.finish() }
}
