import { sameAddress } from '../base/address.ts'
import { Oddities } from '../base/oddities.ts'
import { Decoder } from '../decode/decode.ts'
import { Packet } from '../model/packet.ts'
import type { Observed } from './cited-frames.ts'

/** https://www.rfc-editor.org/rfc/rfc9293#section-3.1 */
const SYN = 0x02
const ACK = 0x10

/** The ends of a flow. */
export type FlowEnds = Pick<Observed, 'addresses' | 'clientPort' | 'serverPort'>

/** A frame as it was captured. */
export type Frame = Pick<Packet, 'bytes' | 'offset' | 'end' | 'wireLength' | 'linkType'>

/** Looks at frames one by one, whatever came before them, and tells to which flows they belong. */
export class FlowFrames {
  readonly #packet = new Packet()
  #decoder = new Decoder(new Oddities())
  #whole = false

  /** Takes up the next frame. */
  look({ bytes, offset, end, wireLength, linkType }: Frame): void {
    const packet = this.#packet
    packet.bytes = bytes
    packet.offset = offset
    packet.end = end
    packet.wireLength = wireLength
    packet.linkType = linkType
    packet.flags = 0
    this.#whole = this.#decoder.decode(packet)
    // What it may hold of a fragment would be put together with the next.
    if (!this.#whole) this.#decoder = new Decoder(new Oddities())
  }

  /** Whether it has a part of an IP packet, which the decoder puts together with the others. */
  get isFragment(): boolean {
    return !this.#whole && this.#packet.protocol >= 0
  }

  /** Whether it belongs to a flow, and, where that is asked, opens its connection. */
  isOf({ addresses, clientPort, serverPort }: FlowEnds, opens = false): boolean {
    const packet = this.#packet
    if (packet.protocol < 0 || (opens && (packet.flags & (SYN | ACK)) !== SYN)) return false
    for (const client of [0, 4]) {
      const server = 4 - client
      if (!sameAddress(packet.addresses, client, addresses, 0) || !sameAddress(packet.addresses, server, addresses, 4))
        continue
      // Of a fragment that waits for the others the ports are not known.
      if (!this.#whole) return true
      const [from, to] = client === 0 ? [clientPort, serverPort] : [serverPort, clientPort]
      if (packet.sourcePort === from && packet.destinationPort === to) return true
    }
    return false
  }
}
