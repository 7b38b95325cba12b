import type { Packet } from '../../model/packet.ts'

/** Keeps the ports of IPsec open (RFC 3948 §2.3). */
export function isKeepalive({ bytes, offset, end }: Packet): boolean {
  return end - offset === 1 && bytes[offset] === 0xff
}
