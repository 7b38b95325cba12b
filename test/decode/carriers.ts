import { concat, uint16 } from '../build/index.ts'

/** Something that carries an IP packet. */
export interface Carrier {
  readonly name: string
  readonly wrap: (packet: Uint8Array) => Uint8Array
  /** tshark 4.0 does not read it, or not with this port or this guess. */
  readonly ours?: true
}

/** The EtherType of an IP packet. */
export function typeOf(packet: Uint8Array): number {
  return isIPv6(packet) ? 0x86dd : 0x0800
}

export function isIPv6(packet: Uint8Array): boolean {
  return packet[0]! >> 4 === 6
}

/** A header that ends with the EtherType of the packet behind it. */
export function typed(packet: Uint8Array, header: readonly number[]): Uint8Array {
  return concat(header, uint16(typeOf(packet)), packet)
}

export function zeros(length: number): number[] {
  return Array<number>(length).fill(0)
}
